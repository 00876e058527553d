package org.lunette.frontend.scstuser;

import java.util.concurrent.TimeUnit;

/** Keeps what an initiator can cause from filling the log: permits so many messages a minute. */
final class RateLimit {
    private static final int MESSAGES = 30;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long windowStart = System.nanoTime();
    private int messages;

    synchronized boolean permits() {
        long now = System.nanoTime();
        if (now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            messages = 0;
        }
        return ++messages <= MESSAGES;
    }
}
