package org.lunette.filter;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer with a thread of its own, which comes to be when it is first needed. */
public final class ThreadTimer implements FilterTimer {
    private final long startNs = System.nanoTime();
    private final ScheduledThreadPoolExecutor executor;

    private static final class TimerThread extends Thread {
        TimerThread(Runnable work, String name) {
            super(work, name);
        }
    }

    /** @param name the thread's */
    public ThreadTimer(String name) {
        executor = new ScheduledThreadPoolExecutor(
                1,
                work -> {
                    Thread thread = new TimerThread(work, name);
                    thread.setDaemon(true);
                    return thread;
                },
                (work, closed) -> {}); // what is kept has been ended before the timer is closed
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Whether the current thread is that of such a timer: if it waited, all would wait whose time comes meanwhile. */
    public static boolean isCurrentThread() {
        return Thread.currentThread() instanceof TimerThread;
    }

    @Override
    public long nowNs() {
        return System.nanoTime() - startNs;
    }

    @Override
    public Runnable at(long dueNs, Runnable work) {
        Future<?> pending = executor.schedule(work, dueNs - nowNs(), TimeUnit.NANOSECONDS);
        return () -> pending.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
