package org.lunette.filter.error;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Blocks that are good again. Any thread may call. */
final class HealedBlocks {
    /** How many ranges are remembered; beyond, no more blocks are healed. */
    static final int MAX_RANGES = 65_536;

    private final NavigableMap<Long, Long> endByFirst = new TreeMap<>();

    /** Takes {@code blocks} blocks from {@code first} in, together with those that they touch. */
    synchronized void add(long first, long blocks) {
        long from = first;
        long end = first + Math.min(blocks, Long.MAX_VALUE - first);
        Map.Entry<Long, Long> before = endByFirst.floorEntry(end);
        while (before != null && before.getValue() >= from) {
            from = Math.min(from, before.getKey());
            end = Math.max(end, before.getValue());
            endByFirst.remove(before.getKey());
            before = endByFirst.floorEntry(end);
        }
        if (endByFirst.size() < MAX_RANGES) {
            endByFirst.put(from, end);
        }
    }

    /** The first block from {@code lba} on that is not among them. */
    synchronized long firstBad(long lba) {
        Map.Entry<Long, Long> at = endByFirst.floorEntry(lba);
        return at == null ? lba : Math.max(lba, at.getValue());
    }
}
