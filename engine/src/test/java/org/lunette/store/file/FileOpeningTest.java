package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.bridge.libc.Libc;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreException;
import org.lunette.store.StoreSpec;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

class FileOpeningTest {
    @TempDir
    Path folder;

    private Map<String, Long> regions;
    private long descriptors;

    @BeforeEach
    void count() throws Exception {
        Stores.open("null:512").close(); // loads what opens files for itself
        regions = RegionCounts.openBytes();
        descriptors = openDescriptors();
    }

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        assertEquals(regions, RegionCounts.openBytes());
        assertEquals(descriptors, openDescriptors());
    }

    /** Descriptors of the test's folder; the JVM's own come and go. */
    private long openDescriptors() throws IOException {
        long count = 0;
        try (var fds = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path fd : fds) {
                count += isInFolder(fd) ? 1 : 0;
            }
        }
        return count;
    }

    private boolean isInFolder(Path fd) {
        try {
            return Files.readSymbolicLink(fd).startsWith(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private Path file(String name, int bytes) throws IOException {
        return Files.write(folder.resolve(name), new byte[bytes]);
    }

    private void assertRefused(String text, String why) {
        StoreException refused =
                assertThrows(StoreException.class, () -> Stores.open(text).close());
        assertTrue(refused.getMessage().startsWith("'" + text + "'"), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void makesASparseFileForItsOwnerOnly() throws Exception {
        Path path = folder.resolve("new.img");
        try (Store store = Stores.open("file:" + path + ",size=5G")) {
            assertEquals(5L << 30, store.sizeBytes());
            assertEquals(5L << 30, Files.size(path));
            int fd = Libc.open(path.toString(), Libc.O_RDONLY, 0);
            assertEquals(0, Libc.lseek(fd, 0, Libc.SEEK_HOLE), "it is all hole");
            Libc.close(fd);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            try (StoreCalls calls = new StoreCalls(store, 8192)) {
                byte[] bytes = {9, 8, 7};
                calls.write((5L << 30) - 3, bytes);
                assertArrayEquals(bytes, calls.read((5L << 30) - 3, 3));
            }
        }
    }

    @Test
    void usesTheSizeThatTheFileHas() throws Exception {
        try (Store store = Stores.open("file:" + file("f", 10_240))) {
            assertEquals(10_240, store.sizeBytes());
        }
    }

    @Test
    void growsButNeverShrinks() throws Exception {
        Path path = file("f", 4096);
        Files.write(path, new byte[] {1, 2, 3});
        try (RandomAccessFile f = new RandomAccessFile(path.toFile(), "rw")) {
            f.setLength(4096);
        }
        try (Store store = Stores.open("file:" + path + ",size=8K")) {
            assertEquals(8192, store.sizeBytes());
        }
        assertEquals(8192, Files.size(path));
        assertEquals(3, Files.readAllBytes(path)[2]);
        assertRefused("file:" + path + ",size=4K", "would lose its end");
        assertEquals(8192, Files.size(path));
    }

    @Test
    void refusesWhatIsNotThereOrNoFile() throws Exception {
        assertRefused("file:", "the path is missing");
        assertRefused("file:" + folder.resolve("missing"), "with ',size=SIZE' it would be made");
        assertRefused("file:" + folder.resolve("no/way") + ",size=1M", "cannot make it: ENOENT");
        assertRefused("file:" + folder.resolve("missing") + ",size=1M,read-only", "there is no such file");
        assertRefused("file:" + folder, "it is a folder");
        assertRefused("file:/dev/full", "neither a regular file nor a block device");
        assertRefused("block:/dev/full", "neither a regular file nor a block device");
        assertRefused("block:" + folder.resolve("missing"), "there is no such file");
        assertRefused("block:" + file("f", 4096), "use file:" + folder.resolve("f"));
        assertFalse(Files.exists(folder.resolve("missing")));
    }

    @Test
    void aPipeIsRefusedWithoutWaitingForItsOtherEnd() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertRefused("file:" + pipe + ",read-only", "neither a regular file");
    }

    @Test
    void refusesSizesThatNoStoreCanHave() throws Exception {
        assertRefused("file:" + file("empty", 0), "it is empty");
        assertRefused("file:" + file("odd", 1000), "1000 bytes, is no multiple of 512");
        assertRefused("file:" + folder.resolve("new") + ",size=1000", "multiple of 512");
        assertRefused("file:" + folder.resolve("new") + ",size=", "is not a size");
        assertFalse(Files.exists(folder.resolve("new")));
    }

    @Test
    void aFileThatWasMadeInVainIsRemoved() {
        Path path = folder.resolve("huge");
        assertRefused("file:" + path + ",size=4096P", "cannot give it a size of 4 EiB");
        assertFalse(Files.exists(path));
    }

    @Test
    void refusesOptionsThatItDoesNotKnow() throws Exception {
        Path path = file("f", 4096);
        assertRefused("file:" + path + ",drect", "takes direct, dsync, read-only, size, thick, not 'drect'");
        assertRefused("file:" + path + ",direct=no", "'direct' takes no value");
        assertRefused("block:" + path + ",size=1M", "takes direct, dsync, read-only, thick, not 'size'");
    }

    @Test
    void aWriterHasTheFileForItselfAndReadersShareIt() throws Exception {
        Path path = file("f", 4096);
        try (Store writer = Stores.open("file:" + path)) {
            assertFalse(writer.properties().readOnly());
            assertRefused("file:" + path, "in use");
            assertRefused("file:" + path + ",read-only", "in use");
        }
        try (Store reader = Stores.open("file:" + path + ",read-only");
                Store another = Stores.open("file:" + path + ",read-only")) {
            assertEquals(reader.sizeBytes(), another.sizeBytes());
            assertRefused("file:" + path, "in use");
        }
        Stores.open("file:" + path).close();
    }

    @Test
    void aReadOnlyStoreRefusesToWriteAndToGrow() throws Exception {
        Path path = Files.write(folder.resolve("f"), "x".repeat(4096).getBytes());
        try (Store store = Stores.open("file:" + path + ",read-only");
                StoreCalls calls = new StoreCalls(store, 4096)) {
            assertTrue(store.properties().readOnly());
            assertFalse(store.properties().volatileCache());
            assertTrue(store.properties().thin(), "holes are told of");
            StoreCalls.Ended ended = calls.write(512, new byte[512], 0, false);
            assertEquals(StoreStatus.READ_ONLY, ended.status());
            assertEquals(512, ended.errorOffsetBytes());
            assertEquals(StoreStatus.OK, calls.flush().status());
            assertArrayEquals("xxx".getBytes(), calls.read(1000, 3));
        }
        assertRefused("file:" + path + ",read-only,size=8K", "'read-only' forbids to grow it");
        assertEquals("x".repeat(4096), Files.readString(path));
    }

    @Test
    void aCommaInAPathIsEscaped() throws Exception {
        file("a,b", 4096);
        Stores.open("file:" + folder.resolve("a\\,b")).close();
    }

    /** Without a locale, Java makes the same path of all names with other characters than ASCII. */
    @Test
    void aPathThatWasNotUnderstoodIsRefused() {
        assertRefused("file:" + folder.resolve("caf\ufffd.img") + ",size=1M", "LC_ALL=C.UTF-8");
        assertRefused("block:/dev/caf\ufffd", "LC_ALL=C.UTF-8");
    }

    @Test
    void whatGoesWrongWhileOpeningIsARefusalAndLeavesNothingOpenOrLocked() throws Exception {
        Path path = file("f", 4096);
        OpenRequest request = OpenRequest.of(StoreSpec.parse("file:" + path), Set.of());
        StoreException refused = assertThrows(
                StoreException.class,
                () -> request.open(request.open(0), fd -> {
                    assertEquals(0, Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB));
                    throw new IllegalStateException("no memory");
                }));
        assertEquals("'file:" + path + "': no memory", refused.getMessage());
        assertEquals(descriptors, openDescriptors());
        Stores.open("file:" + path).close();
    }
}
