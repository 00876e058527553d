package org.lunette.it.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine itself: were it to swallow a failure, every test that runs on it would be worth nothing. */
class EmulatedMachineIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Test
    void passesArgumentsInAndStatusOutputAndFilesOut(@TempDir Path share) throws IOException {
        String script = """
                echo "$# arguments, the second is $2"
                touch /usr/share/written-in-the-guest
                echo "from the guest" > made
                exit 7
                """;
        MachineRun run =
                EmulatedMachine.plain().sharing(share).run("status", script, TIMEOUT, "one", "two and \"three\"");

        assertEquals(7, run.exitStatus(), run.output());
        assertTrue(run.output().contains("2 arguments, the second is two and \"three\""), run.output());
        assertEquals("from the guest\n", Files.readString(share.resolve("made")));
        assertFalse(Files.exists(Path.of("/usr/share/written-in-the-guest")), "the guest wrote to the host");
        assertThrows(AssertionError.class, run::orFail);
    }

    @Test
    void aPanicIsAFailure() {
        MachineRun run = EmulatedMachine.plain().run("panic", "echo c > /proc/sysrq-trigger; sleep 60", TIMEOUT);

        assertEquals(125, run.exitStatus(), run.output());
        assertFalse(run.kernelTrouble().isEmpty(), run.kernelLog());
    }

    @Test
    void aScriptThatHangsIsAFailure() {
        MachineRun run = EmulatedMachine.plain().run("hang", "echo started; sleep 600", Duration.ofSeconds(20));

        assertEquals(124, run.exitStatus(), run.output());
    }
}
