package org.lunette.store.ram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

class RamStoreTest extends StoreContract {
    @Override
    protected Store open() throws StoreException {
        return Stores.open("ram:" + SIZE_BYTES);
    }

    @Override
    protected StoreProperties expectedProperties() {
        return new StoreProperties("ram", false, false, false, 4096, false, true);
    }

    @Test
    void worksBeyondTwoAndFourGigaWithoutTakingTheMemory() throws Exception {
        long size = 5L << 30;
        long before = residentBytes();
        try (Store large = Stores.open("ram:5G");
                StoreCalls far = new StoreCalls(large, 1 << 16)) {
            long[] offsets = {0, (2L << 30) - 3000, (4L << 30) - 3000, size - 6000};
            byte[][] written = new byte[offsets.length][6000];
            for (int i = 0; i < offsets.length; i++) {
                random.nextBytes(written[i]);
                far.write(offsets[i], written[i]);
            }
            for (int i = 0; i < offsets.length; i++) {
                assertArrayEquals(written[i], far.read(offsets[i], 6000));
            }
            assertArrayEquals(new byte[6000], far.read(3L << 30, 6000));
            assertTrue(RegionCounts.openBytes(RamStore.REGION_NAME) >= size);
            long taken = residentBytes() - before;
            assertTrue(taken < 512 << 20, () -> taken + " bytes resident");
        }
    }

    private static long residentBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
        return Long.parseLong(pages[1]) * 4096;
    }

    @Test
    void aClosedStoreDoesNotTouchTheMemoryThatItHadAnyMore() {
        store.close();
        assertEquals(StoreStatus.UNREACHABLE, calls.read(0, new byte[512], 0).status());
        assertEquals(
                StoreStatus.UNREACHABLE, calls.write(0, new byte[512], 0, false).status());
    }
}
