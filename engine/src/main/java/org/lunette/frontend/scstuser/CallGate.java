package org.lunette.frontend.scstuser;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Lets threads through until it is closed, and knows when the last one is out. */
final class CallGate {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final long POLL_NANOS = 100_000;

    private final AtomicInteger inside = new AtomicInteger();

    /** Whether the caller may pass; if so, it calls {@link #leave} afterwards. */
    boolean enter() {
        if (inside.incrementAndGet() < 0) {
            inside.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        inside.decrementAndGet();
    }

    /**
     * Lets nobody in any more, and waits until {@link System#nanoTime()} has the given value; returns whether nobody is
     * inside.
     */
    boolean close(long deadlineNanos) {
        int before = inside.getAndUpdate(count -> count | CLOSED);
        while (before != CLOSED && inside.get() != CLOSED) {
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
