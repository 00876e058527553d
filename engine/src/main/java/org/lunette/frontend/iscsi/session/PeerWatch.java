package org.lunette.frontend.iscsi.session;

/**
 * Watches how long a peer takes: for its login, for its logout, or without a word in between, when it is pinged once.
 */
final class PeerWatch {
    /** What is to be done about a peer. */
    enum Verdict {
        NOTHING,
        PING,
        GIVE_UP
    }

    private final IscsiLimits limits;
    private boolean heard;
    private boolean pinged;
    private boolean running;
    private long sinceMs;
    private long spentMs;

    PeerWatch(IscsiLimits limits) {
        this.limits = limits;
    }

    /** The peer sent something, or took what was sent: then it may have more to say that is not read yet. */
    void heard() {
        heard = true;
    }

    /** Begins to count anew, with the next look at the clock. */
    void restart() {
        running = false;
    }

    /** How long the peer had taken at the last {@link #tick}. */
    long spentMs() {
        return spentMs;
    }

    /** Looks at the clock. {@code idle} says whether the peer may be silent, else it has to come to an end. */
    Verdict tick(long nowMs, boolean idle) {
        if (!running || heard && idle) {
            running = true;
            heard = false;
            pinged = false;
            sinceMs = nowMs;
        }
        spentMs = nowMs - sinceMs;
        if (!idle) {
            return spentMs >= limits.loginTimeoutMs() ? Verdict.GIVE_UP : Verdict.NOTHING;
        }
        if (!pinged && spentMs >= limits.idlePingMs()) {
            pinged = true;
            return Verdict.PING;
        }
        return spentMs >= limits.idlePingMs() + limits.pingTimeoutMs() ? Verdict.GIVE_UP : Verdict.NOTHING;
    }
}
