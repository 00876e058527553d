package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreException;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

class BlockOpeningTest {
    private static final int SIZE_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private Path backing;
    private String device;

    @BeforeEach
    void makeBackingFile() throws Exception {
        backing = folder.resolve("backing");
        try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "rw")) {
            file.setLength(SIZE_BYTES);
            file.writeBytes("hello");
        }
    }

    @AfterEach
    void detach() throws Exception {
        if (device != null) {
            TemporaryMount.detach(device);
        }
    }

    private void assertRefused(String text, String why) {
        StoreException refused =
                assertThrows(StoreException.class, () -> Stores.open(text).close());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void aDeviceIsNoFileAndIsServedOnce() throws Exception {
        device = TemporaryMount.loopDevice(backing);
        assertRefused("file:" + device, "it is a block device: use block:" + device);
        try (Store store = Stores.open("block:" + device)) {
            assertEquals(SIZE_BYTES, store.sizeBytes());
            assertRefused("block:" + device, "in use");
            assertRefused("block:" + device + ",read-only", "in use");
        }
        Stores.open("block:" + device).close();
    }

    @Test
    void aWriteProtectedDeviceIsServedReadOnly() throws Exception {
        device = TemporaryMount.loopDevice(backing, "--read-only");
        assertRefused("block:" + device, "read-only");
        try (Store store = Stores.open("block:" + device + ",read-only");
                StoreCalls calls = new StoreCalls(store, 4096)) {
            assertArrayEquals("hello".getBytes(), calls.read(0, 5));
            assertEquals(
                    StoreStatus.READ_ONLY, calls.write(0, new byte[1], 0, false).status());
        }
    }

    @Test
    void aDeviceOfLargerSectorsTakesAnyAlignmentDirectly() throws Exception {
        device = TemporaryMount.loopDevice(backing, "--sector-size", "4096");
        try (Store store = Stores.open("block:" + device + ",direct");
                StoreCalls calls = new StoreCalls(store, 8192)) {
            assertEquals(4096, store.properties().physicalBlockBytes());
            calls.write(4094, "across".getBytes());
            assertArrayEquals("across".getBytes(), calls.read(4094, 6));
            assertArrayEquals("hello".getBytes(), calls.read(0, 5));
        }
    }

    /** What an earlier run left in the caches: with no volatile cache, nobody will ask to flush it. */
    @Test
    void withoutAVolatileCacheTheDeviceIsFlushedWhenItIsOpened() throws Exception {
        device = TemporaryMount.loopDevice(backing);
        for (String options : new String[] {",dsync", ",direct,dsync"}) {
            long before = flushes();
            try (Store store = Stores.open("block:" + device + options)) {
                assertFalse(store.properties().volatileCache());
                assertTrue(flushes() > before, options);
            }
        }
    }

    /** How often the device was flushed so far. */
    private long flushes() throws Exception {
        Path statistics = Path.of("/sys/block", Path.of(device).getFileName().toString(), "stat");
        String[] fields = Files.readString(statistics).trim().split("\\s+");
        Assumptions.assumeTrue(fields.length > 15, "this kernel does not count flushes");
        return Long.parseLong(fields[15]);
    }

    @Test
    void anEmptyLoopDeviceIsRefused() throws Exception {
        String free = TemporaryMount.runOrSkip("losetup", "--find");
        assertRefused("block:" + free, "it is empty");
    }
}
