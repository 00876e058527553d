package org.lunette.scsi.unit;

import java.util.function.LongSupplier;

/**
 * A clock that hardly goes on while the process stands still: stopped, frozen, or in an emulated machine that is being
 * moved. Stores have not had that time, so no command is late by it. To be asked often. Any thread may call.
 */
final class RunningTime implements LongSupplier {
    /** The most that passes from one look to the next. */
    static final long MAX_STEP_MS = 4 * Watchdog.PERIOD_MS;

    private final LongSupplier clockMs;
    private long seenMs;
    private long nowMs;

    /** @param clockMs a clock that never goes back */
    RunningTime(LongSupplier clockMs) {
        this.clockMs = clockMs;
        this.seenMs = clockMs.getAsLong();
    }

    @Override
    public synchronized long getAsLong() {
        long seen = clockMs.getAsLong();
        nowMs += Math.min(seen - seenMs, MAX_STEP_MS);
        seenMs = seen;
        return nowMs;
    }
}
