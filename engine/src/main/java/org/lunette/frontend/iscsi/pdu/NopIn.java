package org.lunette.frontend.iscsi.pdu;

/**
 * NOP-In; RFC 7143, 11.19.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x20      |1| Reserved                                    |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN or Reserved                                               |
 *  16| Initiator Task Tag or FFFFFFFFh                               |
 *  20| Target Transfer Tag or FFFFFFFFh                              |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36/ Reserved                                                      /
 *    +---------------+---------------+---------------+---------------+
 *  48/ Return ping data                                              /
 * </pre>
 */
public final class NopIn extends TargetPdu {
    public NopIn(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind, with no tags. */
    public NopIn begin() {
        begin(Opcode.NOP_IN);
        setFinal(true);
        setInitiatorTaskTag(NO_TAG);
        setTargetTransferTag(NO_TAG);
        return this;
    }

    /** The tag that an answer carries, or {@link Pdu#NO_TAG} where none is asked for. */
    public int targetTransferTag() {
        return int32(TARGET_TRANSFER_TAG);
    }

    public void setTargetTransferTag(int tag) {
        setInt32(TARGET_TRANSFER_TAG, tag);
    }
}
