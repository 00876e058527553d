package org.lunette.store.pattern;

import java.util.HexFormat;
import org.lunette.bridge.memory.Memory;

/**
 * What is wrong with data that is not the pattern, in words, as far as the data tells: a block that belongs somewhere
 * else, one that is right up to a byte, zeros, or nothing that is known.
 */
final class Finding {
    private static final int SHOWN_BYTES = 16;

    private final Pattern pattern;
    private final long sizeBytes;

    Finding(Pattern pattern, long sizeBytes) {
        this.pattern = pattern;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Describes a write.
     *
     * @param offset where it was to go
     * @param address where its data is
     * @param wrong the offset of its first wrong byte
     */
    String describe(long offset, long address, int lengthBytes, long wrong) {
        long sector = wrong & -Pattern.SECTOR_BYTES;
        long first = Math.max(offset, sector);
        long end = Math.min(offset + lengthBytes, sector + Pattern.SECTOR_BYTES);
        long base = address - offset;
        long word = wrong & -Long.BYTES; // the first bytes of a wrong word are those of the right one, mostly
        long origin = word >= first && word + Long.BYTES <= end ? pattern.originOf(base + word, sizeBytes) : -1;
        if (origin >= 0 && pattern.firstWrong(origin, base + word, (int) (end - word)) < 0) {
            return where(sector, first, word) + "has what belongs to byte " + origin;
        }
        if (isZero(base + wrong, base + end)) {
            return where(sector, first, wrong) + "is zeros";
        }
        int shown = (int) Math.min(SHOWN_BYTES, end - wrong);
        return where(sector, first, wrong) + "is no part of the pattern: " + hex(base + wrong, shown);
    }

    private static String where(long sector, long first, long wrong) {
        String where = "the sector at byte " + sector + " (LBA of 512 bytes " + sector / Pattern.SECTOR_BYTES + ") ";
        return wrong == first ? where : where + "is right up to byte " + wrong + ", from where on it ";
    }

    private static boolean isZero(long from, long to) {
        for (long address = from; address < to; address++) {
            if (Memory.getByte(address) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String hex(long address, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        Memory.copy(address, bytes, 0, lengthBytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
