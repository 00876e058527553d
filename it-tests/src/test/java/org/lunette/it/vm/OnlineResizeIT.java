package org.lunette.it.vm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;

/** A disk grows while the Linux kernel has a file system mounted on it: no new login, nothing is lost. */
class OnlineResizeIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int MIB_AFTER = 192;

    @Test
    void aMountedFileSystemGrowsWithItsDisk(@TempDir Path folder) throws Exception {
        Requirements.programs("iscsid", "iscsiadm", "mkfs.ext4", "fsck.ext4", "resize2fs", "blockdev");
        EmulatedMachine machine = EmulatedMachine.plain();
        String control = folder.resolve("control").toString();
        Path signal = folder.resolve("signal");
        try (LunetteServer server = LunetteServer.start(
                JavaRuntime.ofTheTests(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--control",
                control,
                "data=file:" + folder.resolve("data") + ",size=64M",
                "signal=file:" + signal + ",size=1M")) {
            CompletableFuture<Void> resized = CompletableFuture.runAsync(() -> resizeOnceWritten(signal, control));
            MachineRun run = machine.run(
                            "resize",
                            script("initiator-lib.sh") + script("resize.sh"),
                            TIMEOUT,
                            EmulatedMachine.HOST + ":" + server.port(),
                            LunetteServer.TARGET,
                            "2",
                            Integer.toString(MIB_AFTER))
                    .orFail();
            resized.join();
            assertTrue(run.output().contains(": all done"), run.output());
        }
    }

    private static void resizeOnceWritten(Path signal, String control) {
        try {
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (!isWritten(signal)) {
                assertTrue(System.nanoTime() - deadline < 0, "the guest asks for nothing");
                Thread.sleep(200);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        Program.of(LunetteServer.commandLine(
                        JavaRuntime.ofTheTests(), "resize", "data", MIB_AFTER + "M", "--control", control))
                .run(TIMEOUT)
                .orFail();
    }

    private static boolean isWritten(Path signal) throws IOException {
        try (InputStream bytes = Files.newInputStream(signal)) {
            return bytes.read() != 0 || bytes.read() != 0 || bytes.read() != 0 || bytes.read() != 0;
        }
    }

    private static String script(String name) throws IOException {
        try (InputStream script = OnlineResizeIT.class.getResourceAsStream("/vm/" + name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
