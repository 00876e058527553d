package org.lunette.bridge.memory;

import java.util.Objects;
import net.openhft.chronicle.core.OS;

/**
 * Reads and writes off-heap memory by address.
 *
 * <p>Nothing is checked here: the caller vouches that {@code [address, address + length)} lies in memory that it owns.
 * All lengths are in bytes, and numbers are in the machine's byte order, which is the kernel's. Safe for use by any
 * thread; the visibility of plain accesses between threads is the caller's affair.
 */
public final class Memory {
    private static final net.openhft.chronicle.core.Memory ACCESS = access();
    private static final long PAGE_BYTES = ACCESS.pageSize();

    private Memory() {}

    private static net.openhft.chronicle.core.Memory access() {
        UnsafeNotice.dismiss();
        return OS.memory();
    }

    /** The size of a page of this machine, in bytes; a power of two. */
    public static long pageBytes() {
        return PAGE_BYTES;
    }

    /** Rounds {@code bytes} up to whole pages. */
    public static long roundUpToPages(long bytes) {
        return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
    }

    public static byte getByte(long address) {
        return ACCESS.readByte(address);
    }

    public static void putByte(long address, byte value) {
        ACCESS.writeByte(address, value);
    }

    public static short getShort(long address) {
        return ACCESS.readShort(address);
    }

    public static void putShort(long address, short value) {
        ACCESS.writeShort(address, value);
    }

    public static int getInt(long address) {
        return ACCESS.readInt(address);
    }

    public static void putInt(long address, int value) {
        ACCESS.writeInt(address, value);
    }

    public static long getLong(long address) {
        return ACCESS.readLong(address);
    }

    public static void putLong(long address, long value) {
        ACCESS.writeLong(address, value);
    }

    /** Copies between two off-heap places, which must not overlap. */
    public static void copy(long fromAddress, long toAddress, long lengthBytes) {
        ACCESS.copyMemory(fromAddress, toAddress, lengthBytes);
    }

    /** Copies from off-heap memory to an array; the range of the array is checked. */
    public static void copy(long fromAddress, byte[] to, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, to.length);
        ACCESS.readBytes(fromAddress, to, offset, lengthBytes); // copyMemory would log each copy that it finds slow
    }

    /** Copies from an array to off-heap memory; the range of the array is checked. */
    public static void copy(byte[] from, int offset, long toAddress, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, from.length);
        ACCESS.writeBytes(toAddress, from, offset, lengthBytes);
    }

    /** Fills a range with one byte value. */
    public static void fill(long address, long lengthBytes, byte value) {
        ACCESS.setMemory(address, lengthBytes, value);
    }
}
