package org.lunette.frontend.iscsi.pdu;

/**
 * SCSI Data-In; RFC 7143, 11.7.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x25      |F|A|. . .|O|U|S| Reserved      | Status or Rsvd|
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN or Reserved                                               |
 *  16| Initiator Task Tag                                            |
 *  20| Target Transfer Tag or FFFFFFFFh                              |
 *  24| StatSN or Reserved                                            |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36| DataSN                                                        |
 *  40| Buffer Offset                                                 |
 *  44| Residual Count                                                |
 * </pre>
 */
public final class DataIn extends TargetPdu {
    private static final int STATUS_PRESENT = 0x01;
    private static final int STATUS = 3;
    private static final int DATA_SN = 36;
    private static final int BUFFER_OFFSET = 40;

    public DataIn(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind, without a Target Transfer Tag. */
    public DataIn begin() {
        begin(Opcode.DATA_IN);
        setInt32(TARGET_TRANSFER_TAG, NO_TAG);
        return this;
    }

    /** The S bit: status and residual count are in this PDU. */
    public boolean hasStatus() {
        return flag(FLAGS, STATUS_PRESENT);
    }

    public int status() {
        return int8(STATUS);
    }

    /** Sets the S bit, the status, and the residual as {@link ScsiResponse#setResidual}. */
    public void setStatus(int status, long residualBytes) {
        setFlag(FLAGS, STATUS_PRESENT, true);
        setInt8(STATUS, status);
        setFlag(FLAGS, ScsiResponse.OVERFLOW, residualBytes > 0);
        setFlag(FLAGS, ScsiResponse.UNDERFLOW, residualBytes < 0);
        setInt32(ScsiResponse.RESIDUAL_COUNT, (int) Math.min(Math.abs(residualBytes), 0xffff_ffffL));
    }

    public boolean isOverflow() {
        return flag(FLAGS, ScsiResponse.OVERFLOW);
    }

    public boolean isUnderflow() {
        return flag(FLAGS, ScsiResponse.UNDERFLOW);
    }

    public long residualBytes() {
        return int32(ScsiResponse.RESIDUAL_COUNT) & 0xffff_ffffL;
    }

    public int dataSn() {
        return int32(DATA_SN);
    }

    public void setDataSn(int dataSn) {
        setInt32(DATA_SN, dataSn);
    }

    public int bufferOffset() {
        return int32(BUFFER_OFFSET);
    }

    public void setBufferOffset(int offset) {
        setInt32(BUFFER_OFFSET, offset);
    }
}
