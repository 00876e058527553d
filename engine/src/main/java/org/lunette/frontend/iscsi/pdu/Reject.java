package org.lunette.frontend.iscsi.pdu;

/**
 * Reject; RFC 7143, 11.17. Its data segment is the header of the PDU rejected.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x3f      |1| Reserved    | Reason        | Reserved      |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| Reserved                                                      |
 *  16| FFFFFFFFh                                                     |
 *  20| Reserved                                                      |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36| DataSN/R2TSN or Reserved                                      |
 *  40/ Reserved                                                      /
 * </pre>
 */
public final class Reject extends TargetPdu {
    private static final int REASON = 2;

    public Reject(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public Reject begin() {
        begin(Opcode.REJECT);
        setFinal(true);
        setInitiatorTaskTag(NO_TAG);
        return this;
    }

    /** See {@link RejectReason}. */
    public int reason() {
        return int8(REASON);
    }

    public void setReason(int reason) {
        setInt8(REASON, reason);
    }
}
