package org.lunette.frontend.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.RegionCounts;

class DataBuffersTest {
    private static final String NAME = "test: data buffers";
    private static final int PAGE = (int) Memory.pageBytes();

    private DataBuffers buffers = new DataBuffers(NAME, 16L * PAGE, true);

    @AfterEach
    void nothingIsLeft() {
        buffers.close();
        assertEquals(0, RegionCounts.openBytes(NAME));
    }

    @Test
    void buffersArePageAlignedAndUsedAgain() {
        long first = buffers.take(PAGE + 1);
        assertEquals(0, first % PAGE);
        Memory.putByte(first + 2L * PAGE - 1, (byte) 1);
        assertTrue(buffers.giveBack(first));
        assertEquals(first, buffers.take(2 * PAGE));
    }

    @Test
    void theLimitHoldsAndFreeBuffersMakeRoom() {
        Set<Long> taken = new HashSet<>();
        for (int i = 0; i < 16; i++) {
            taken.add(buffers.take(PAGE));
        }
        assertEquals(16, taken.size());
        assertFalse(taken.contains(0L));
        assertEquals(0, buffers.take(1));
        taken.forEach(buffers::giveBack);
        assertNotEquals(0, buffers.take(16 * PAGE), "the free small ones are unmapped for it");
        assertEquals(16L * PAGE, RegionCounts.openBytes(NAME));
    }

    @Test
    void impossibleLengthsGetNothing() {
        assertEquals(0, buffers.take(0));
        assertEquals(0, buffers.take(-1));
        assertEquals(0, buffers.take(Integer.MAX_VALUE));
    }

    @Test
    void anAddressThatIsNoBuffersIsRefused() {
        long buffer = buffers.take(PAGE);
        assertFalse(buffers.giveBack(buffer + 1));
        assertFalse(buffers.giveBack(0));
        assertTrue(buffers.giveBack(buffer));
        assertFalse(buffers.giveBack(buffer), "twice");
    }

    @Test
    void whereTheKernelKeepsBuffersOneThatComesBackIsUnmapped() {
        buffers.close();
        buffers = new DataBuffers(NAME, 16L * PAGE, false);
        long buffer = buffers.take(3 * PAGE);
        assertEquals(3L * PAGE, RegionCounts.openBytes(NAME), "not rounded up");
        buffers.giveBack(buffer);
        assertEquals(0, RegionCounts.openBytes(NAME));
    }
}
