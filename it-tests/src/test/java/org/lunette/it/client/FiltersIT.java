package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;

/** Devices that break as they are told to, as real initiators see them. */
class FiltersIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private LunetteServer serve(String... more) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0", "--control", control()));
        arguments.addAll(List.of(more));
        // Thick, since of a thin disk QEMU does not read what was never written.
        arguments.add("disk0=file:" + folder.resolve("image") + ",size=64M,thick");
        return LunetteServer.start(JavaRuntime.ofTheTests(), arguments.toArray(String[]::new));
    }

    private String control() {
        return folder.resolve("control").toString();
    }

    private String filter(String... arguments) {
        List<String> line = new ArrayList<>(List.of("filter"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--control", control()));
        return Program.of(LunetteServer.commandLine(JavaRuntime.ofTheTests(), line.toArray(String[]::new)))
                .run(TIMEOUT)
                .orFail()
                .output();
    }

    private static Program.Outcome qemuIo(LunetteServer server, String... commands) {
        return Client.qemuIoProgram(server.url(0), commands).run(TIMEOUT);
    }

    @Test
    void aReadOfABadBlockFailsUntilItIsWritten() throws Exception {
        Path trace = folder.resolve("trace");
        try (LunetteServer server =
                serve("--filter", "disk0=trace,file=" + trace, "--filter", "disk0=error,lba=2048,healing")) {
            Client.qemuIo(server.url(0), "read 0 1M", "read 1049088 64k");
            String failed = qemuIo(server, "read 1M 64k").output();
            assertTrue(failed.contains("read failed"), failed);
            Client.qemuIo(server.url(0), "write -P 5 1M 64k", "read -P 5 1M 64k");
            String shown = filter("show");
            assertTrue(shown.contains("error,lba=2048,healing,seed="), shown);
        }
        String lines = Files.readString(trace);
        assertTrue(lines.contains(" CHECK_CONDITION 03/11/00 "), lines);
    }

    @Test
    void aDelayIsChangedWhileItIsInUse() {
        try (LunetteServer server = serve("--filter", "disk0=delay,read=300ms")) {
            long slowNanos = nanos(() -> Client.qemuIo(server.url(0), "read 0 4k", "read 4k 4k", "read 8k 4k"));
            assertTrue(slowNanos > Duration.ofMillis(900).toNanos(), "only " + slowNanos + " ns");
            filter("set", "disk0", "delay", "read=1ms");
            assertTrue(filter("show").contains("read=1ms"));
            filter("off", "disk0", "delay");
            Client.qemuIo(server.url(0), "read 0 4k");
        }
    }

    private static long nanos(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** The initiator gives up, its session ends, and neither the server nor its end is held up by what hangs. */
    @Test
    void whatHangsHoldsUpNeitherOthersNorTheEnd() throws Exception {
        try (LunetteServer server = serve("--filter", "disk0=hang,lba=2048,functions")) {
            Process hangs = new ProcessBuilder("qemu-io", "-f", "raw", "-c", "read 1M 4k", server.url(0)).start();
            try {
                long deadline = System.nanoTime() + TIMEOUT.toNanos();
                while (!filter("show", "--json").contains("\"kept\": 1")) {
                    assertTrue(System.nanoTime() - deadline < 0, "it does not hang");
                }
                Client.qemuIo(server.url(0), "read 0 1M");
            } finally {
                hangs.destroyForcibly().waitFor();
            }
        }
        assertEquals(false, Files.exists(Path.of(control())));
    }
}
