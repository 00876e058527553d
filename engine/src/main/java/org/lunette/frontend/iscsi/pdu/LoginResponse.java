package org.lunette.frontend.iscsi.pdu;

/**
 * Login Response; RFC 7143, 11.13.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x23      |T|C|.|.|CSG|NSG| Version-max   | Version-active|
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| ISID                                                          |
 *    +                               +---------------+---------------+
 *  12|                               | TSIH                          |
 *  16| Initiator Task Tag                                            |
 *  20| Reserved                                                      |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36| Status-Class  | Status-Detail | Reserved                      |
 *  40/ Reserved                                                      /
 * </pre>
 */
public final class LoginResponse extends TargetPdu {
    private static final int STATUS = 36;

    public LoginResponse(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind, of version 0. */
    public LoginResponse begin() {
        begin(Opcode.LOGIN_RESPONSE);
        return this;
    }

    public boolean isTransit() {
        return flag(FLAGS, LoginRequest.TRANSIT);
    }

    public boolean isContinued() {
        return flag(FLAGS, CONTINUE);
    }

    public void setContinued(boolean continued) {
        setFlag(FLAGS, CONTINUE, continued);
    }

    public int currentStage() {
        return int8(FLAGS) >>> LoginRequest.CSG_SHIFT & LoginRequest.STAGE_MASK;
    }

    public int nextStage() {
        return int8(FLAGS) & LoginRequest.STAGE_MASK;
    }

    /** Sets T, CSG and NSG. */
    public void setStages(boolean transit, int current, int next) {
        int flags = transit ? LoginRequest.TRANSIT | next : 0;
        setInt8(FLAGS, int8(FLAGS) & CONTINUE | flags | current << LoginRequest.CSG_SHIFT);
    }

    public long isid() {
        return int64(LoginRequest.ISID) >>> 16;
    }

    public int tsih() {
        return int16(LoginRequest.TSIH);
    }

    /** Sets the session's identity, ISID and TSIH. */
    public void setSession(long isid, int tsih) {
        setInt64(LoginRequest.ISID, isid << 16 | tsih);
    }

    /** Status-Class in the high byte, Status-Detail in the low one; see {@link LoginStatus}. */
    public int status() {
        return int16(STATUS);
    }

    public void setStatus(int status) {
        setInt16(STATUS, status);
    }
}
