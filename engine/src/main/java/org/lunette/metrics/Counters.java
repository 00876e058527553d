package org.lunette.metrics;

import java.util.concurrent.atomic.LongAdder;

/** One engine's counters. Any thread may add and read; adding allocates nothing and does not contend. */
public final class Counters {
    private final LongAdder[] adders = new LongAdder[Counter.values().length];

    /** All at zero. */
    public Counters() {
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
    }

    /** Adds one. */
    public void increment(Counter counter) {
        adders[counter.ordinal()].increment();
    }

    /** The count so far. */
    public long value(Counter counter) {
        return adders[counter.ordinal()].sum();
    }
}
