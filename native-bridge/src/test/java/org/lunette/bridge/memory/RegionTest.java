package org.lunette.bridge.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.PointerBytesStore;
import org.junit.jupiter.api.Test;

class RegionTest {
    @Test
    void isPageAlignedZeroedAndWholePages() {
        try (Region region = Region.allocate("RegionTest", 5)) {
            assertEquals(0, region.address() % Memory.pageBytes());
            assertEquals(Memory.pageBytes(), region.lengthBytes());
            for (long i = 0; i < region.lengthBytes(); i++) {
                assertEquals(0, Memory.getByte(region.address() + i));
            }
        }
    }

    @Test
    void isCountedByNameUntilClosedOnce() {
        Region first = Region.allocate("RegionTest counted", 4096);
        Region second = Region.allocate("RegionTest counted", 8192);
        assertEquals(12288, RegionCounts.openBytes("RegionTest counted"));
        assertEquals(12288, RegionCounts.openBytes().get("RegionTest counted"));
        second.close();
        second.close();
        assertEquals(4096, RegionCounts.openBytes("RegionTest counted"));
        first.close();
        assertEquals(0, RegionCounts.openBytes("RegionTest counted"));
        assertFalse(RegionCounts.openBytes().containsKey("RegionTest counted"));
        assertEquals(0, RegionCounts.openBytes("never used"));
    }

    @Test
    void closingFromManyThreadsFreesOnce() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            Region region = Region.allocate("RegionTest raced", 4096);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                threads.add(new Thread(region::close));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(0, RegionCounts.openBytes("RegionTest raced"));
        }
    }

    @Test
    void refusesLengthsThatMakeNoSenseOrDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> Region.allocate("RegionTest refused", 0));
        assertThrows(IllegalArgumentException.class, () -> Region.allocate("RegionTest refused", -1));
        assertThrows(IllegalArgumentException.class, () -> Region.allocate("RegionTest refused", Long.MAX_VALUE));
        Exception tooMuch = assertThrows(RegionException.class, () -> Region.allocate("RegionTest refused", 1L << 60));
        assertTrue(tooMuch.getMessage().contains("ENOMEM"), tooMuch.getMessage());
        assertTrue(tooMuch.getMessage().contains("RegionTest refused"), tooMuch.getMessage());
        assertEquals(0, RegionCounts.openBytes("RegionTest refused"));
    }

    @Test
    void chronicleSeesTheSameMemoryBeyondTwoGiga() {
        try (Region region = Region.allocate("RegionTest large", 5L << 30)) {
            PointerBytesStore store = region.asBytesStore();
            assertEquals(5L << 30, store.capacity());
            store.writeLong((5L << 30) - 8, 0x1122334455667788L);
            assertEquals(0x1122334455667788L, Memory.getLong(region.address() + (5L << 30) - 8));
            Memory.putByte(region.address() + (3L << 30), (byte) 9);
            assertEquals(9, store.readByte(3L << 30));
        }
    }

    @Test
    void discardedMemoryReadsAsZerosAndItsSurroundingsStay() {
        long page = Memory.pageBytes();
        try (Region region = Region.allocate("test", 8 * page)) {
            for (long[] range :
                    new long[][] {{0, 8 * page}, {100, 50}, {page - 1, 2}, {page, page}, {5, 3 * page}, {9, 0}}) {
                Memory.fill(region.address(), 8 * page, (byte) 7);
                region.discard(range[0], range[1]);
                for (long at = 0; at < 8 * page; at++) {
                    boolean within = at >= range[0] && at < range[0] + range[1];
                    assertEquals(within ? 0 : 7, Memory.getByte(region.address() + at), "byte " + at);
                }
            }
            assertThrows(IndexOutOfBoundsException.class, () -> region.discard(8 * page, 1));
        }
    }
}
