package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RangeLocksTest {
    private static final int MIB = 1 << 20;

    @Test
    void aRangeHasTheLocksOfAllThatItTouches() {
        assertEquals(0b1, RangeLocks.stripes(0, 1));
        assertEquals(0b1, RangeLocks.stripes(0, MIB));
        assertEquals(0b11, RangeLocks.stripes(0, MIB + 1));
        assertEquals(0b110, RangeLocks.stripes(2L * MIB - 1, 2));
        assertEquals(0b1, RangeLocks.stripes(64L * MIB, 512), "every 64th MiB has the same");
        assertEquals(1L << 63 | 0b1, RangeLocks.stripes(64L * MIB - 1, 2), "the last and the first");
        assertEquals(-1L >>> 1, RangeLocks.stripes(0, 63 * MIB));
        assertEquals(-1L, RangeLocks.stripes(0, 64 * MIB));
        assertEquals(-1L, RangeLocks.stripes(12345L, Integer.MAX_VALUE));
    }
}
