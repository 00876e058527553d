package org.lunette.scsi.unit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that commands of all units end in time, though their stores do not answer: one thread for all units. Units
 * may be added by any thread.
 */
public final class Watchdog implements AutoCloseable {
    /** How often it looks: by so much a deadline may be missed. */
    public static final long PERIOD_MS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final LongSupplier clockMs;
    private final List<LogicalUnit> units = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "watchdog");

    /**
     * A watchdog without a thread, for whoever calls {@link #step}.
     *
     * @param clockMs a clock that never goes back
     */
    public Watchdog(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    /** A watchdog by the system's clock, whose thread has started. */
    public static Watchdog start() {
        Watchdog watchdog = new Watchdog(new RunningTime(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
        watchdog.thread.setDaemon(true);
        watchdog.thread.start();
        return watchdog;
    }

    /** Watches a unit from now on. */
    public void watch(LogicalUnit unit) {
        unit.watched(clockMs.getAsLong());
        units.add(unit);
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MS);
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Looks once at every unit. */
    public void step() {
        for (LogicalUnit unit : units) {
            try {
                unit.watched(clockMs.getAsLong());
            } catch (RuntimeException | Error e) { // the others are to be watched all the same
                LOG.error("watching {} failed", unit, e);
            }
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
