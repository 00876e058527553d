package org.lunette.filter.trace;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file of lines, written by a thread of its own: who gives it a line never waits. Any thread may call. */
final class TraceFile implements AutoCloseable {
    /** How many lines may wait to be written; more are lost, and counted. */
    static final int MAX_LINES = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(TraceFile.class);
    private static final long IDLE_MS = 200;
    private static final long CLOSES_WITHIN_MS = 5000;

    private final Path path;
    private final BufferedWriter writer;
    private final Thread thread;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MAX_LINES);
    private final LongAdder lost = new LongAdder();
    private volatile boolean closed;

    private TraceFile(Path path, BufferedWriter writer, String threadName) {
        this.path = path;
        this.writer = writer;
        this.thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
    }

    /** Opens a file, and goes on at its end if there is one. */
    static TraceFile open(Path path, String threadName) throws IOException {
        BufferedWriter writer = Files.newBufferedWriter(
                path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        TraceFile file = new TraceFile(path, writer, threadName);
        file.lines.add(TraceLine.HEADING);
        file.thread.start();
        return file;
    }

    Path path() {
        return path;
    }

    void write(String line) {
        if (closed || !lines.offer(line)) {
            lost.increment();
        }
    }

    long lostCount() {
        return lost.sum();
    }

    private void run() {
        try (writer) {
            while (!closed || !lines.isEmpty()) {
                String line = lines.poll(IDLE_MS, TimeUnit.MILLISECONDS);
                if (line == null) {
                    writer.flush();
                } else {
                    writer.write(line);
                    writer.newLine();
                }
            }
        } catch (IOException e) {
            closed = true;
            LOG.error("the trace {} ends here: {}", path, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what it was given; a file system that hangs is not waited for. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(CLOSES_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
