package org.lunette.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Programs of this machine. */
final class Programs {
    private static final int START_TIMEOUT_S = 30;

    private Programs() {}

    /** A program that has been started, and the file with what it says. */
    record Started(Process process, Path output) implements AutoCloseable {
        String said() {
            try {
                return Files.readString(output, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits until something is so; ends the program if it does not come to that. */
        void awaitThat(BooleanSupplier ready) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_TIMEOUT_S);
            while (!ready.getAsBoolean()) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    String said = said();
                    close();
                    throw new IllegalStateException("it does not start:\n" + said);
                }
                Thread.sleep(20);
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(START_TIMEOUT_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                Files.deleteIfExists(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static Started start(List<String> commandLine) throws IOException {
        Path output = Files.createTempFile("lunette-compare", ".out");
        Process process = new ProcessBuilder(commandLine)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Started(process, output);
    }

    /** Runs a program to its end, and returns what it says. */
    static String run(List<String> commandLine, int timeoutS) throws IOException, InterruptedException {
        try (Started program = start(commandLine)) {
            if (!program.process().waitFor(timeoutS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(commandLine + " has not ended after " + timeoutS + " s");
            }
            if (program.process().exitValue() != 0) {
                throw new IllegalStateException(commandLine + " failed:\n" + program.said());
            }
            return program.said();
        }
    }

    /** Whether there is a program of this name. */
    static boolean exists(String name) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
