package org.lunette.frontend.iscsi.pdu;

/**
 * Text Response; RFC 7143, 11.11.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x24      |F|C| Reserved                                  |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN or Reserved                                               |
 *  16| Initiator Task Tag                                            |
 *  20| Target Transfer Tag or FFFFFFFFh                              |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36/ Reserved                                                      /
 * </pre>
 */
public final class TextResponse extends TargetPdu {
    public TextResponse(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind, the last of a negotiation. */
    public TextResponse begin() {
        begin(Opcode.TEXT_RESPONSE);
        setTargetTransferTag(NO_TAG);
        return this;
    }

    /** The C bit: the text goes on in the next response. */
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
