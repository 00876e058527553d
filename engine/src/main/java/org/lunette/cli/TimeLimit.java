package org.lunette.cli;

/** Does something that may not come to its end. */
final class TimeLimit {
    private TimeLimit() {}

    /**
     * Does it, on this thread.
     *
     * @param late run on another thread if it has not ended after {@code limitMs}
     */
    static void of(long limitMs, Runnable work, Runnable late) {
        Thread limit = new Thread(() -> watch(limitMs, late), "stop-limit");
        limit.setDaemon(true);
        limit.start();
        try {
            work.run();
        } finally {
            limit.interrupt();
        }
    }

    private static void watch(long limitMs, Runnable late) {
        try {
            Thread.sleep(limitMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return; // it has ended
        }
        late.run();
    }
}
