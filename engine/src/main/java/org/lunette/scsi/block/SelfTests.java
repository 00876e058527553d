package org.lunette.scsi.block;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogParameter;
import org.lunette.scsi.page.PageBuffer;

/**
 * The self-tests of a unit, of which one is under way at a time, and the results of the last of them: Self-Test Results
 * log page, SPC-5. Any thread may call.
 */
public final class SelfTests implements AutoCloseable {
    private static final int MAX_RESULTS = 20;
    private static final int RESULT_BYTES = 16;
    private static final long MS_PER_HOUR = 3_600_000;
    private static final int MAX_HOURS = 0xffff;

    /** A test that is or was: how it ended, when, and where the medium failed it. */
    private static final class Result {
        private final int code;
        private SelfTest.Outcome outcome = SelfTest.Outcome.IN_PROGRESS;
        private int hours;
        private long failedLba = -1;

        Result(int code) {
            this.code = code;
        }
    }

    private final Medium medium;
    private final Clock clock;
    private final Executor executor;
    private final long startedMs;
    private final Deque<Result> results = new ArrayDeque<>();
    private SelfTest running;

    /** @param executor runs a test, which waits for the medium */
    public SelfTests(Medium medium, Clock clock, Executor executor) {
        this.medium = medium;
        this.clock = clock;
        this.executor = executor;
        this.startedMs = clock.millis();
    }

    /** Told how a test ended, by the thread that ran it. */
    @FunctionalInterface
    interface Ended {
        void ended(SelfTest.Outcome outcome);
    }

    /**
     * Starts a test.
     *
     * @param code the SELF-TEST CODE that its result is listed with; 0 for the default self-test, which is not listed
     * @param unwanted whether nobody waits for the test any more: it ends then
     * @return whether it was started: another one may be under way
     */
    boolean start(int code, SelfTest.Extent extent, BooleanSupplier unwanted, Ended whenEnded) {
        SelfTest test = new SelfTest(medium, extent, unwanted);
        Result result = new Result(code);
        synchronized (this) {
            if (running != null) {
                return false;
            }
            running = test;
            if (code != 0) {
                results.addFirst(result);
                if (results.size() > MAX_RESULTS) {
                    results.removeLast();
                }
            }
        }
        try {
            executor.execute(() -> run(test, result, whenEnded));
        } catch (RuntimeException | Error e) { // there may be no more threads
            ended(result, SelfTest.Outcome.FAILED, -1);
            throw e;
        }
        return true;
    }

    private void run(SelfTest test, Result result, Ended whenEnded) {
        SelfTest.Outcome outcome = SelfTest.Outcome.FAILED;
        try {
            outcome = test.run();
        } finally {
            ended(result, outcome, test.failedLba());
            whenEnded.ended(outcome);
        }
    }

    private synchronized void ended(Result result, SelfTest.Outcome outcome, long failedLba) {
        result.outcome = outcome;
        result.failedLba = failedLba;
        result.hours = (int) Math.min(MAX_HOURS, Math.max(0, clock.millis() - startedMs) / MS_PER_HOUR);
        running = null;
        notifyAll();
    }

    /** Has the test that is under way end soon, if there is one. */
    synchronized void abort(SelfTest.Outcome outcome) {
        if (running != null) {
            running.abort(outcome);
        }
    }

    /** A reset ends a test. */
    public void reset() {
        abort(SelfTest.Outcome.ABORTED_OTHERWISE);
    }

    /** The declaration of the log page. */
    public LogPage page() {
        List<LogParameter> parameters = new ArrayList<>();
        for (int i = 0; i < MAX_RESULTS; i++) {
            int index = i;
            parameters.add(LogParameter.list(i + 1, to -> write(to, index)));
        }
        return LogPage.ofLists(0x10, "Self-Test Results", List.copyOf(parameters));
    }

    private synchronized void write(PageBuffer to, int index) {
        Result result = results.stream().skip(index).findFirst().orElse(null);
        if (result == null) {
            to.zeros(RESULT_BYTES);
            return;
        }
        boolean failed = result.outcome == SelfTest.Outcome.FAILED;
        to.put8(result.code << 5 | result.outcome.code()).put8(0).put16(result.hours);
        to.put64(failed ? result.failedLba : -1);
        to.put8(failed ? SenseKey.MEDIUM_ERROR.code() : 0);
        to.put8(failed ? SelfTest.FAILURE.code() : 0)
                .put8(failed ? SelfTest.FAILURE.qualifier() : 0)
                .put8(0);
    }

    /** Ends the test that is under way, and waits for that: the store may be closed then. */
    @Override
    public synchronized void close() {
        reset();
        boolean interrupted = false;
        while (running != null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
