package org.lunette.it.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a test needs of the machine. A missing program skips the test, and the reason names what is missing; under
 * {@code -Dlunette.it.complete=true}, which {@code run-all} sets, it fails the test instead.
 */
public final class Requirements {

    private static final boolean COMPLETE = Boolean.getBoolean("lunette.it.complete");
    private static final List<String> PROGRAM_FOLDERS =
            List.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin");

    private Requirements() {}

    /** Skips or fails the calling test unless each of these programs is installed. */
    public static void programs(String... names) {
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (PROGRAM_FOLDERS.stream().noneMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
                missing.add(name);
            }
        }
        require(missing.isEmpty(), "these programs are not installed: " + String.join(", ", missing));
    }

    /** Skips or fails the calling test unless {@code present}. */
    public static void require(boolean present, String reason) {
        if (!present && COMPLETE) {
            throw new AssertionError(reason);
        }
        assumeTrue(present, reason);
    }
}
