package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;

/** What an administrator does to a running server, by the jar's own command line, and what initiators see of it. */
class AdministrationIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private LunetteServer serve(String... more) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0", "--control", control()));
        arguments.addAll(List.of(more));
        return LunetteServer.start(JavaRuntime.ofTheTests(), arguments.toArray(String[]::new));
    }

    private String control() {
        return folder.resolve("control").toString();
    }

    private String lunette(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--control", control()));
        return Program.of(LunetteServer.commandLine(JavaRuntime.ofTheTests(), line.toArray(String[]::new)))
                .run(TIMEOUT)
                .orFail()
                .output();
    }

    private static long capacityBytes(LunetteServer server, int lun) {
        String told = Client.libiscsi("iscsi-readcapacity16", "-s", server.url(lun));
        return Long.parseLong(told.strip());
    }

    @Test
    void initiatorsSeeTheNewSize() throws IOException {
        try (LunetteServer server =
                serve("ram=ram:64M", "file=file:" + folder.resolve("image") + ",size=32M", "null=null:1G")) {
            assertEquals(64 * MIB, capacityBytes(server, 0));
            lunette("resize", "ram", "96M");
            assertEquals(96 * MIB, capacityBytes(server, 0));
            Client.qemuIo(server.url(0), "write -P 5 60M 30M", "read -P 5 60M 30M");
            lunette("resize", "ram", "61M", "--force");
            assertEquals(61 * MIB, capacityBytes(server, 0));
            Client.qemuIo(server.url(0), "read -P 5 60M 1M");
            lunette("resize", "null", "2T");
            assertEquals(2L << 40, capacityBytes(server, 2));
        }
        assertFalse(Files.exists(Path.of(control())));
    }

    @Test
    void aFileThatGrowsIsNoticed() throws Exception {
        try (LunetteServer server = serve("file=file:" + folder.resolve("image") + ",size=32M")) {
            try (RandomAccessFile image =
                    new RandomAccessFile(folder.resolve("image").toFile(), "rw")) {
                image.setLength(48 * MIB);
            }
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (capacityBytes(server, 0) != 48 * MIB) {
                assertTrue(System.nanoTime() - deadline < 0, "it was not noticed");
                Thread.sleep(200);
            }
        }
    }

    @Test
    void identityStaysOverARestartInAnotherOrder() {
        String state = folder.resolve("state").toString();
        String first;
        try (LunetteServer server = serve("--state", state, "a=ram:1M", "b=ram:1M")) {
            first = Client.vpdPage(server.url(0), 0x83);
            assertTrue(lunette("show").contains(naa(first)), lunette("show"));
        }
        try (LunetteServer server = serve("--state", state, "b=ram:1M", "a=ram:1M")) {
            assertEquals(naa(first), naa(Client.vpdPage(server.url(1), 0x83)));
        }
    }

    private static String naa(String page) {
        Matcher naa = Pattern.compile("naa\\.([0-9A-F]{16})").matcher(page);
        assertTrue(naa.find(), page);
        return naa.group(1).toLowerCase(Locale.ROOT);
    }
}
