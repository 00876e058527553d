package org.lunette.scsi.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RunningTimeTest {
    private long clockMs = -7_000;

    @Test
    void timeForWhichNothingRanHardlyCounts() {
        RunningTime time = new RunningTime(() -> clockMs);
        long from = time.getAsLong();
        clockMs += Watchdog.PERIOD_MS;
        assertEquals(from + Watchdog.PERIOD_MS, time.getAsLong());
        clockMs += 3_600_000;
        assertEquals(from + Watchdog.PERIOD_MS + RunningTime.MAX_STEP_MS, time.getAsLong());
        assertEquals(from + Watchdog.PERIOD_MS + RunningTime.MAX_STEP_MS, time.getAsLong());
    }
}
