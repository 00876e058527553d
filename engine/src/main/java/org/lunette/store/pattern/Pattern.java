package org.lunette.store.pattern;

import java.nio.ByteOrder;
import org.lunette.bridge.memory.Memory;

/**
 * What every byte of a pattern store is: each 8 bytes, from an offset that is a multiple of 8, are that offset plus the
 * seed, as a big-endian number. So data that is in the wrong place says where it belongs.
 */
record Pattern(long seed) {
    /** Whatever belongs together begins and ends at multiples of this. */
    static final int SECTOR_BYTES = 512;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** The eight bytes of a word at an offset, in the machine's order. */
    private long word(long offset) {
        return inMachineOrder(offset + seed);
    }

    private static long inMachineOrder(long bigEndian) {
        return LITTLE_ENDIAN ? Long.reverseBytes(bigEndian) : bigEndian;
    }

    private byte byteAt(long offset) {
        long word = (offset & -Long.BYTES) + seed;
        return (byte) (word >>> (Long.BYTES - 1 - (offset & Long.BYTES - 1)) * Byte.SIZE);
    }

    /** Makes memory what the store holds from {@code offset} on. */
    void fill(long offset, long address, int lengthBytes) {
        long at = offset;
        long end = offset + lengthBytes;
        while (at < end) {
            if ((at & Long.BYTES - 1) == 0 && end - at >= Long.BYTES) {
                Memory.putLong(address + (at - offset), word(at));
                at += Long.BYTES;
            } else {
                Memory.putByte(address + (at - offset), byteAt(at));
                at++;
            }
        }
    }

    /** The offset of the first byte of memory that is not what the store holds from {@code offset} on; or -1. */
    long firstWrong(long offset, long address, int lengthBytes) {
        long at = offset;
        long end = offset + lengthBytes;
        while (at < end) {
            boolean whole = (at & Long.BYTES - 1) == 0 && end - at >= Long.BYTES;
            if (whole && Memory.getLong(address + (at - offset)) == word(at)) {
                at += Long.BYTES;
            } else if (Memory.getByte(address + (at - offset)) == byteAt(at)) {
                at++;
            } else {
                return at;
            }
        }
        return -1;
    }

    /**
     * The offset at which eight bytes of memory stand in a store of {@code sizeBytes}; or -1 if they are no part of it.
     */
    long originOf(long address, long sizeBytes) {
        long origin = inMachineOrder(Memory.getLong(address)) - seed;
        return origin >= 0 && origin < sizeBytes && (origin & Long.BYTES - 1) == 0 ? origin : -1;
    }
}
