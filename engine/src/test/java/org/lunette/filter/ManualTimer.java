package org.lunette.filter;

import java.util.ArrayList;
import java.util.List;

/** A timer whose time a test sets. */
public final class ManualTimer implements FilterTimer {
    private record Alarm(long dueNs, Runnable work) {}

    private final List<Alarm> alarms = new ArrayList<>();
    private long nowNs;

    @Override
    public synchronized long nowNs() {
        return nowNs;
    }

    @Override
    public synchronized Runnable at(long dueNs, Runnable work) {
        Alarm alarm = new Alarm(dueNs, work);
        alarms.add(alarm);
        return () -> remove(alarm);
    }

    private synchronized void remove(Alarm alarm) {
        alarms.remove(alarm);
    }

    /** Lets time go on, and runs on this thread what comes to be due. */
    public void advanceMs(long ms) {
        List<Alarm> due;
        synchronized (this) {
            nowNs += ms * 1_000_000;
            due = alarms.stream().filter(alarm -> alarm.dueNs() <= nowNs).toList();
            alarms.removeAll(due);
        }
        due.forEach(alarm -> alarm.work().run());
    }

    @Override
    public synchronized void close() {
        alarms.clear();
    }
}
