package org.lunette.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the machine that is run to its end; standard output and standard error are kept together, in order. */
public final class Program {

    private static final Duration DUMP_TIMEOUT = Duration.ofSeconds(20);

    private final List<String> commandLine;

    private Program(List<String> commandLine) {
        this.commandLine = List.copyOf(commandLine);
    }

    /** The program and its arguments, as they stand: no shell reads them. */
    public static Program of(String... commandLine) {
        return new Program(List.of(commandLine));
    }

    /** The program and its arguments, as they stand: no shell reads them. */
    public static Program of(List<String> commandLine) {
        return new Program(commandLine);
    }

    /**
     * Runs to the end.
     *
     * @throws AssertionError when the program is still running after {@code timeout}; it is killed, and what it said is
     *     in the message
     */
    public Outcome run(Duration timeout) {
        try {
            Path output = Files.createTempFile("lunette-program", ".out");
            Process process = null;
            try {
                process = start(output);
                boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
                String servers = ended ? "" : threadsOfServers();
                if (!ended) {
                    kill(process);
                    process.waitFor();
                }
                String said = Files.readString(output, StandardCharsets.ISO_8859_1);
                if (!ended) {
                    throw new AssertionError(this + " did not end within " + timeout + "; it said:\n" + said + servers);
                }
                return new Outcome(toString(), process.exitValue(), said);
            } finally {
                kill(process); // where this thread was interrupted
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + this, e);
        }
    }

    private static void kill(Process process) {
        if (process != null && process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** What the Java processes do that the tests have started: one of them may be what the program waits for. */
    private static String threadsOfServers() {
        String jstack =
                Path.of(System.getProperty("java.home"), "bin", "jstack").toString();
        StringBuilder dumps = new StringBuilder();
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .forEach(java -> dumps.append("\n---- threads of ")
                        .append(java.pid())
                        .append('\n')
                        .append(Program.of(jstack, Long.toString(java.pid()))
                                .run(DUMP_TIMEOUT)
                                .output()));
        return dumps.toString();
    }

    private Process start(Path output) throws IOException {
        return new ProcessBuilder(commandLine)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
    }

    @Override
    public String toString() {
        return String.join(" ", commandLine);
    }

    /**
     * How a program ended.
     *
     * @param program its command line, for messages
     * @param exitStatus as the shell would see it
     * @param output everything it printed
     */
    public record Outcome(String program, int exitStatus, String output) {

        /** This outcome, where the program said it went well; otherwise an error with all it printed. */
        public Outcome orFail() {
            if (exitStatus != 0) {
                throw new AssertionError(program + " ended with status " + exitStatus + ":\n" + output);
            }
            return this;
        }
    }
}
