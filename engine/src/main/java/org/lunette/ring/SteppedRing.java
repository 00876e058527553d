package org.lunette.ring;

import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.metrics.Counters;

/** Mode STEPPED: commands wait until a test executes them by {@link #step}. */
public final class SteppedRing implements CommandRing {
    private final PolledRing ring;

    /** @param depth commands in the ring, a power of two */
    public SteppedRing(CommandExecutor executor, int depth, Counters counters) {
        this.ring = new PolledRing(executor, depth, new Execution(counters));
    }

    @Override
    public void submit(Command command) {
        ring.submit(command);
    }

    /** Executes nothing: the test says when. */
    @Override
    public int drain() {
        return 0;
    }

    /** Executes at most {@code limit} of the commands that wait; returns how many. */
    public int step(int limit) {
        return ring.drain(limit);
    }

    @Override
    public void close() {
        ring.close();
    }
}
