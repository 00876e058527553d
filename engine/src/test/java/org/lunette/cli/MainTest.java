package org.lunette.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.admin.AdminSocket;
import org.lunette.app.Server;
import org.lunette.config.DeviceSettings;
import org.lunette.config.FilterSettings;
import org.lunette.config.ListenAddress;
import org.lunette.config.ServeSettings;
import picocli.CommandLine;

/** What a user reads: help, and what is wrong. Never a stack trace. What is not refused would be served for ever. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpSaysWhatThereIs() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString().contains("serve"), out::toString);
    }

    @Test
    void helpOfServeListsEveryKindOfStore() {
        assertEquals(0, run("serve", "--help"));
        for (String kind : new String[] {
            "ram:SIZE", "file:PATH", "block:PATH", "null:SIZE", "--listen", "--scst", "--filter", "error[,opcode"
        }) {
            assertTrue(out.toString().contains(kind), () -> kind + " is missing in\n" + out);
        }
    }

    /** A service without a locale has no other characters: they would come out as question marks. */
    @Test
    void whatIsSaidIsAscii() {
        run("--help");
        run("serve", "--help");
        run("serve", "--listen", "127.0.0.1:0", "a=ram");
        assertTrue((out.toString() + err).chars().allMatch(c -> c < 128), () -> out.toString() + err);
    }

    @Test
    void withoutACommandTheUserIsToldSo() {
        assertRefused(2, "a command is missing");
    }

    @Test
    void aMistypedCommandGetsASuggestion() {
        assertRefused(2, "Did you mean: lunette serve", "serv");
    }

    @Test
    void wrongArgumentsAreNamedWithWhatWouldBeRight() {
        assertRefused(2, "'disk0' is not NAME=STORE", "serve", "disk0");
        assertRefused(2, "'[::1' is not HOST:PORT", "serve", "--listen", "[::1");
        assertRefused(2, "--scst and --listen exclude each other", "serve", "--scst", "--listen", "127.0.0.1");
        assertRefused(2, "--scst-version goes with --scst", "serve", "--scst-version", "3.7");
        assertRefused(2, "'a' is not NAME=FILTER", "serve", "--filter", "a", "a=ram:1M");
        assertRefused(2, "there is no device 'b'", "serve", "--filter", "b=hang", "a=ram:1M");
        assertRefused(2, "two devices have the name 'a'", "serve", "a=ram:1M", "a=ram:2M");
    }

    @Test
    void whatCannotBeStartedIsNamed() {
        assertRefused(
                1, "there are block, file, mirror, null, pattern, ram", "serve", "--listen", "127.0.0.1:0", "a=rma:1G");
        String[] wrong = {"serve", "--listen", "127.0.0.1:0", "--filter", "a=dely", "a=ram:1M"};
        assertRefused(1, "there is no filter 'dely'; there are corrupt, delay", wrong);
        assertRefused(1, "'x' is not a size", "serve", "--listen", "127.0.0.1:0", "a=ram:x");
    }

    @Test
    void aServerThatIsNotThereIsNamed(@TempDir Path folder) {
        String nobody = folder.resolve("nobody.sock").toString();
        assertRefused(1, "no server can be asked at " + nobody, "show", "--control", nobody);
    }

    @Test
    void aControlSocketThatCannotBeMadeIsNamed(@TempDir Path folder) {
        String nowhere = folder.resolve("missing/lunette.sock").toString();
        assertRefused(1, "no socket can be made in", "serve", "--listen", "127.0.0.1:0", "--control", nowhere);
    }

    @Test
    void whatIsServedIsShownAndResized(@TempDir Path folder) throws Exception {
        ServeSettings settings = ServeSettings.conclude(
                List.of(DeviceSettings.parse("disk0=ram:3M,block-size=4096"), DeviceSettings.parse("b=null:1G")),
                List.of(ListenAddress.parse("127.0.0.1:0")),
                false,
                Optional.empty());
        String control = folder.resolve("s").toString();
        try (Server server = Server.start(settings, Optional.of(AdminSocket.bind(Path.of(control))))) {
            assertEquals(0, run("show", "--control", control));
            String port = ":" + server.portals().get(0).getPort();
            for (String part : new String[] {port, "LUN", "disk0", "3 MiB", "4096", "ram:3M", "1 GiB", "null:1G"}) {
                assertTrue(out.toString().contains(part), () -> part + " is missing in\n" + out);
            }
            out.getBuffer().setLength(0);
            assertEquals(0, run("show", "--json", "--control", control));
            assertTrue(out.toString().contains("\"sizeBytes\": 3145728,"), out::toString);
            out.getBuffer().setLength(0);
            assertEquals(0, run("resize", "disk0", "5M", "--control", control));
            assertEquals("disk0 has 5 MiB (5242880 bytes) now", out.toString().strip());
            assertRefused(1, "less than the 5 MiB", "resize", "disk0", "4M", "--control", control);
            assertRefused(2, "'NAME'", "resize");
            assertEquals(0, run("resize", "disk0", "4M", "--force", "--control", control));
            out.getBuffer().setLength(0);
            assertEquals(0, run("resize", "b", "1000448", "--force", "--control", control));
            assertEquals("b has 977 KiB (1000448 bytes) now", out.toString().strip());
            out.getBuffer().setLength(0);
            assertEquals(0, run("resize", "b", "999936", "--force", "--control", control));
            assertEquals("b has 999936 bytes now", out.toString().strip());
        }
        assertFalse(Files.exists(Path.of(control)));
    }

    @Test
    void filtersAreShownAndChanged(@TempDir Path folder) throws Exception {
        ServeSettings settings = ServeSettings.conclude(
                        List.of(DeviceSettings.parse("a=ram:1M"), DeviceSettings.parse("b=ram:1M")),
                        List.of(ListenAddress.parse("127.0.0.1:0")),
                        false,
                        Optional.empty())
                .withFilters(List.of(
                        FilterSettings.parse("a=delay,read=20ms,seed=5"), FilterSettings.parse("a=error,lba=1-2,off")));
        String control = folder.resolve("s").toString();
        try (Server server = Server.start(settings, Optional.of(AdminSocket.bind(Path.of(control))))) {
            assertEquals("filter delay,read=20ms,seed=5 of a", server.filters().get(0));
            assertPrints("delay,read=20ms,seed=5", "filter", "show", "--control", control);
            assertPrints(
                    "a: delay,read=1ms,seed=5,write=2ms",
                    "filter",
                    "set",
                    "a",
                    "delay",
                    "read=1ms",
                    "write=2ms",
                    "--control",
                    control);
            assertPrints("a: delay,seed=5,write=2ms", "filter", "set", "a", "1", "read=", "--control", control);
            assertPrints(" is on", "filter", "on", "a", "error", "--control", control);
            assertPrints(" is off", "filter", "off", "a", "2", "--control", control);
            assertRefused(1, "read=soon is no time", "filter", "set", "a", "delay", "read=soon", "--control", control);
            assertRefused(1, "b has no filter 'delay'", "filter", "off", "b", "delay", "--control", control);
        }
    }

    private void assertPrints(String part, String... args) {
        out.getBuffer().setLength(0);
        assertEquals(0, run(args), err::toString);
        assertTrue(out.toString().contains(part), out::toString);
    }

    @Test
    void accessStatesAreShownAndChanged(@TempDir Path folder) throws Exception {
        ServeSettings settings = ServeSettings.conclude(
                List.of(DeviceSettings.parse("a=ram:1M"), DeviceSettings.parse("b=ram:1M")),
                List.of(ListenAddress.parse("127.0.0.1:0,group=1"), ListenAddress.parse("127.0.0.2:0,group=2")),
                false,
                Optional.empty());
        String control = folder.resolve("s").toString();
        try (Server server = Server.start(settings, Optional.of(AdminSocket.bind(Path.of(control))))) {
            assertEquals(2, server.portals().size());
            assertEquals(0, run("alua", "set", "2", "standby", "--control", control));
            assertEquals("group 2 is standby now for a, b", out.toString().strip());
            assertEquals(0, run("alua", "set", "2", "unavailable", "--device", "b", "--control", control));
            out.getBuffer().setLength(0);
            assertEquals(0, run("alua", "show", "--control", control));
            List<String> states = out.toString()
                    .lines()
                    .skip(1)
                    .map(line -> line.split(" +")[0] + line.split(" +")[1] + " " + line.split(" +")[2])
                    .toList();
            assertEquals(List.of("a1 optimized", "a2 standby", "b1 optimized", "b2 unavailable"), states);
            assertRefused(1, "there are [1, 2]", "alua", "set", "3", "standby", "--control", control);
            assertRefused(1, "'asleep' is no state", "alua", "set", "1", "asleep", "--control", control);
            assertRefused(1, "no device 'c'", "alua", "set", "1", "standby", "--device", "c", "--control", control);
            assertRefused(2, "show or set", "alua");
        }
    }

    @Test
    void withoutScstTheUserIsToldWhatToLoad() {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/scst_user")), "SCST is loaded here");
        assertRefused(1, "modprobe scst_user", "serve", "--scst");
    }

    private void assertRefused(int exitStatus, String message, String... arguments) {
        err.getBuffer().setLength(0);
        assertEquals(exitStatus, run(arguments));
        assertTrue(err.toString().startsWith("lunette: "), err::toString);
        assertTrue(err.toString().contains(message), err::toString);
        assertFalse(err.toString().contains("\tat "), err::toString);
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
