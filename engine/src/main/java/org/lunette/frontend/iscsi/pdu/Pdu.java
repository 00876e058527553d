package org.lunette.frontend.iscsi.pdu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What all PDUs have in common; RFC 7143, 11.2.1. Numbers are big-endian.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0|.|I| Opcode    |F|  Opcode-specific fields                     |
 *    +---------------+---------------+---------------+---------------+
 *   4|TotalAHSLength | DataSegmentLength                             |
 *    +---------------+---------------+---------------+---------------+
 *   8| LUN or opcode-specific fields                                 |
 *    +                                                               +
 *  12|                                                               |
 *    +---------------+---------------+---------------+---------------+
 *  16| Initiator Task Tag                                            |
 *    +---------------+---------------+---------------+---------------+
 *  20/ Opcode-specific fields                                        /
 *    +---------------+---------------+---------------+---------------+
 *  48
 * </pre>
 *
 * <p>Not thread-safe: one flyweight looks at one array at a time.
 */
public class Pdu {
    /** The length of a basic header segment. */
    public static final int BHS_BYTES = 48;
    /** The most that additional header segments may take: 255 words. */
    public static final int MAX_AHS_BYTES = 255 * 4;
    /** The most that a DataSegmentLength can say. */
    public static final int MAX_DATA_SEGMENT_BYTES = 0xff_ffff;
    /** The tag of no task, and the Target Transfer Tag of no transfer. */
    public static final int NO_TAG = -1;

    static final int OPCODE = 0;
    static final int FLAGS = 1;
    static final int TOTAL_AHS_LENGTH = 4;
    static final int DATA_SEGMENT_LENGTH = 5;
    static final int LUN = 8;
    static final int INITIATOR_TASK_TAG = 16;
    static final int TARGET_TRANSFER_TAG = 20;

    static final int IMMEDIATE = 0x40;
    static final int FINAL = 0x80;
    static final int CONTINUE = 0x40;

    private static final int OPCODE_MASK = 0x3f;
    private static final int DATA_SEGMENT_WORD = 4;
    private static final VarHandle BE_SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BE_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;

    /** Looks at a header that begins at index 0 of {@code header}, from now on. */
    public Pdu(byte[] header) {
        wrap(header);
    }

    /** Looks at another header, of at least {@link #BHS_BYTES}. */
    public final void wrap(byte[] header) {
        if (header.length < BHS_BYTES) {
            throw new IllegalArgumentException("a header of " + header.length + " bytes");
        }
        this.bytes = header;
    }

    /** Bytes that a data segment of {@code lengthBytes} takes on the wire, with padding to whole words. */
    public static int padded(int lengthBytes) {
        return (lengthBytes + 3) & ~3;
    }

    /** The array looked at. */
    public final byte[] bytes() {
        return bytes;
    }

    /** The {@link Opcode}, without the immediate bit. */
    public final int opcode() {
        return bytes[OPCODE] & OPCODE_MASK;
    }

    /** The I bit of a request: delivered at once, outside of the CmdSN order. */
    public final boolean isImmediate() {
        return (bytes[OPCODE] & IMMEDIATE) != 0;
    }

    public final void setImmediate(boolean immediate) {
        setFlag(OPCODE, IMMEDIATE, immediate);
    }

    /** The F bit: the last PDU of a sequence. */
    public final boolean isFinal() {
        return (bytes[FLAGS] & FINAL) != 0;
    }

    public final void setFinal(boolean last) {
        setFlag(FLAGS, FINAL, last);
    }

    /** The length of the additional header segments, in bytes. */
    public final int ahsBytes() {
        return (bytes[TOTAL_AHS_LENGTH] & 0xff) << 2;
    }

    public final void setAhsBytes(int ahsBytes) {
        bytes[TOTAL_AHS_LENGTH] = (byte) (ahsBytes >>> 2);
    }

    /** The length of the data segment without padding, in bytes. */
    public final int dataSegmentBytes() {
        return int32(DATA_SEGMENT_WORD) & MAX_DATA_SEGMENT_BYTES;
    }

    public final void setDataSegmentBytes(int lengthBytes) {
        setInt32(DATA_SEGMENT_WORD, (bytes[TOTAL_AHS_LENGTH] & 0xff) << 24 | lengthBytes & MAX_DATA_SEGMENT_BYTES);
    }

    /** The LUN in its 8 bytes. */
    public final long lun() {
        return int64(LUN);
    }

    public final void setLun(long lun) {
        setInt64(LUN, lun);
    }

    public final int initiatorTaskTag() {
        return int32(INITIATOR_TASK_TAG);
    }

    public final void setInitiatorTaskTag(int tag) {
        setInt32(INITIATOR_TASK_TAG, tag);
    }

    /** Zeroes the header and sets an opcode. */
    protected final void begin(int opcode) {
        Arrays.fill(bytes, 0, BHS_BYTES, (byte) 0);
        bytes[OPCODE] = (byte) opcode;
    }

    final boolean flag(int offset, int mask) {
        return (bytes[offset] & mask) != 0;
    }

    final void setFlag(int offset, int mask, boolean value) {
        bytes[offset] = (byte) (value ? bytes[offset] | mask : bytes[offset] & ~mask);
    }

    final int int8(int offset) {
        return bytes[offset] & 0xff;
    }

    final void setInt8(int offset, int value) {
        bytes[offset] = (byte) value;
    }

    final int int16(int offset) {
        return (short) BE_SHORT.get(bytes, offset) & 0xffff;
    }

    final void setInt16(int offset, int value) {
        BE_SHORT.set(bytes, offset, (short) value);
    }

    final int int32(int offset) {
        return (int) BE_INT.get(bytes, offset);
    }

    final void setInt32(int offset, int value) {
        BE_INT.set(bytes, offset, value);
    }

    final long int64(int offset) {
        return (long) BE_LONG.get(bytes, offset);
    }

    final void setInt64(int offset, long value) {
        BE_LONG.set(bytes, offset, value);
    }
}
