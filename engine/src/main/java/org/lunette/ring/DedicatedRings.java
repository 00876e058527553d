package org.lunette.ring;

import java.util.concurrent.TimeUnit;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.metrics.Counters;

/**
 * Mode DEDICATED: handler threads that take commands from one ring, for a device that blocks. A command waits only
 * while all of them are busy. Commands may be executed at the same time and in another order, as SIMPLE tasks may.
 *
 * <p>Every ring that is opened here is a way into the same one, and may be used by any number of threads.
 */
public final class DedicatedRings implements RingFactory {
    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final String name;
    private final long closeTimeoutNanos;
    private final Execution execution;
    private final Intake intake;
    private final HandlerThread[] threads;

    /**
     * Starts the threads.
     *
     * @param name what the threads are for
     * @param depth how many commands may wait, a power of two
     * @param threadCount at least 1
     */
    public DedicatedRings(String name, int depth, int threadCount, Counters counters) {
        this(name, depth, threadCount, CLOSE_TIMEOUT_NANOS, counters);
    }

    DedicatedRings(String name, int depth, int threadCount, long closeTimeoutNanos, Counters counters) {
        this.name = name;
        this.closeTimeoutNanos = closeTimeoutNanos;
        this.execution = new Execution(counters);
        this.intake = new Intake(depth);
        this.threads = new HandlerThread[threadCount];
        for (int i = 0; i < threadCount; i++) {
            threads[i] = new HandlerThread("handler-" + name + "-" + i, intake, execution);
        }
    }

    @Override
    public CommandRing open(CommandExecutor executor) {
        return new Way(executor);
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + closeTimeoutNanos;
        boolean ended = intake.end(threads.length, deadline);
        for (HandlerThread thread : threads) {
            ended &= thread.join(deadline);
        }
        if (!ended) {
            throw new IllegalStateException(name + ": a thread still waits for its store");
        }
    }

    /** A way into the ring. */
    private final class Way implements CommandRing {
        private final CommandExecutor executor;

        Way(CommandExecutor executor) {
            this.executor = executor;
        }

        @Override
        public void submit(Command command) {
            if (!intake.offer(command, executor)) {
                execution.refuse(command);
            }
        }

        @Override
        public int drain() {
            return 0;
        }

        @Override
        public void close() {
            // the threads are the factory's
        }
    }
}
