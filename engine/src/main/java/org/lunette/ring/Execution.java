package org.lunette.ring;

import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.metrics.Counter;
import org.lunette.metrics.Counters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes a command so that nothing thrown leaves it without status, or ends the thread. Lets nothing through. */
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final long LOGGED_FAILURES = 20;

    private final Counters counters;

    Execution(Counters counters) {
        this.counters = counters;
    }

    void execute(CommandExecutor executor, Command command) {
        int use = command.use();
        try {
            executor.execute(command);
        } catch (Throwable failure) { // an Error of one device must not take the others down either
            failed(command, use, failure);
        }
    }

    private void failed(Command command, int use, Throwable failure) {
        counters.increment(Counter.HANDLER_FAILED);
        long failures = counters.value(Counter.HANDLER_FAILED);
        try {
            if (failures <= LOGGED_FAILURES) {
                String more = failures == LOGGED_FAILURES ? " (further failures are only counted)" : "";
                LOG.error("a handler failed at {}{}", command, more, failure);
            }
            command.failUse(use, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        } catch (Throwable again) { // a completion that failed: its command is lost, the ring is not
            LOG.error("the completion of {} failed", command, again);
        }
    }

    void refuse(Command command) {
        counters.increment(Counter.RING_FULL);
        command.complete(ScsiStatus.TASK_SET_FULL);
    }
}
