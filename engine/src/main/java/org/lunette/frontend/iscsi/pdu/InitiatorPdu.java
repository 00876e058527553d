package org.lunette.frontend.iscsi.pdu;

/**
 * A PDU that an initiator sends.
 *
 * <pre>
 *  24| CmdSN (reserved in SCSI Data-Out and SNACK)                   |
 *    +---------------+---------------+---------------+---------------+
 *  28| ExpStatSN                                                     |
 * </pre>
 */
public class InitiatorPdu extends Pdu {
    static final int CMD_SN = 24;
    static final int EXP_STAT_SN = 28;

    public InitiatorPdu(byte[] header) {
        super(header);
    }

    public final int cmdSn() {
        return int32(CMD_SN);
    }

    public final void setCmdSn(int cmdSn) {
        setInt32(CMD_SN, cmdSn);
    }

    public final int expStatSn() {
        return int32(EXP_STAT_SN);
    }

    public final void setExpStatSn(int expStatSn) {
        setInt32(EXP_STAT_SN, expStatSn);
    }
}
