package org.lunette.it.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The executable jar as a process of its own, serving over iSCSI on ports that the system chooses. {@link #close} ends
 * it by SIGTERM and fails where it did not end in order, or printed a warning, an error or a stack trace at any time.
 */
public final class LunetteServer implements AutoCloseable {

    /** The name of the target. */
    public static final String TARGET = "iqn.2026-11.org.lunette:target";

    private static final Pattern URL = Pattern.compile("iscsi://(\\S+:\\d+)/" + Pattern.quote(TARGET) + "/\\d+");
    private static final String READY = "Ready.";
    private static final Pattern COMPLAINT = Pattern.compile("WARN|ERROR|Exception|^\\s+at [\\w.$]+\\(|LEAK");
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private final long startedNanos = System.nanoTime();
    private long readyNanos;
    private boolean ended;
    private boolean awaited;
    private Pattern expectedComplaint;

    private LunetteServer(List<String> commandLine) throws IOException {
        process = new ProcessBuilder(heedingControlC(commandLine))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** A shell's background job ignores SIGINT, and so would all that it starts: tests are run like that, too. */
    private static List<String> heedingControlC(List<String> commandLine) {
        List<String> heeding = new ArrayList<>(List.of("env", "--default-signal=INT"));
        heeding.addAll(commandLine);
        return heeding;
    }

    /** The command line that gives the jar these arguments. */
    public static List<String> commandLine(JavaRuntime java, String... arguments) {
        String jar = System.getProperty("lunette.jar");
        if (jar == null) {
            throw new AssertionError("the system property lunette.jar is not set: run this test by mvn verify");
        }
        List<String> line = new ArrayList<>(
                List.of(java.command(), "-jar", Path.of(jar).normalize().toString()));
        line.addAll(List.of(arguments));
        return line;
    }

    /** Serves these devices, each {@code NAME=STORE}, at one port of 127.0.0.1. */
    public static LunetteServer serve(String... devices) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0"));
        arguments.addAll(List.of(devices));
        return start(JavaRuntime.ofTheTests(), arguments.toArray(String[]::new));
    }

    /**
     * Starts with exactly these arguments, and waits until it says that it is ready.
     *
     * @throws AssertionError if it ends instead, or takes longer than any sane start
     */
    public static LunetteServer start(JavaRuntime java, String... arguments) {
        try {
            LunetteServer server = new LunetteServer(commandLine(java, arguments));
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // the process was killed, and its pipe closed under this thread
        } finally {
            synchronized (lines) {
                ended = true;
                lines.notifyAll();
            }
        }
    }

    private void awaitReady() {
        long deadline = startedNanos + READY_WITHIN.toNanos();
        synchronized (lines) {
            while (lines.stream().noneMatch(line -> line.startsWith(READY))) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || leftMs <= 0) {
                    process.destroyForcibly();
                    throw new AssertionError("not ready " + (ended ? "before it ended" : "in time") + ":\n" + output());
                }
                try {
                    lines.wait(leftMs);
                } catch (InterruptedException e) {
                    process.destroyForcibly();
                    throw new IllegalStateException("interrupted", e);
                }
            }
            readyNanos = System.nanoTime();
        }
    }

    /** From the start of the process to the line that says that it is ready. */
    public Duration startUp() {
        return Duration.ofNanos(readyNanos - startedNanos);
    }

    /** The announced portals, each {@code HOST:PORT}, in their order. */
    public List<String> portals() {
        return URL.matcher(output()).results().map(url -> url.group(1)).toList();
    }

    /** The URL of a logical unit at the first portal. */
    public String url(int lun) {
        return url(lun, portals().get(0));
    }

    /** The URL of a logical unit at a portal. */
    public static String url(int lun, String portal) {
        return "iscsi://" + portal + "/" + TARGET + "/" + lun;
    }

    /** The port of the first portal. */
    public int port() {
        String portal = portals().get(0);
        return Integer.parseInt(portal.substring(portal.lastIndexOf(':') + 1));
    }

    /** What it has printed so far. */
    public String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** Its process, for tests that signal it themselves. */
    public Process process() {
        return process;
    }

    /** Waits for the end that a signal began; returns the exit status. What it printed must be free of complaints. */
    public int awaitEnd() {
        awaited = true;
        try {
            if (!process.waitFor(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running " + ENDS_WITHIN + " after the signal:\n" + output());
            }
            reader.join(ENDS_WITHIN.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        if (output().lines().anyMatch(this::isUnexpectedComplaint)) {
            throw new AssertionError("the server complained:\n" + output());
        }
        return process.exitValue();
    }

    /** Lines in which this is found may complain: the test provokes them. */
    public void expectComplaint(String regex) {
        expectedComplaint = Pattern.compile(regex);
    }

    private boolean isUnexpectedComplaint(String line) {
        return COMPLAINT.matcher(line).find()
                && (expectedComplaint == null
                        || !expectedComplaint.matcher(line).find());
    }

    @Override
    public void close() {
        if (awaited) {
            return;
        }
        boolean diedBefore = !process.isAlive();
        process.destroy();
        int status = awaitEnd();
        if (diedBefore || status != 0 && status != ENDED_BY_SIGTERM) {
            throw new AssertionError(
                    "ended with status " + status + (diedBefore ? " by itself" : " after SIGTERM") + ":\n" + output());
        }
    }
}
