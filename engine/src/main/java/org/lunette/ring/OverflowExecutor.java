package org.lunette.ring;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;

/**
 * Executes commands on the threads that bring them, but on so many at a time only; what others bring goes to a ring's
 * threads. So where all of a device's threads would wait for its store, one is left for what cannot wait: sessions that
 * come and go, and task management. Any thread may call; nothing is allocated.
 */
public final class OverflowExecutor implements CommandExecutor {
    private final CommandExecutor executor;
    private final int maxThreads;
    private final BooleanSupplier mayWaitHere;
    private final CommandRing overflow;
    private final AtomicInteger threads = new AtomicInteger();

    /**
     * @param maxThreads how many threads may wait in {@code executor} beside those of the ring
     * @param mayWaitHere whether the current thread is one of those that may; asked for each command
     * @param rings whose threads execute the others; stays the caller's
     */
    public OverflowExecutor(
            CommandExecutor executor, int maxThreads, BooleanSupplier mayWaitHere, DedicatedRings rings) {
        this.executor = executor;
        this.maxThreads = maxThreads;
        this.mayWaitHere = mayWaitHere;
        this.overflow = rings.open(executor);
    }

    @Override
    public void execute(Command command) {
        if (!mayWaitHere.getAsBoolean()) {
            overflow.submit(command);
            return;
        }
        if (threads.incrementAndGet() > maxThreads) {
            threads.decrementAndGet();
            overflow.submit(command);
            return;
        }
        try {
            executor.execute(command);
        } finally {
            threads.decrementAndGet();
        }
    }
}
