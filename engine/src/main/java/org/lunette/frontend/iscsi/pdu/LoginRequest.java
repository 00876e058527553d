package org.lunette.frontend.iscsi.pdu;

/**
 * Login Request; RFC 7143, 11.12.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|1| 0x03      |T|C|.|.|CSG|NSG| Version-max   | Version-min   |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| ISID                                                          |
 *    +                               +---------------+---------------+
 *  12|                               | TSIH                          |
 *  16| Initiator Task Tag                                            |
 *  20| CID                           | Reserved                      |
 *  24| CmdSN                                                         |
 *  28| ExpStatSN or Reserved                                         |
 *  32/ Reserved                                                      /
 *    +---------------+---------------+---------------+---------------+
 *  48/ Login parameters in text request format                       /
 * </pre>
 */
public final class LoginRequest extends InitiatorPdu {
    /** Stages, for CSG and NSG; RFC 7143, 11.12.3. */
    public static final int SECURITY_NEGOTIATION = 0;

    public static final int OPERATIONAL_NEGOTIATION = 1;
    public static final int FULL_FEATURE_PHASE = 3;

    static final int TRANSIT = 0x80;
    static final int CSG_SHIFT = 2;
    static final int STAGE_MASK = 0x03;
    static final int ISID = 8;
    static final int TSIH = 14;
    private static final int VERSION_MAX = 2;
    private static final int VERSION_MIN = 3;
    private static final int CID = 20;

    public LoginRequest(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public LoginRequest begin() {
        begin(Opcode.LOGIN_REQUEST);
        setImmediate(true);
        return this;
    }

    /** The T bit: ready to go on to the next stage. */
    public boolean isTransit() {
        return flag(FLAGS, TRANSIT);
    }

    /** The C bit: the text goes on in the next request. */
    public boolean isContinued() {
        return flag(FLAGS, CONTINUE);
    }

    public void setContinued(boolean continued) {
        setFlag(FLAGS, CONTINUE, continued);
    }

    /** CSG. */
    public int currentStage() {
        return int8(FLAGS) >>> CSG_SHIFT & STAGE_MASK;
    }

    /** NSG; counts only with {@link #isTransit()}. */
    public int nextStage() {
        return int8(FLAGS) & STAGE_MASK;
    }

    /** Sets T, CSG and NSG. */
    public void setStages(boolean transit, int current, int next) {
        setInt8(FLAGS, int8(FLAGS) & CONTINUE | (transit ? TRANSIT : 0) | current << CSG_SHIFT | next);
    }

    public int versionMax() {
        return int8(VERSION_MAX);
    }

    public int versionMin() {
        return int8(VERSION_MIN);
    }

    public void setVersions(int max, int min) {
        setInt8(VERSION_MAX, max);
        setInt8(VERSION_MIN, min);
    }

    /** The initiator's part of the session's identity, 48 bits. */
    public long isid() {
        return int64(ISID) >>> 16;
    }

    public void setIsid(long isid) {
        setInt64(ISID, isid << 16 | int16(TSIH));
    }

    /** The session to join, or 0. */
    public int tsih() {
        return int16(TSIH);
    }

    public void setTsih(int tsih) {
        setInt16(TSIH, tsih);
    }

    /** The connection's identity within its session. */
    public int cid() {
        return int16(CID);
    }

    public void setCid(int cid) {
        setInt16(CID, cid);
    }
}
