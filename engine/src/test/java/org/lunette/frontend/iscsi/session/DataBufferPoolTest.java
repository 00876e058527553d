package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionCounts;

class DataBufferPoolTest {
    private final long before = RegionCounts.openBytes(DataBufferPool.REGION_NAME);
    private final DataBufferPool pool = new DataBufferPool(1 << 20);

    @AfterEach
    void freesEverything() {
        pool.close();
        assertEquals(before, RegionCounts.openBytes(DataBufferPool.REGION_NAME));
    }

    @Test
    void dataBeginAtAPageWithRoomForAHeaderInFront() {
        DataBuffer buffer = pool.acquire(513);
        assertEquals(0, buffer.address() % Memory.pageBytes());
        assertEquals(buffer.address(), buffer.bytesAddress() + buffer.dataOffset());
        assertTrue(buffer.dataOffset() >= 48);
        assertEquals(4096, buffer.capacityBytes());
        buffer.bytes().put(buffer.dataOffset() + 4095, (byte) 9);
        assertEquals(9, Memory.getByte(buffer.address() + 4095));
        buffer.release();
    }

    @Test
    void aMachineWithoutMemoryMeansNoBuffer() {
        boolean[] exhausted = {true};
        DataBufferPool poor = new DataBufferPool(1 << 20, bytes -> {
            if (exhausted[0]) {
                return Region.allocate(DataBufferPool.REGION_NAME, 1L << 60);
            }
            return Region.allocate(DataBufferPool.REGION_NAME, bytes);
        });
        assertNull(poor.acquire(4096));
        assertEquals(0, poor.heldBytes());
        exhausted[0] = false;
        poor.acquire(4096).release();
        poor.close();
    }

    @Test
    void sizesAreRoundedUpToClasses() {
        int[][] sizes = {{1, 4096}, {4096, 4096}, {4097, 8192}, {65536, 65536}, {65537, 131072}};
        for (int[] size : sizes) {
            DataBuffer buffer = pool.acquire(size[0]);
            assertEquals(size[1], buffer.capacityBytes());
            assertEquals(size[1], DataBufferPool.capacityFor(size[0]));
            buffer.release();
        }
    }

    @Test
    void aReleasedBufferIsUsedAgain() {
        DataBuffer buffer = pool.acquire(4096);
        buffer.retain();
        buffer.release();
        DataBuffer other = pool.acquire(4096);
        assertTrue(other != buffer, "one reference is left");
        buffer.release();
        assertSame(buffer, pool.acquire(100));
        buffer.release();
        other.release();
    }

    @Test
    void theLimitHolds() {
        List<DataBuffer> buffers = new ArrayList<>();
        for (DataBuffer buffer = pool.acquire(65536); buffer != null; buffer = pool.acquire(65536)) {
            buffers.add(buffer);
        }
        assertEquals(15, buffers.size(), "a page in front of each");
        assertTrue(pool.heldBytes() <= 1 << 20);
        assertNull(pool.acquire(65536));
        assertNotNull(buffers.get(0));
        buffers.forEach(DataBuffer::release);
    }

    @Test
    void unusedBuffersMakeRoomForOtherSizes() {
        List<DataBuffer> small = new ArrayList<>();
        for (DataBuffer buffer = pool.acquire(4096); buffer != null; buffer = pool.acquire(4096)) {
            small.add(buffer);
        }
        assertNull(pool.acquire(512 << 10));
        small.forEach(DataBuffer::release);
        DataBuffer large = pool.acquire(512 << 10);
        assertNotNull(large);
        assertTrue(pool.heldBytes() <= 1 << 20);
        large.release();
    }

    @Test
    void aBufferInUseOutlivesThePool() {
        DataBuffer buffer = pool.acquire(4096);
        pool.close();
        Memory.putByte(buffer.address(), (byte) 1);
        assertNull(pool.acquire(4096));
        assertTrue(pool.heldBytes() > 0);
        buffer.release();
        assertEquals(0, pool.heldBytes());
    }
}
