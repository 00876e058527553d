package org.lunette.frontend.iscsi.pdu;

/**
 * Text Request; RFC 7143, 11.10.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|I| 0x04      |F|C| Reserved                                  |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN or Reserved                                               |
 *  16| Initiator Task Tag                                            |
 *  20| Target Transfer Tag or FFFFFFFFh                              |
 *  24| CmdSN                                                         |
 *  28| ExpStatSN                                                     |
 *  32/ Reserved                                                      /
 * </pre>
 */
public final class TextRequest extends InitiatorPdu {
    public TextRequest(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind, the first of a negotiation. */
    public TextRequest begin() {
        begin(Opcode.TEXT_REQUEST);
        setTargetTransferTag(NO_TAG);
        return this;
    }

    /** The C bit: the text goes on in the next request. */
    public boolean isContinued() {
        return flag(FLAGS, CONTINUE);
    }

    public void setContinued(boolean continued) {
        setFlag(FLAGS, CONTINUE, continued);
    }

    public int targetTransferTag() {
        return int32(TARGET_TRANSFER_TAG);
    }

    public void setTargetTransferTag(int tag) {
        setInt32(TARGET_TRANSFER_TAG, tag);
    }
}
