package org.lunette.ring;

import java.util.concurrent.TimeUnit;

/** A thread that executes what it finds in a shared ring, until it finds an empty slot. */
final class HandlerThread {
    private final Intake intake;
    private final Execution execution;
    private final Thread thread;

    HandlerThread(String name, Intake intake, Execution execution) {
        this.intake = intake;
        this.execution = execution;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Slot mine = new Slot();
        try {
            intake.take(mine);
            while (mine.command() != null) {
                execution.execute(mine.executor(), mine.command());
                intake.take(mine);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it but the end of the JVM
        }
    }

    /** Waits for the thread's end; false if it has not come by the deadline of {@link System#nanoTime()}. */
    boolean join(long deadlineNanos) {
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
