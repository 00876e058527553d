package org.lunette.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java to run the jar on.
 *
 * @param home its folder
 */
public record JavaRuntime(Path home) {

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The one that runs the tests. */
    public static JavaRuntime ofTheTests() {
        return new JavaRuntime(Path.of(System.getProperty("java.home")));
    }

    /** The one of the tests and, where {@code JAVA25_HOME} or {@code /usr/lib/jvm} has one, a Java 25. */
    public static List<JavaRuntime> all() {
        List<JavaRuntime> all = new ArrayList<>(List.of(ofTheTests()));
        String home25 = System.getenv("JAVA25_HOME");
        if (home25 != null && !home25.isEmpty()) {
            all.add(new JavaRuntime(Path.of(home25)));
        } else if (Files.isDirectory(INSTALLED)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(INSTALLED, "*25*")) {
                for (Path home : found) {
                    if (Files.isExecutable(home.resolve("bin/java"))) {
                        all.add(new JavaRuntime(home));
                        break;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    /** The command that starts it. */
    public String command() {
        return home.resolve("bin/java").toString();
    }

    @Override
    public String toString() {
        return home.getFileName().toString();
    }
}
