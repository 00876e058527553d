package org.lunette.filter;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers by chance that a seed determines (SplitMix64): the first asked for is the same in every run, and so is each
 * that follows. Any thread may call, without a lock; commands that come side by side get theirs in the order in which
 * they ask.
 */
public final class Chance {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private final AtomicLong state;

    public Chance(long seed) {
        state = new AtomicLong(seed);
    }

    /** The next 64 bits. */
    public long next() {
        long z = state.addAndGet(GAMMA);
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** The next number from 0 to less than 1. */
    public double fraction() {
        return (next() >>> 11) * 0x1p-53;
    }
}
