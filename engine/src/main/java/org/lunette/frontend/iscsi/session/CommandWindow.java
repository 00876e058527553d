package org.lunette.frontend.iscsi.session;

/**
 * The CmdSN window of a session; RFC 7143, 4.2.2.1. Requests are delivered in the order of their CmdSN; those that come
 * early wait here.
 *
 * <p>The window is as wide as there is room for commands: each one delivered narrows it until it has ended.
 */
final class CommandWindow {
    /** A request that waits for its turn. */
    interface Request {
        void deliver();
    }

    private static final Request NOTHING = () -> {};

    private final int limit;
    private final Request[] early;
    private int earlyCount;
    private int expCmdSn;
    private int activeCommands;

    CommandWindow(int firstCmdSn, int limit) {
        this.expCmdSn = firstCmdSn;
        this.limit = limit;
        this.early = new Request[Integer.highestOneBit(limit) * 2];
    }

    int expCmdSn() {
        return expCmdSn;
    }

    int maxCmdSn() {
        return expCmdSn + limit - activeCommands - 1;
    }

    /** Whether no request fits any more. */
    boolean isClosed() {
        return activeCommands >= limit;
    }

    /** Whether a request of that number is to be taken; all others are ignored, and so are duplicates. */
    boolean accepts(int cmdSn) {
        int ahead = cmdSn - expCmdSn;
        return ahead >= 0 && ahead < limit - activeCommands && early[slot(cmdSn)] == null;
    }

    boolean isNext(int cmdSn) {
        return cmdSn == expCmdSn;
    }

    /** The next request is delivered by the caller, who calls {@link #deliverEarly} when it has done so. */
    void advance() {
        expCmdSn++;
    }

    /** Keeps a request that is not the next one. */
    void keep(int cmdSn, Request request) {
        early[slot(cmdSn)] = request;
        earlyCount++;
    }

    /** Has the kept request of that number count as delivered, without doing anything when its turn comes. */
    void annul(int cmdSn) {
        early[slot(cmdSn)] = NOTHING;
    }

    /**
     * Counts a request of that number as received, with nothing to do for it. Those behind it are delivered by the
     * caller, by {@link #deliverEarly}.
     */
    void countReceived(int cmdSn) {
        if (isNext(cmdSn)) {
            advance();
        } else {
            keep(cmdSn, NOTHING);
        }
    }

    /** Delivers the requests whose turn has come. */
    void deliverEarly() {
        while (earlyCount > 0 && early[slot(expCmdSn)] != null) {
            Request request = early[slot(expCmdSn)];
            early[slot(expCmdSn)] = null;
            earlyCount--;
            expCmdSn++;
            request.deliver();
        }
    }

    /** A command was delivered and narrows the window. */
    void commandBegun() {
        activeCommands++;
    }

    /** A command that narrowed the window has ended. */
    void commandEnded() {
        activeCommands--;
    }

    private int slot(int cmdSn) {
        return cmdSn & early.length - 1;
    }
}
