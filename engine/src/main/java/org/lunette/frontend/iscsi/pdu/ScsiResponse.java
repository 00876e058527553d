package org.lunette.frontend.iscsi.pdu;

/**
 * SCSI Response; RFC 7143, 11.4.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x21      |1|. .|o|u|O|U|.| Response      | Status        |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| Reserved                                                      |
 *  16| Initiator Task Tag                                            |
 *  20| SNACK Tag or Reserved                                         |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36| ExpDataSN or Reserved                                         |
 *  40| Bidirectional Read Residual Count or Reserved                 |
 *  44| Residual Count or Reserved                                    |
 *    +---------------+---------------+---------------+---------------+
 *  48/ SenseLength (2), sense data, response data                    /
 * </pre>
 */
public final class ScsiResponse extends TargetPdu {
    /** Values of {@link #response()}; RFC 7143, 11.4.3. */
    public static final int COMPLETED = 0x00;

    public static final int TARGET_FAILURE = 0x01;

    /** The length of the SenseLength field in front of sense data. */
    public static final int SENSE_LENGTH_BYTES = 2;

    static final int OVERFLOW = 0x04;
    static final int UNDERFLOW = 0x02;
    static final int RESIDUAL_COUNT = 44;
    private static final int RESPONSE = 2;
    private static final int STATUS = 3;
    private static final int EXP_DATA_SN = 36;

    public ScsiResponse(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public ScsiResponse begin() {
        begin(Opcode.SCSI_RESPONSE);
        setFinal(true);
        return this;
    }

    public int response() {
        return int8(RESPONSE);
    }

    public void setResponse(int response) {
        setInt8(RESPONSE, response);
    }

    /** The SCSI status. */
    public int status() {
        return int8(STATUS);
    }

    public void setStatus(int status) {
        setInt8(STATUS, status);
    }

    /** How many Data-In or R2T PDUs there were. */
    public int expDataSn() {
        return int32(EXP_DATA_SN);
    }

    public void setExpDataSn(int expDataSn) {
        setInt32(EXP_DATA_SN, expDataSn);
    }

    public boolean isOverflow() {
        return flag(FLAGS, OVERFLOW);
    }

    public boolean isUnderflow() {
        return flag(FLAGS, UNDERFLOW);
    }

    /** The residual count in bytes, unsigned. */
    public long residualBytes() {
        return int32(RESIDUAL_COUNT) & 0xffff_ffffL;
    }

    /** Sets the O or U bit and the count: positive is an overflow, negative an underflow, 0 neither. */
    public void setResidual(long residualBytes) {
        setFlag(FLAGS, OVERFLOW, residualBytes > 0);
        setFlag(FLAGS, UNDERFLOW, residualBytes < 0);
        setInt32(RESIDUAL_COUNT, (int) Math.min(Math.abs(residualBytes), 0xffff_ffffL));
    }
}
