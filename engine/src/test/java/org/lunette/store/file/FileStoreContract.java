package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

/** The store contract for regular files, and what files owe besides. */
abstract class FileStoreContract extends StoreContract {
    @TempDir
    Path folder;

    private final String options;

    FileStoreContract(String options) {
        this.options = options;
    }

    private String text() {
        return "file:" + folder.resolve("disk.img") + options;
    }

    @Override
    protected Store open() throws StoreException {
        try {
            return Stores.open(text() + ",size=" + SIZE_BYTES);
        } catch (StoreException e) {
            if (e.getMessage().contains("no direct I/O")) {
                System.err.println("NOT TESTED: " + e.getMessage());
                Assumptions.abort(e.getMessage());
            }
            throw e;
        }
    }

    @Override
    protected int slowness() {
        return options.contains("dsync") ? 10 : 1;
    }

    @Override
    protected StoreProperties expectedProperties() {
        return new StoreProperties("file", false, !options.contains("dsync"), true, 4096, false, true);
    }

    @Test
    void keepsItsDataWhileClosed() throws Exception {
        byte[] bytes = new byte[30_000];
        random.nextBytes(bytes);
        calls.write(12_345, bytes);
        store.close();
        assertArrayEquals(
                bytes, java.util.Arrays.copyOfRange(Files.readAllBytes(folder.resolve("disk.img")), 12_345, 42_345));
        try (Store again = Stores.open(text());
                StoreCalls callsAgain = new StoreCalls(again, SIZE_BYTES)) {
            assertEquals(SIZE_BYTES, again.sizeBytes());
            assertArrayEquals(bytes, callsAgain.read(12_345, 30_000));
        }
    }

    @Test
    void aFileThatLostItsEndBehindOurBackIsNotReadAsZeros() throws Exception {
        calls.write(0, new byte[SIZE_BYTES]);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("disk.img").toFile(), "rw")) {
            file.setLength(10_240);
        }
        assertArrayEquals(new byte[10_240], calls.read(0, 10_240));
        StoreCalls.Ended ended = calls.read(9000, new byte[5000], 0);
        assertEquals(StoreStatus.READ_FAILED, ended.status());
        assertEquals(10_240, ended.errorOffsetBytes());
        ended = calls.read(3 << 20, new byte[4096], 0);
        assertEquals(StoreStatus.READ_FAILED, ended.status());
        assertEquals(3 << 20, ended.errorOffsetBytes());
    }

    @Test
    void aClosedStoreTouchesNoOtherFile() throws Exception {
        store.close();
        Path other = folder.resolve("other");
        Files.write(other, new byte[100]);
        try (RandomAccessFile file = new RandomAccessFile(other.toFile(), "rw")) {
            assertEquals(100, file.length());
            assertEquals(
                    StoreStatus.READ_ONLY,
                    calls.write(0, new byte[] {1}, 0, false).status());
            assertEquals(StoreStatus.READ_FAILED, calls.read(0, new byte[1], 0).status());
        }
        assertArrayEquals(new byte[100], Files.readAllBytes(other));
    }
}
