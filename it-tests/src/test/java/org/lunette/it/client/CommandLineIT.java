package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;

/** {@code java -jar lunette.jar}: how it starts, how it ends, and what it says to those who call it wrongly. */
class CommandLineIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** What the issue asks for is 2 s on a machine at rest; the tests' machine may be busy. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(6);

    private static final int WRONGLY_CALLED = 2;
    private static final int FAILED = 1;

    static List<JavaRuntime> javas() {
        return JavaRuntime.all();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void startsQuicklyAndWithoutAWarningAndEndsInOrder(JavaRuntime java) throws IOException {
        LunetteServer server = LunetteServer.start(java, "serve", "--listen", "127.0.0.1:0");
        System.out.println("start-up on " + java + ": " + server.startUp().toMillis() + " ms");
        try (server;
                Socket portal = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertTrue(portal.isConnected());
            assertTrue(server.startUp().compareTo(STARTS_WITHIN) < 0, "it took " + server.startUp());
            assertTrue(server.output().contains("disk0") && server.output().contains("ram:1G"), server.output());
        }
        assertThrows(IOException.class, () -> new Socket(InetAddress.getLoopbackAddress(), server.port()).close());
    }

    @Test
    void controlCEndsItInOrderWhileASessionIsOpen() throws IOException {
        LunetteServer server = LunetteServer.serve("disk=ram:64M");
        try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Client.qemuIo(server.url(0), "write 0 1M");
            Program.of("kill", "-INT", Long.toString(server.process().pid()))
                    .run(TIMEOUT)
                    .orFail();
            assertEquals(128 + 2, server.awaitEnd(), server.output());
            assertEquals(-1, idle.getInputStream().read(), "the connection is not closed");
        }
    }

    /** Whatever it is about to load or to open then. */
    @Test
    void aSignalThatOvertakesTheStartEndsItWithoutAWord(@TempDir Path folder) throws Exception {
        String[] arguments = {
            "serve", "--listen", "127.0.0.1:0", "a=ram:1M", "b=file:" + folder.resolve("b") + ",size=1M"
        };
        long startMs = 0;
        try (LunetteServer whole = LunetteServer.start(JavaRuntime.ofTheTests(), arguments)) {
            startMs = whole.startUp().toMillis();
        }
        int steps = 10;
        for (int step = 1; step <= steps; step++) {
            Process process = new ProcessBuilder(LunetteServer.commandLine(JavaRuntime.ofTheTests(), arguments))
                    .redirectErrorStream(true)
                    .start();
            boolean early = !process.waitFor(startMs * step / steps, TimeUnit.MILLISECONDS);
            process.toHandle().destroy(); // unlike that of the process, it leaves the output open
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(early, said);
            assertEquals(128 + 15, process.waitFor(), said);
            assertFalse(said.contains("Exception") || said.contains("\tat ") || said.contains("Error"), said);
        }
    }

    @Test
    void withoutArgumentsItServesOneRamDiskAtTheWellKnownPort() {
        Assumptions.assumeTrue(isFree(3260), "port 3260 of this machine is taken");
        try (LunetteServer server = LunetteServer.start(JavaRuntime.ofTheTests(), "serve")) {
            assertEquals(List.of("127.0.0.1:3260"), server.portals());
            assertEquals(
                    Long.toString(1L << 30),
                    Client.libiscsi("iscsi-readcapacity16", "--size", server.url(0))
                            .strip());
        }
    }

    @Test
    void helpAndVersionAreTold() {
        Program.Outcome help = lunette("--help").orFail();
        assertTrue(help.output().contains("serve"), help.output());
        Program.Outcome serveHelp = lunette("serve", "--help").orFail();
        for (String told : List.of(
                "--listen", "--scst", "ram:SIZE", "file:PATH", "direct", "dsync", "read-only", "block:", "null:")) {
            assertTrue(serveHelp.output().contains(told), told + " is not in\n" + serveHelp.output());
        }
        Program.Outcome version = lunette("--version").orFail();
        assertTrue(version.output().matches("(?s)Lunette \\d+\\.\\d+\\.\\d+.*"), version.output());
    }

    static Stream<Arguments> wrongCalls() {
        return Stream.of(
                call(WRONGLY_CALLED, "command"),
                call(WRONGLY_CALLED, "sreve", "sreve"),
                call(WRONGLY_CALLED, "--lissen", "serve", "--lissen", "127.0.0.1:0"),
                call(WRONGLY_CALLED, "nonsense", "serve", "nonsense"),
                call(WRONGLY_CALLED, "two devices have the name 'a'", "serve", "a=ram:1M", "a=ram:2M"),
                call(WRONGLY_CALLED, "-bad", "serve", "-bad=ram:1M"),
                call(WRONGLY_CALLED, "99999", "serve", "--listen", "127.0.0.1:99999"),
                call(WRONGLY_CALLED, "::1", "serve", "--listen", "::1:3260"),
                call(WRONGLY_CALLED, "--scst and --listen", "serve", "--scst", "--listen", "127.0.0.1:0"),
                call(WRONGLY_CALLED, "NAME:FILE", "serve", "--incoming-user", "alice"),
                call(WRONGLY_CALLED, "no such file", "serve", "--incoming-user", "alice:/no/such/secret"),
                call(FAILED, "--allow-anonymous", "serve", "--listen", "0.0.0.0:0", "a=ram:1M"),
                call(FAILED, "tape", "serve", "a=tape:1G"),
                call(FAILED, "12Q", "serve", "a=ram:12Q"),
                call(FAILED, "colour", "serve", "a=file:/tmp/x,colour=red"),
                call(FAILED, "/no/such/folder/disk", "serve", "a=file:/no/such/folder/disk,size=1M"),
                call(FAILED, "/no/such/disk", "serve", "a=file:/no/such/disk"),
                call(FAILED, "no-such-host.invalid", "serve", "--listen", "no-such-host.invalid:3260"));
    }

    private static Arguments call(int status, String told, String... arguments) {
        return Arguments.of(status, told, List.of(arguments));
    }

    @ParameterizedTest
    @MethodSource("wrongCalls")
    void aWrongCallIsRefusedAndSaysWhatIsWrong(int status, String told, List<String> arguments) {
        Program.Outcome outcome = lunette(arguments.toArray(String[]::new));
        assertEquals(status, outcome.exitStatus(), outcome.output());
        assertTrue(outcome.output().contains(told), "'" + told + "' is not in\n" + outcome.output());
        assertReadsWell(outcome.output());
    }

    @Test
    void aPortThatIsTakenIsSaidSo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program.Outcome outcome = lunette("serve", "--listen", "127.0.0.1:" + taken.getLocalPort(), "a=ram:1M");
            assertEquals(FAILED, outcome.exitStatus(), outcome.output());
            assertTrue(outcome.output().contains(Integer.toString(taken.getLocalPort())), outcome.output());
            assertTrue(outcome.output().matches("(?is).*\\b(in use|taken)\\b.*"), outcome.output());
            assertReadsWell(outcome.output());
        }
    }

    @Test
    void nothingIsLeftWhereOneOfTheDevicesIsWrong(@TempDir Path folder) {
        Program.Outcome outcome = lunette(
                "serve",
                "--listen",
                "127.0.0.1:0",
                "a=file:" + folder.resolve("a") + ",size=1M",
                "b=file:/no/such/disk");
        assertEquals(FAILED, outcome.exitStatus(), outcome.output());
        assertTrue(outcome.output().contains("b: "), outcome.output());
        assertReadsWell(outcome.output());
    }

    @Test
    void withoutScstItSaysWhatIsMissing() {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/scst_user")), "this machine has an SCST");
        Program.Outcome outcome = lunette("serve", "--scst", "a=ram:1M");
        assertEquals(FAILED, outcome.exitStatus(), outcome.output());
        assertTrue(outcome.output().contains("/dev/scst_user"), outcome.output());
        assertReadsWell(outcome.output());
    }

    private static void assertReadsWell(String said) {
        assertTrue(said.startsWith("lunette: "), said);
        assertFalse(said.contains("Exception") || said.contains("\tat ") || said.contains("WARN"), said);
        assertTrue(said.lines().count() <= 12, "a user has to search for the reason:\n" + said);
        assertTrue(said.lines().allMatch(line -> line.length() <= 300), said);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static Program.Outcome lunette(String... arguments) {
        return Program.of(LunetteServer.commandLine(JavaRuntime.ofTheTests(), arguments))
                .run(TIMEOUT);
    }
}
