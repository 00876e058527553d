package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;

/** libiscsi's conformance tests of what Lunette implements. A table of all results is printed at the end. */
class LibiscsiSuiteIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Pattern TEST =
            Pattern.compile("^  Test: (\\S+) \\.\\.\\.(.*?)(passed|FAILED)$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern RAN = Pattern.compile("^ +tests +(\\d+) +(\\d+)", Pattern.MULTILINE);

    private static final List<String> TABLE = new ArrayList<>();

    private static LunetteServer server;

    @BeforeAll
    static void serve() {
        Requirements.programs("iscsi-test-cu");
        server = LunetteServer.serve("disk=ram:256M");
    }

    @AfterAll
    static void end() {
        System.out.println("---- iscsi-test-cu\n" + String.join("\n", TABLE));
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TestUnitReady",
                "Inquiry",
                "Mandatory",
                "ReadCapacity10",
                "ReadCapacity16",
                "ModeSense6",
                "ReportSupportedOpcodes",
                "Read6",
                "Read10",
                "Read12",
                "Read16",
                "Write10",
                "Write12",
                "Write16",
                "Verify10",
                "Verify12",
                "Verify16",
                "ReadDefectData10",
                "ReadDefectData12",
                "PrinReadKeys",
                "PrinServiceactionRange",
                "PrinReportCapabilities",
                "ProutRegister",
                "ProutReserve",
                "ProutClear",
                "ProutPreempt",
                "NoMedia",
                "ReadOnly",
                "iSCSIcmdsn",
                "iSCSIdatasn",
                "iSCSIResiduals",
                "iSCSITMF"
            })
    void passes(String suite) {
        Program.Outcome outcome = Program.of("iscsi-test-cu", "--dataloss", "--test=ALL." + suite, server.url(0))
                .run(TIMEOUT);
        String said = outcome.output();
        Matcher ran = RAN.matcher(said);
        assertTrue(ran.find(), "no summary:\n" + said);
        List<String> failed = new ArrayList<>();
        int tests = 0;
        for (Matcher test = TEST.matcher(said); test.find(); tests++) {
            boolean skipped = test.group(2).contains("[SKIPPED]");
            String result = skipped ? "skipped" : test.group(3);
            TABLE.add(String.format("%-24s %-28s %s", suite, test.group(1), result));
            if (test.group(3).equals("FAILED")) {
                failed.add(test.group(1));
            }
        }
        assertEquals(ran.group(2), Integer.toString(tests), "not every test was found in\n" + said);
        assertFalse(tests == 0, "there is no such suite:\n" + said);
        assertTrue(failed.isEmpty(), failed + " failed:\n" + said);
    }
}
