package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

/** A sparse file on a file system that is smaller than the file says. */
class FullFileSystemTest {
    private static final int ROOM_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        TemporaryMount.tmpfs(folder, ROOM_BYTES);
        mounted = true;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            TemporaryMount.unmount(folder);
        }
    }

    @Test
    void noSpaceIsToldWithTheOffsetAndNothingElseIsLost() throws Exception {
        byte[] ones = new byte[2 * ROOM_BYTES];
        Arrays.fill(ones, (byte) 1);
        try (Store store = Stores.open("file:" + folder.resolve("thin") + ",size=1G");
                StoreCalls calls = new StoreCalls(store, 2 * ROOM_BYTES)) {
            byte[] twos = {2, 2, 2, 2};
            calls.write(0, twos);
            StoreCalls.Ended ended = calls.write(4096, ones, 0, false);
            assertEquals(StoreStatus.NO_SPACE, ended.status());
            assertEquals(ROOM_BYTES, ended.errorOffsetBytes());
            assertArrayEquals(twos, calls.read(0, 4));
            assertEquals(1, calls.read(ROOM_BYTES - 1, 1)[0], "what was written before it ran full");
            assertEquals(0, calls.read(ROOM_BYTES, 1)[0]);
            assertEquals(
                    StoreStatus.OK, calls.write(8192, twos, 0, true).status(), "what has its place can be overwritten");
            assertEquals(
                    StoreStatus.NO_SPACE, calls.write(512L << 20, twos, 0, true).status());
            assertEquals(
                    StoreStatus.OK, calls.flush().status(), "a write that was refused is not a write that was lost");
        }
    }

    /** The kernel takes the data to its cache, and cannot write them back: fdatasync says so once. */
    @Test
    void whatCouldNotBeWrittenBackIsNeverSaidToBeSafe() throws Exception {
        Path backing = folder.resolve("backing");
        try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "rw")) {
            file.setLength(16L << 20);
        }
        String device = TemporaryMount.loopDevice(backing);
        try (Store store = Stores.open("block:" + device);
                StoreCalls calls = new StoreCalls(store, 4 * ROOM_BYTES)) {
            calls.write(0, new byte[] {1});
            assertEquals(StoreStatus.OK, calls.flush().status());
            byte[] much = new byte[4 * ROOM_BYTES];
            Arrays.fill(much, (byte) 3);
            assertEquals(StoreStatus.OK, calls.write(0, much, 0, false).status());
            StoreStatus first = calls.flush().status();
            assertTrue(first == StoreStatus.WRITE_FAILED || first == StoreStatus.NO_SPACE, first::toString);
            assertEquals(first, calls.flush().status());
            assertEquals(first, calls.flush().status());
        } finally {
            TemporaryMount.detach(device);
        }
    }
}
