package org.lunette.frontend.iscsi.pdu;

/**
 * Ready To Transfer (R2T); RFC 7143, 11.8.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x31      |1| Reserved                                    |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN                                                           |
 *  16| Initiator Task Tag                                            |
 *  20| Target Transfer Tag                                           |
 *  24| StatSN                                                        |
 *  28| ExpCmdSN                                                      |
 *  32| MaxCmdSN                                                      |
 *  36| R2TSN                                                         |
 *  40| Buffer Offset                                                 |
 *  44| Desired Data Transfer Length                                  |
 * </pre>
 */
public final class ReadyToTransfer extends TargetPdu {
    private static final int R2T_SN = 36;
    private static final int BUFFER_OFFSET = 40;
    private static final int DESIRED_LENGTH = 44;

    public ReadyToTransfer(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public ReadyToTransfer begin() {
        begin(Opcode.READY_TO_TRANSFER);
        setFinal(true);
        return this;
    }

    public int targetTransferTag() {
        return int32(TARGET_TRANSFER_TAG);
    }

    public void setTargetTransferTag(int tag) {
        setInt32(TARGET_TRANSFER_TAG, tag);
    }

    public int r2tSn() {
        return int32(R2T_SN);
    }

    public void setR2tSn(int r2tSn) {
        setInt32(R2T_SN, r2tSn);
    }

    public int bufferOffset() {
        return int32(BUFFER_OFFSET);
    }

    /** The desired data transfer length in bytes. */
    public int desiredBytes() {
        return int32(DESIRED_LENGTH);
    }

    /** Sets what is asked for, in bytes. */
    public void setDesired(int bufferOffset, int lengthBytes) {
        setInt32(BUFFER_OFFSET, bufferOffset);
        setInt32(DESIRED_LENGTH, lengthBytes);
    }
}
