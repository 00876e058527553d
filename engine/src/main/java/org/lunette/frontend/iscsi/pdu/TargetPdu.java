package org.lunette.frontend.iscsi.pdu;

/**
 * A PDU that a target sends.
 *
 * <pre>
 *  24| StatSN                                                        |
 *    +---------------+---------------+---------------+---------------+
 *  28| ExpCmdSN                                                      |
 *    +---------------+---------------+---------------+---------------+
 *  32| MaxCmdSN                                                      |
 * </pre>
 */
public class TargetPdu extends Pdu {
    static final int STAT_SN = 24;
    static final int EXP_CMD_SN = 28;
    static final int MAX_CMD_SN = 32;

    public TargetPdu(byte[] header) {
        super(header);
    }

    public final int statSn() {
        return int32(STAT_SN);
    }

    public final void setStatSn(int statSn) {
        setInt32(STAT_SN, statSn);
    }

    public final int expCmdSn() {
        return int32(EXP_CMD_SN);
    }

    public final int maxCmdSn() {
        return int32(MAX_CMD_SN);
    }

    /** Sets both ends of the window for commands. */
    public final void setCommandWindow(int expCmdSn, int maxCmdSn) {
        setInt32(EXP_CMD_SN, expCmdSn);
        setInt32(MAX_CMD_SN, maxCmdSn);
    }
}
