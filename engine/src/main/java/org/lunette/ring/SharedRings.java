package org.lunette.ring;

import org.lunette.command.CommandExecutor;
import org.lunette.metrics.Counters;

/** Mode SHARED: each front-end thread drains its own ring, with no hand-over; for devices that never block. */
public final class SharedRings implements RingFactory {
    private final int depth;
    private final Execution execution;

    /** @param depth commands per ring, a power of two */
    public SharedRings(int depth, Counters counters) {
        this.depth = depth;
        this.execution = new Execution(counters);
    }

    @Override
    public CommandRing open(CommandExecutor executor) {
        return new PolledRing(executor, depth, execution);
    }

    @Override
    public void close() {
        // no threads
    }
}
