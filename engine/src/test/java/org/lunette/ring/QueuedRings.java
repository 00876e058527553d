package org.lunette.ring;

import java.util.ArrayDeque;
import java.util.Queue;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.metrics.Counters;

/**
 * For tests: as {@link SharedRings}, but each use of a ring may be on another thread, as long as there is one at a
 * time.
 */
public final class QueuedRings implements RingFactory {
    private final Execution execution = new Execution(new Counters());

    @Override
    public CommandRing open(CommandExecutor executor) {
        Queue<Command> submitted = new ArrayDeque<>();
        return new CommandRing() {
            @Override
            public void submit(Command command) {
                submitted.add(command);
            }

            @Override
            public int drain() {
                int executed = 0;
                for (; !submitted.isEmpty(); executed++) {
                    execution.execute(executor, submitted.remove());
                }
                return executed;
            }

            @Override
            public void close() {
                drain();
            }
        };
    }

    @Override
    public void close() {
        // no threads
    }
}
