package org.lunette.frontend.iscsi.pdu;

/**
 * Logout Request; RFC 7143, 11.14.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|I| 0x06      |1| Reason Code | Reserved                      |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| Reserved                                                      |
 *  16| Initiator Task Tag                                            |
 *  20| CID or Reserved               | Reserved                      |
 *  24| CmdSN                                                         |
 *  28| ExpStatSN                                                     |
 *  32/ Reserved                                                      /
 * </pre>
 */
public final class LogoutRequest extends InitiatorPdu {
    /** Values of {@link #reason()}; RFC 7143, 11.14.1. */
    public static final int CLOSE_SESSION = 0;

    public static final int CLOSE_CONNECTION = 1;
    public static final int REMOVE_FOR_RECOVERY = 2;

    private static final int REASON_MASK = 0x7f;
    private static final int CID = 20;

    public LogoutRequest(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public LogoutRequest begin() {
        begin(Opcode.LOGOUT_REQUEST);
        setFinal(true);
        return this;
    }

    public int reason() {
        return int8(FLAGS) & REASON_MASK;
    }

    public void setReason(int reason) {
        setInt8(FLAGS, FINAL | reason);
    }

    public int cid() {
        return int16(CID);
    }

    public void setCid(int cid) {
        setInt16(CID, cid);
    }
}
