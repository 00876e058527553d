package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreException;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

/** Files and devices whose size changes while they are a store, by the store and by others. */
class DiskSizeTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private Path image() {
        return folder.resolve("image");
    }

    private Store open(String options) throws StoreException {
        return Stores.open("file:" + image() + ",size=2M" + options);
    }

    private static void setLength(Path file, long bytes) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(bytes);
        }
    }

    private static String refusal(Store store, long bytes) {
        return assertThrows(StoreException.class, () -> store.resize(bytes)).getMessage();
    }

    @Test
    void theFileHasTheNewSizeAndKeepsIt() throws Exception {
        try (Store store = open("")) {
            store.resize(5 * MIB);
            assertEquals(5 * MIB, Files.size(image()));
            store.resize(MIB);
            assertEquals(MIB, Files.size(image()));
        }
        try (Store store = Stores.open("file:" + image())) {
            assertEquals(MIB, store.sizeBytes());
        }
    }

    @Test
    void growthByOthersIsSeenAndTakenOver() throws Exception {
        try (Store store = open("");
                StoreCalls calls = new StoreCalls(store, 4096)) {
            assertEquals(2 * MIB, store.sizeBelowBytes());
            setLength(image(), 3 * MIB + 700);
            assertEquals(3 * MIB + 512, store.sizeBelowBytes(), "whole sectors");
            assertEquals(2 * MIB, store.sizeBytes(), "nothing is taken over unasked");
            store.resize(store.sizeBelowBytes());
            assertEquals(
                    StoreStatus.OK, calls.write(3 * MIB, new byte[512], 0, true).status());
        }
    }

    /** Were it written to, the file would grow again, and what lies between would read as zeros. */
    @Test
    void whatOthersHaveCutOffFailsUntilItIsGivenUp() throws Exception {
        byte[] ones = new byte[MIB];
        Arrays.fill(ones, (byte) 1);
        try (Store store = open("");
                StoreCalls calls = new StoreCalls(store, MIB)) {
            calls.write(0, ones);
            calls.write(MIB, ones);
            setLength(image(), MIB);
            assertEquals(MIB, store.sizeBelowBytes());
            setLength(image(), 2 * MIB); // nor does this bring it back
            assertEquals(2 * MIB, store.sizeBytes(), "initiators may have data beyond");
            StoreCalls.Ended ended = calls.read(MIB - 512, new byte[1024], 0);
            assertEquals(StoreStatus.READ_FAILED, ended.status());
            assertEquals(MIB, ended.errorOffsetBytes());
            assertEquals(
                    StoreStatus.WRITE_FAILED,
                    calls.write(2 * MIB - 512, new byte[512], 0, false).status());
            assertEquals(MIB, store.extentBytes(MIB), "what is lost is no hole");
            assertTrue(refusal(store, 3 * MIB).contains("lost"), refusal(store, 3 * MIB));
            store.resize(MIB);
            store.resize(2 * MIB);
            assertArrayEquals(ones, calls.read(0, MIB));
            assertArrayEquals(new byte[MIB], calls.read(MIB, MIB));
        }
    }

    @Test
    void aRemovedFileIsTold() throws Exception {
        try (Store store = open("")) {
            Files.delete(image());
            String told =
                    assertThrows(StoreException.class, store::sizeBelowBytes).getMessage();
            assertTrue(told.contains("removed"), told);
        }
    }

    @Test
    void whatCannotBeIsRefusedAndNothingChanged() throws Exception {
        open("").close();
        try (Store store = Stores.open("file:" + image() + ",read-only")) {
            assertTrue(refusal(store, MIB).contains("read-only"), refusal(store, MIB));
            assertTrue(refusal(store, 4 * MIB).contains("read-only"), refusal(store, 4 * MIB));
            assertTrue(refusal(store, MIB + 1).contains("multiple of 512"), refusal(store, MIB + 1));
            assertEquals(2 * MIB, store.sizeBytes());
        }
        assertEquals(2 * MIB, Files.size(image()));
    }

    @Test
    void aFullFileSystemIsToldAndNothingChanged() throws Exception {
        TemporaryMount.tmpfs(folder, 4 * MIB);
        try (Store store = open(",thick")) {
            String told = refusal(store, 64L * MIB);
            assertTrue(told.contains("no space left"), told);
            assertEquals(2 * MIB, store.sizeBytes());
            assertEquals(2 * MIB, Files.size(image()));
            store.resize(3 * MIB);
            assertEquals(3 * MIB, store.takenBytes(), "thick stays thick");
        } finally {
            TemporaryMount.unmount(folder);
        }
    }

    @Test
    void aDeviceHasTheSizeThatItsMakerGaveIt() throws Exception {
        Path backing = folder.resolve("backing");
        setLength(backing, 2 * MIB);
        String device = TemporaryMount.loopDevice(backing);
        try (Store store = Stores.open("block:" + device);
                StoreCalls calls = new StoreCalls(store, 4096)) {
            assertTrue(refusal(store, 4 * MIB).contains("2 MiB"), refusal(store, 4 * MIB));
            setLength(backing, 4 * MIB);
            TemporaryMount.runOrSkip("losetup", "--set-capacity", device);
            assertEquals(4 * MIB, store.sizeBelowBytes());
            store.resize(4 * MIB);
            assertEquals(
                    StoreStatus.OK,
                    calls.write(3 * MIB, new byte[4096], 0, true).status());
        } finally {
            TemporaryMount.detach(device);
        }
    }
}
