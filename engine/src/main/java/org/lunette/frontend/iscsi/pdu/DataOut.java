package org.lunette.frontend.iscsi.pdu;

/**
 * SCSI Data-Out; RFC 7143, 11.7.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|.| 0x05      |F| Reserved                                    |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN or Reserved                                               |
 *  16| Initiator Task Tag                                            |
 *  20| Target Transfer Tag or FFFFFFFFh                              |
 *  24| Reserved                                                      |
 *  28| ExpStatSN                                                     |
 *  32| Reserved                                                      |
 *  36| DataSN                                                        |
 *  40| Buffer Offset                                                 |
 *  44| Reserved                                                      |
 * </pre>
 */
public final class DataOut extends InitiatorPdu {
    private static final int DATA_SN = 36;
    private static final int BUFFER_OFFSET = 40;

    public DataOut(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind, unsolicited. */
    public DataOut begin() {
        begin(Opcode.DATA_OUT);
        setTargetTransferTag(NO_TAG);
        return this;
    }

    /** The tag of the R2T that asked for the data; {@link Pdu#NO_TAG} if none did. */
    public int targetTransferTag() {
        return int32(TARGET_TRANSFER_TAG);
    }

    public void setTargetTransferTag(int tag) {
        setInt32(TARGET_TRANSFER_TAG, tag);
    }

    public int dataSn() {
        return int32(DATA_SN);
    }

    public void setDataSn(int dataSn) {
        setInt32(DATA_SN, dataSn);
    }

    /** Where in the command's data this PDU's begin, in bytes, unsigned. */
    public long bufferOffset() {
        return int32(BUFFER_OFFSET) & 0xffff_ffffL;
    }

    public void setBufferOffset(int offset) {
        setInt32(BUFFER_OFFSET, offset);
    }
}
