package org.lunette.frontend.iscsi.pdu;

/**
 * SCSI Command; RFC 7143, 11.3.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|I| 0x01      |F|R|W|. .|ATTR | Reserved                      |
 *   4|TotalAHSLength | DataSegmentLength                             |
 *   8| LUN                                                           |
 *  16| Initiator Task Tag                                            |
 *  20| Expected Data Transfer Length                                 |
 *  24| CmdSN                                                         |
 *  28| ExpStatSN                                                     |
 *  32/ CDB                                                           /
 *    +---------------+---------------+---------------+---------------+
 *  48/ AHS (optional), then immediate data                           /
 * </pre>
 */
public final class ScsiCommand extends InitiatorPdu {
    /** The part of a CDB that is in the basic header. */
    public static final int CDB_BYTES = 16;
    /** Values of {@link #attribute()}; RFC 7143, 11.3.1. */
    public static final int UNTAGGED = 0;

    public static final int SIMPLE = 1;
    public static final int ORDERED = 2;
    public static final int HEAD_OF_QUEUE = 3;
    public static final int ACA = 4;

    private static final int READ = 0x40;
    private static final int WRITE = 0x20;
    private static final int ATTRIBUTE_MASK = 0x07;
    private static final int EXPECTED_LENGTH = 20;
    private static final int CDB = 32;

    public ScsiCommand(byte[] header) {
        super(header);
    }

    /** Zeroes the header and makes it one of this kind. */
    public ScsiCommand begin() {
        begin(Opcode.SCSI_COMMAND);
        return this;
    }

    /** The R bit: the command expects input data. */
    public boolean isRead() {
        return flag(FLAGS, READ);
    }

    public void setRead(boolean read) {
        setFlag(FLAGS, READ, read);
    }

    /** The W bit: the command expects output data. */
    public boolean isWrite() {
        return flag(FLAGS, WRITE);
    }

    public void setWrite(boolean write) {
        setFlag(FLAGS, WRITE, write);
    }

    public int attribute() {
        return int8(FLAGS) & ATTRIBUTE_MASK;
    }

    public void setAttribute(int attribute) {
        setInt8(FLAGS, int8(FLAGS) & ~ATTRIBUTE_MASK | attribute);
    }

    /** The expected data transfer length in bytes, unsigned. */
    public long expectedBytes() {
        return int32(EXPECTED_LENGTH) & 0xffff_ffffL;
    }

    public void setExpectedBytes(long bytes) {
        setInt32(EXPECTED_LENGTH, (int) bytes);
    }

    /** CDB bytes 0 to 7. */
    public long cdbFirst8() {
        return int64(CDB);
    }

    /** CDB bytes 8 to 15. */
    public long cdbSecond8() {
        return int64(CDB + 8);
    }

    /** Sets up to 16 CDB bytes. */
    public void setCdb(byte[] cdb, int lengthBytes) {
        System.arraycopy(cdb, 0, bytes(), CDB, Math.min(lengthBytes, CDB_BYTES));
    }
}
