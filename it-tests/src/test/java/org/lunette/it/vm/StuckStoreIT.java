package org.lunette.it.vm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Requirements;

/** The jar serves a block device that hangs, as the kernel's device mapper has it, to the kernel's own initiator. */
class StuckStoreIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(9);

    @Test
    void itsCommandsEndInTimeAndTheOtherUnitGoesOn(@TempDir Path share) throws IOException {
        Requirements.programs("iscsid", "iscsiadm", "dmsetup", "losetup", "sg_raw", "sg_turs", "sg_inq");
        String jar = System.getProperty("lunette.jar");
        if (jar == null) {
            throw new AssertionError("the system property lunette.jar is not set: run this test by mvn verify");
        }
        Files.copy(Path.of(jar), share.resolve("lunette.jar"));
        MachineRun run = EmulatedMachine.plain()
                .sharing(share)
                .run(
                        "stuck-store",
                        script("initiator-lib.sh") + script("stuck-store.sh"),
                        TIMEOUT,
                        "127.0.0.1:3260",
                        LunetteServer.TARGET,
                        "2")
                .orFail();
        assertTrue(run.output().contains(": all done"), run.output());
    }

    private static String script(String name) throws IOException {
        try (InputStream script = StuckStoreIT.class.getResourceAsStream("/vm/" + name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
