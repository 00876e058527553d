package org.lunette.frontend.iscsi.pdu;

/**
 * NOP-Out; RFC 7143, 11.18.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|I| 0x00      |1| Reserved                                    |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN or Reserved                                               |
 *  16| Initiator Task Tag or FFFFFFFFh                               |
 *  20| Target Transfer Tag or FFFFFFFFh                              |
 *  24| CmdSN                                                         |
 *  28| ExpStatSN                                                     |
 *  32/ Reserved                                                      /
 *    +---------------+---------------+---------------+---------------+
 *  48/ Ping data                                                     /
 * </pre>
 */
public final class NopOut extends InitiatorPdu {
    public NopOut(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind, a ping of the initiator. */
    public NopOut begin() {
        begin(Opcode.NOP_OUT);
        setFinal(true);
        setTargetTransferTag(NO_TAG);
        return this;
    }

    /** The tag of the target's ping that this answers, or {@link Pdu#NO_TAG}. */
    public int targetTransferTag() {
        return int32(TARGET_TRANSFER_TAG);
    }

    public void setTargetTransferTag(int tag) {
        setInt32(TARGET_TRANSFER_TAG, tag);
    }
}
