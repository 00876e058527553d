package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;

/** A real file system of real files goes to a disk and comes back the same, over every kind of store. */
class DiskImageIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final long MIB = 1L << 20;
    /** On a real file system, which O_DIRECT needs: /tmp may be in memory. */
    private static final Path FOLDER = Path.of("target", "disk-image").toAbsolutePath();
    /** A tree of some hundred MiB, text, code and archives, that is wherever these tests run. */
    private static final Path TREE = Path.of(System.getProperty("java.home"));

    private static final Path IMAGE = FOLDER.resolve("image.ext4");

    @BeforeAll
    static void makeImage() throws IOException {
        Requirements.programs("mke2fs", "e2fsck");
        Files.createDirectories(FOLDER);
        Files.deleteIfExists(IMAGE);
        long mib = sizeOf(TREE) * 5 / 4 / MIB + 64;
        Program.of("mke2fs", "-q", "-t", "ext4", "-d", TREE.toString(), IMAGE.toString(), mib + "M")
                .run(TIMEOUT)
                .orFail();
        System.out.println("image of " + TREE + ": " + mib + " MiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ram:SIZE",
                "file:PATH,size=SIZE",
                "file:PATH,size=SIZE,dsync",
                "file:PATH,size=SIZE,direct",
                "file:PATH,size=SIZE,direct,dsync"
            })
    void copiedThereAndBackItIsTheSame(String store) throws IOException {
        Path disk = FOLDER.resolve("disk");
        Files.deleteIfExists(disk);
        String device = store.replace("PATH", disk.toString()).replace("SIZE", Long.toString(Files.size(IMAGE)));
        long startedNanos = System.nanoTime();
        try (LunetteServer server = LunetteServer.serve("disk=" + device)) {
            Client.qemuImg("convert", "-n", "-f", "raw", "-O", "raw", IMAGE.toString(), server.url(0));
            assertComesBackTheSame(server);
        }
        System.out.printf("%s: there and back in %d ms%n", store, (System.nanoTime() - startedNanos) / 1_000_000);
        if (Files.exists(disk)) {
            assertEquals(-1, Files.mismatch(IMAGE, disk), "the file is not what was written to the disk");
            Files.delete(disk);
        }
    }

    @Test
    void whatWasWrittenIsThereAfterARestart() throws IOException {
        Path disk = FOLDER.resolve("kept");
        Files.deleteIfExists(disk);
        try (LunetteServer server = LunetteServer.serve("disk=file:" + disk + ",size=" + Files.size(IMAGE))) {
            Client.qemuImg("convert", "-n", "-f", "raw", "-O", "raw", IMAGE.toString(), server.url(0));
        }
        try (LunetteServer server = LunetteServer.serve("disk=file:" + disk)) {
            assertComesBackTheSame(server);
        }
        try (LunetteServer server = LunetteServer.serve("disk=file:" + disk + ",read-only")) {
            assertComesBackTheSame(server);
            Program.Outcome write =
                    Client.qemuIoProgram(server.url(0), "write -P 1 0 512").run(TIMEOUT);
            assertEquals(1, write.exitStatus(), "a read-only disk took a write: " + write.output());
        }
        Files.delete(disk);
    }

    private static void assertComesBackTheSame(LunetteServer server) throws IOException {
        Path back = FOLDER.resolve("back.ext4");
        Files.deleteIfExists(back);
        Client.qemuImg("convert", "-f", "raw", "-O", "raw", server.url(0), back.toString());
        assertEquals(-1, Files.mismatch(IMAGE, back), "the copy differs");
        Program.of("e2fsck", "-f", "-n", back.toString()).run(TIMEOUT).orFail();
        Files.delete(back);
    }

    private static long sizeOf(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            return regular.stream().mapToLong(DiskImageIT::size).sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
