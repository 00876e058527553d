package org.lunette.scsi.unit;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.lunette.command.Command;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.CommandStatistics;
import org.lunette.scsi.task.CommandStatistics.Quantity;
import org.lunette.scsi.task.Expiry;
import org.lunette.scsi.task.Operation;
import org.lunette.scsi.task.TaskSet;
import org.lunette.scsi.unit.StoreHealth.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches that a unit's commands and task management functions end in time, and says from that how its store answers.
 * One thread steps; any thread may ask.
 */
final class StoreWatch {
    /** A store of which nothing is heard for this part of a command's time is asked by a {@link StoreProbe}. */
    private static final int PROBE_PART = 4;
    /** One of which nothing is heard for this part of it, and that has commands over their deadlines, is stuck. */
    private static final int STUCK_PART = 2;
    /** Task management functions that may wait for the store; one beyond is rejected. */
    private static final int MAX_WAITING_FUNCTIONS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);
    private static final long LOG_INTERVAL_MS = 10_000;

    private record Waiting(TaskManagement request, long sinceMs) {}

    private final String name;
    private final TaskSet tasks;
    private final OpcodeTable table;
    private final long timeoutMs;
    private final Clock clock;
    private final Executor background;
    private final StoreProbe probe;
    private final CommandStatistics.Reading done;
    private final List<Waiting> functions = new ArrayList<>();
    private volatile StoreHealth health;
    private volatile boolean sick;
    private long nowMs;
    private int overdue;
    private long blocksDone;
    private long aliveMs;
    private boolean told;
    private long toldMs;

    /** @param timeoutMs for how long a command may wait for its store; 0 for ever */
    StoreWatch(
            String name,
            TaskSet tasks,
            OpcodeTable table,
            long timeoutMs,
            Clock clock,
            Executor background,
            StoreProbe probe) {
        this.name = name;
        this.tasks = tasks;
        this.table = table;
        this.timeoutMs = timeoutMs;
        this.clock = clock;
        this.background = background;
        this.probe = probe;
        this.done = tasks.statistics().reading();
        this.health = new StoreHealth(State.HEALTHY, clock.instant(), 0);
    }

    StoreHealth health() {
        return health;
    }

    /** Whether the store is slow or stuck. */
    boolean isSick() {
        return sick;
    }

    /** Whether commands that need the medium are refused. */
    boolean isStuck() {
        return sick && health.state() == State.STUCK;
    }

    /** Has a function that waits for commands to end answered in time: with FUNCTION REJECTED, if they do not. */
    synchronized void limit(TaskManagement function) {
        if (timeoutMs == 0 || function.isAnswered()) {
            return;
        }
        functions.removeIf(waiting -> waiting.request.isAnswered());
        if (functions.size() < MAX_WAITING_FUNCTIONS) {
            functions.add(new Waiting(function, nowMs));
        } else {
            function.respond(Response.FUNCTION_REJECTED);
        }
    }

    /** Ends what is over its deadline now. */
    void step(long now) {
        if (timeoutMs == 0) {
            return;
        }
        Expiry expiry = tasks.expire(now, this::limitMs, timeoutMs, background);
        lookWhetherAlive(now, expiry);
        State state = state(now, expiry);
        if (state != health.state() || overdue != health.overdueCommands()) {
            boolean same = state == health.state();
            health = new StoreHealth(state, same ? health.since() : clock.instant(), overdue);
            sick = state != State.HEALTHY;
        }
        tell(now, expiry);
        rejectFunctions(now);
    }

    /**
     * What the table says of commands that take long; the unit's for others, and for those that were aborted: nobody
     * waits for what they do, but their session for its end.
     */
    private long limitMs(Command command) {
        if (command.isAborted()) {
            return timeoutMs;
        }
        Opcode opcode = table.find(command);
        boolean takesLong = opcode != null && opcode.timeoutS() > Opcode.DEFAULT_TIMEOUT_S;
        return takesLong ? Math.max(timeoutMs, opcode.timeoutS() * 1000L) : timeoutMs;
    }

    private void lookWhetherAlive(long now, Expiry expiry) {
        long blocks = done.value(Quantity.BLOCKS, Operation.values());
        boolean quiet = expiry.overdue() == 0 && expiry.late() == 0;
        boolean answered = probe.takeAnswered();
        if (quiet || answered || blocks != blocksDone || expiry.overdue() - expiry.newlyOverdue() < overdue) {
            aliveMs = now;
        } else if (now - aliveMs >= timeoutMs / PROBE_PART) {
            probe.start();
        }
        blocksDone = blocks;
        overdue = expiry.overdue();
    }

    private State state(long now, Expiry expiry) {
        if (overdue == 0) {
            return expiry.late() == 0 ? State.HEALTHY : State.SLOW;
        }
        return now - aliveMs >= timeoutMs / STUCK_PART ? State.STUCK : State.SLOW;
    }

    private void tell(long now, Expiry expiry) {
        if (expiry.newlyOverdue() > 0 && (!told || now - toldMs >= LOG_INTERVAL_MS)) {
            told = true;
            toldMs = now;
            LOG.warn(
                    "{}: the store is {}: {} commands are over their deadline, and still with it",
                    name,
                    health.state() == State.STUCK ? "stuck" : "slow",
                    overdue);
        } else if (told && health.state() == State.HEALTHY) {
            told = false;
            LOG.info("{}: the store answers again", name);
        }
    }

    private void rejectFunctions(long now) {
        List<TaskManagement> rejected = new ArrayList<>();
        synchronized (this) {
            nowMs = now;
            functions.removeIf(waiting ->
                    waiting.request.isAnswered() || now - waiting.sinceMs > timeoutMs && rejected.add(waiting.request));
        }
        rejected.forEach(function -> function.respond(Response.FUNCTION_REJECTED));
    }
}
