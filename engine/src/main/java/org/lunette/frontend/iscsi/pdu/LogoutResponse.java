package org.lunette.frontend.iscsi.pdu;

/**
 * Logout Response; RFC 7143, 11.15.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x26      |1| Reserved    | Response      | Reserved      |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| Reserved                                                      |
 *  16| Initiator Task Tag                                            |
 *  20| Reserved                                                      |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36| Reserved                                                      |
 *  40| Time2Wait                     | Time2Retain                   |
 *  44| Reserved                                                      |
 * </pre>
 *
 * <p>Both times stay 0: there is nothing to wait for and nothing retained without connection recovery.
 */
public final class LogoutResponse extends TargetPdu {
    /** Values of {@link #response()}; RFC 7143, 11.15.1. */
    public static final int CLOSED = 0;

    public static final int CID_NOT_FOUND = 1;
    public static final int RECOVERY_NOT_SUPPORTED = 2;
    public static final int CLEANUP_FAILED = 3;

    private static final int RESPONSE = 2;

    public LogoutResponse(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public LogoutResponse begin() {
        begin(Opcode.LOGOUT_RESPONSE);
        setFinal(true);
        return this;
    }

    public int response() {
        return int8(RESPONSE);
    }

    public void setResponse(int response) {
        setInt8(RESPONSE, response);
    }
}
