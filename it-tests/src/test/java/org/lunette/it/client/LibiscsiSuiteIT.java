package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.client.ConformanceReport.Result;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;

/**
 * libiscsi's conformance suite, all of it. Many of its tests skip themselves unless the unit is of a certain kind, so
 * several kinds are served: each test must pass without a skip on one of them, and fail on none. A table of all results
 * is printed.
 */
class LibiscsiSuiteIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Pattern SUITE = Pattern.compile("^ALL\\.(\\w+)$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile(
            "^  Test: (\\S+) \\.\\.\\.(.*?)(?<!\\[)(passed|FAILED)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern RAN = Pattern.compile("^ +tests +(\\d+) +(\\d+)", Pattern.MULTILINE);

    private final ConformanceReport report = new ConformanceReport();
    private final StringBuilder saidOfFailures = new StringBuilder();

    /** A logical unit, and which suites are for it. */
    private record Unit(String name, String store, Predicate<String> suites) {}

    /**
     * Not run: GetLBAStatus where a physical block has several logical ones, since it demands that the first descriptor
     * is of another LBA than it asked for; WriteAtomic16 where less than 256 blocks are written atomically, since it
     * writes as many whatever the limit; Sanitize on more than one unit, since it demands operations that last longer
     * than 5 s; what writes, where writing is refused.
     */
    private static List<Unit> units(Path folder) {
        Set<String> reading = Set.of(
                "ReadOnly",
                "Inquiry",
                "Mandatory",
                "ModeSense6",
                "Read6",
                "Read10",
                "Read12",
                "Read16",
                "ReadCapacity10",
                "ReadCapacity16",
                "ReportSupportedOpcodes",
                "TestUnitReady");
        Set<String> oddOnOthers = Set.of("GetLBAStatus", "Sanitize");
        return List.of(
                new Unit("thin", "ram:64M,encrypted,block-size=4096,maintenance-rate=8", suite -> true),
                new Unit("removable", "ram:64M,removable", suite -> !oddOnOthers.contains(suite)),
                new Unit("read-only", "file:" + folder.resolve("read-only") + ",read-only", reading::contains),
                new Unit(
                        "thick",
                        "file:" + folder.resolve("thick") + ",size=64M,thick",
                        suite -> !oddOnOthers.contains(suite) && !suite.equals("WriteAtomic16")));
    }

    @Test
    void everyTestPassesWithoutASkipOnAUnitAndFailsOnNone(@TempDir Path folder) throws IOException {
        Requirements.programs("iscsi-test-cu");
        List<String> suites = suites();
        List<Unit> units = units(folder);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("read-only").toFile(), "rw")) {
            file.setLength(64 << 20);
        }
        try (LunetteServer server = serve(units)) {
            for (int lun = 0; lun < units.size(); lun++) {
                for (String suite : suites) {
                    if (units.get(lun).suites.test(suite)) {
                        run(server, lun, units.get(lun).name, suite);
                    }
                }
            }
        } finally {
            System.out.println(report.table());
        }
        assertEquals(List.of(), report.failed(), saidOfFailures.toString());
        assertEquals(List.of(), report.nowherePassed(), "passed on no unit without a skip");
    }

    /** All that the program knows. MultipathIO comes first: it takes a block for zeroed that it does not zero. */
    private static List<String> suites() {
        List<String> suites = new ArrayList<>(SUITE.matcher(Program.of("iscsi-test-cu", "--list")
                        .run(TIMEOUT)
                        .orFail()
                        .output())
                .results()
                .map(suite -> suite.group(1))
                .toList());
        assertTrue(suites.size() > 40 && suites.remove("MultipathIO"), "too few suites: " + suites);
        suites.add(0, "MultipathIO");
        suites.remove("iSCSICHAP"); // which wants users: ChapIT runs it, where the program has it
        return suites;
    }

    private static LunetteServer serve(List<Unit> units) {
        List<String> arguments =
                new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"));
        units.forEach(unit -> arguments.add(unit.name + "=" + unit.store));
        return LunetteServer.start(JavaRuntime.ofTheTests(), arguments.toArray(String[]::new));
    }

    private void run(LunetteServer server, int lun, String unit, String suite) {
        List<String> commandLine = new ArrayList<>(
                Arrays.asList("iscsi-test-cu", "--dataloss", "--allow-sanitize", "--test=ALL." + suite));
        // By two paths only where they are the subject: other tests leave a reservation of the second one behind.
        long paths = suite.equals("MultipathIO") ? 2 : 1;
        server.portals().stream().limit(paths).forEach(portal -> commandLine.add(LunetteServer.url(lun, portal)));
        String said = Program.of(commandLine).run(TIMEOUT).output();
        Matcher ran = RAN.matcher(said);
        assertTrue(ran.find(), suite + " on " + unit + ", no summary:\n" + said);
        int tests = 0;
        boolean failed = false;
        for (Matcher test = TEST.matcher(said); test.find(); tests++) {
            Result result = test.group(3).equals("FAILED")
                    ? Result.FAILED
                    : test.group(2).contains("[SKIPPED]") ? Result.SKIPPED : Result.PASSED;
            failed |= result == Result.FAILED;
            report.add(unit, suite + "." + test.group(1), result);
        }
        assertEquals(ran.group(2), Integer.toString(tests), "not every test was found in\n" + said);
        assertFalse(tests == 0, "there is no such suite:\n" + said);
        if (failed) {
            saidOfFailures
                    .append("\n---- ")
                    .append(suite)
                    .append(" on ")
                    .append(unit)
                    .append('\n')
                    .append(said);
        }
    }
}
