package org.lunette.it.scst;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.Requirements;
import org.lunette.it.vm.EmulatedMachine;
import org.lunette.it.vm.MachineRun;

/** The jar serves devices through a real SCST, and the machine's own SCSI stack uses them by way of scst_local. */
class ScstIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(25);
    private static final int MEMORY_MIB = 3072;
    private static final String MODULES = "SCST_MODULES";

    @TempDir
    private Path share;

    private Path modules;

    @BeforeEach
    void findModules() {
        String folder = System.getenv(MODULES);
        if (folder == null || folder.isEmpty()) {
            System.err.println("""

                    ****************************************************************************
                    *  NOT TESTED WITH A REAL SCST: the environment variable SCST_MODULES is not
                    *  set. It names a folder with scst.ko, scst_user.ko and scst_local.ko, built
                    *  for Debian's stock kernel in /boot.
                    ****************************************************************************
                    """);
        }
        assumeTrue(folder != null && !folder.isEmpty(), MODULES + " is not set: not tested with a real SCST");
        Requirements.programs(
                "fio", "mkfs.ext4", "fsck.ext4", "sg_inq", "sg_vpd", "sg_readcap", "sg_persist", "sg_reset", "sg_raw");
        modules = Path.of(folder);
    }

    private MachineRun run(String scenario) throws IOException {
        String jar = System.getProperty("lunette.jar");
        if (jar == null) {
            throw new AssertionError("the system property lunette.jar is not set: run this test by mvn verify");
        }
        Files.copy(Path.of(jar), share.resolve("lunette.jar"));
        MachineRun run = EmulatedMachine.plain()
                .withScst(modules)
                .sharing(share)
                .withMemoryMib(MEMORY_MIB)
                .run("scst-" + scenario, script("lib") + script(scenario), TIMEOUT);
        assertEquals(0, run.exitStatus(), run.output() + run.kernelLog());
        assertTrue(run.output().contains("==== all done"), run.output());
        return run;
    }

    private static String script(String name) throws IOException {
        try (InputStream script = ScstIT.class.getResourceAsStream("/scst/" + name + ".sh")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aDiskWorks() throws IOException {
        assertEquals(List.of(), run("disk").kernelTrouble());
    }

    @Test
    void aBusyDeviceSurvivesResetsAndAbortsAndGoesWithoutATrace() throws IOException {
        List<String> trouble = run("load").kernelTrouble();
        assertEquals(
                List.of(),
                trouble.stream().filter(line -> !line.contains("I/O error")).toList(),
                "errors of a disk that was taken away are all right, nothing else is");
    }

    @Test
    void aProcessThatIsStoppedAndTracedGoesOn() throws IOException {
        Requirements.programs("strace");
        assertEquals(List.of(), run("restarts").kernelTrouble());
    }

    @Test
    void commandsArriveThatScstKnowsAndThatItDoesNot() throws IOException {
        Requirements.programs("sg_write_x", "sg_sanitize", "sg_unmap", "sg_get_lba_status", "sg_compare_and_write");
        assertEquals(List.of(), run("commands").kernelTrouble());
    }

    @Test
    void twoInitiatorsReserveADiskAndSeeItGrow() throws IOException {
        List<String> trouble = run("cluster").kernelTrouble();
        assertEquals(
                List.of(),
                trouble.stream()
                        .filter(line -> !line.contains("critical nexus error"))
                        .toList(),
                "the kernel tells of the writes that a reservation refuses");
    }

    @Test
    void refusalsSayWhatToDo() throws IOException {
        assertEquals(List.of(), run("refusals").kernelTrouble());
    }
}
