package org.lunette.scsi.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.lunette.command.Command;

/** One look for tasks that are over their deadlines. For one thread. */
public final class Expiry {
    /** A task is late when this part of its time is over. */
    static final int LATE_PART = 2;

    private record News(Command command, int use) {}

    private final long nowMs;
    private final ToLongFunction<Command> limitMs;
    private final List<News> news = new ArrayList<>();
    private int overdue;
    private int late;

    Expiry(long nowMs, ToLongFunction<Command> limitMs) {
        this.nowMs = nowMs;
        this.limitMs = limitMs;
    }

    long nowMs() {
        return nowMs;
    }

    /** Whether a command of which nothing was seen for so long is over its deadline; who was not before is news. */
    boolean isOver(Command command, long silentMs, boolean before) {
        long limit = limitMs.applyAsLong(command);
        boolean over = before || silentMs > limit;
        if (over) {
            overdue++;
        } else if (silentMs > limit / LATE_PART) {
            late++;
        }
        if (over && !before) {
            news.add(new News(command, command.use()));
        }
        return over;
    }

    void tell() {
        news.forEach(one -> one.command.overdue(one.use));
    }

    /** How many tasks were found that are over their deadlines, and have not ended. */
    public int overdue() {
        return overdue;
    }

    /** How many tasks were found of which nothing was seen for half of their time. */
    public int late() {
        return late;
    }

    /** Of how many tasks this look was the first to find that they are over their deadlines. */
    public int newlyOverdue() {
        return news.size();
    }
}
