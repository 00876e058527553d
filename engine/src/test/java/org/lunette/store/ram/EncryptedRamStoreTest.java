package org.lunette.store.ram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.store.EncryptedStore;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

class EncryptedRamStoreTest extends StoreContract {
    @Override
    protected Store open() throws StoreException {
        return Stores.open("ram:" + SIZE_BYTES + ",encrypted");
    }

    @Override
    protected StoreProperties expectedProperties() {
        return new StoreProperties("ram", false, false, false, 4096, false, true);
    }

    private void eraseKeys() {
        StoreStatus[] ended = new StoreStatus[1];
        ((EncryptedStore) store).eraseKeys((status, offset) -> ended[0] = status);
        assertEquals(StoreStatus.OK, ended[0]);
    }

    /** How many bytes of two arrays are the same in the same place. */
    private static int alike(byte[] one, byte[] other) {
        int alike = 0;
        for (int i = 0; i < one.length; i++) {
            alike += one[i] == other[i] ? 1 : 0;
        }
        return alike;
    }

    @Test
    void afterItsKeysAreErasedDataIsNoiseAndWhatTookNoSpaceReadsAsZeros() {
        byte[] data = new byte[1 << 20];
        Arrays.fill(data, (byte) 'a');
        calls.write(0, data);
        eraseKeys();
        byte[] noise = calls.read(0, data.length);
        assertTrue(alike(data, noise) < data.length / 128, "about one byte in 256 is what it was by chance");
        assertTrue(alike(new byte[data.length], noise) < data.length / 128, "nor is it zeros");
        assertArrayEquals(new byte[4096], calls.read(2 << 20, 4096));
        calls.write(0, data);
        assertArrayEquals(data, calls.read(0, data.length));
    }

    @Test
    void whatLiesInMemoryIsNotWhatWasWritten() {
        try (Region region = Region.allocate(RamStore.REGION_NAME, 1 << 16);
                EncryptedRamStore small = new EncryptedRamStore(region, new TakenPages(1 << 16), 1 << 16);
                StoreCalls at = new StoreCalls(small, 1 << 16)) {
            byte[] data = new byte[1 << 16];
            at.write(0, data);
            byte[] lies = new byte[1 << 16];
            Memory.copy(region.address(), lies, 0, lies.length);
            assertTrue(alike(data, lies) < data.length / 64);
            assertFalse(Arrays.equals(lies, 0, 512, lies, 512, 1024), "sectors alike lie differently");
            assertFalse(Arrays.equals(lies, 0, 16, lies, 16, 32), "and so do the blocks of a sector");
        }
    }

    /** A page is read whole with the keys that it was written with, or as noise: never half of each. */
    @Test
    void erasingKeysWhileOthersWriteLeavesWhatIsWrittenAfterwards() throws Exception {
        Callable<Void> writing = () -> {
            try (StoreCalls mine = new StoreCalls(store, 4096)) {
                byte[] page = new byte[4096];
                byte[] seen = new byte[4096];
                for (int i = 0; i < 500; i++) {
                    Arrays.fill(page, (byte) i);
                    mine.write(8192, page);
                    mine.read(8192, seen, 0);
                    int alike = alike(page, seen);
                    assertTrue(alike == 4096 || alike < 200, alike + " bytes are right");
                }
            }
            return null;
        };
        Callable<Void> erasing = () -> {
            for (int i = 0; i < 100; i++) {
                eraseKeys();
            }
            return null;
        };
        inParallel(List.of(writing, erasing));
    }

    @Test
    void aClosedStoreDoesNotTouchTheMemoryThatItHadAnyMore() {
        store.close();
        assertEquals(StoreStatus.UNREACHABLE, calls.read(0, new byte[512], 0).status());
        assertEquals(
                StoreStatus.UNREACHABLE, calls.write(0, new byte[512], 0, false).status());
        assertEquals(StoreStatus.UNREACHABLE, calls.unmap(0, 4096).status());
        StoreStatus[] ended = new StoreStatus[1];
        ((EncryptedStore) store).eraseKeys((status, offset) -> ended[0] = status);
        assertEquals(StoreStatus.UNREACHABLE, ended[0]);
    }

    @Test
    void theOptionTakesNoValue() {
        assertThrows(StoreException.class, () -> Stores.open("ram:1M,encrypted=no"));
        assertThrows(StoreException.class, () -> Stores.open("ram:1M,compressed"));
    }
}
