package org.lunette.filter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that a filter keeps, which the unit has not seen. Bounded. Any thread may call; no command ends, or is
 * passed on, under the lock, since that runs what is the front-end's and the unit's.
 */
final class KeptCommands {
    /** How many a filter keeps; more end with TASK SET FULL, or BUSY for a nexus that has no other command here. */
    static final int MAX_COMMANDS = 1024;
    /** No time: until it is aborted, or all are released. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(KeptCommands.class);
    private static final Comparator<Kept> BY_TIME =
            Comparator.comparingLong(Kept::dueNs).thenComparingLong(Kept::number);

    private record Kept(Command command, long dueNs, long number) {}

    private final CommandHandler next;
    private final FilterTimer timer;
    private final PriorityQueue<Kept> waiting = new PriorityQueue<>(BY_TIME);
    private boolean open;
    private long numbers;
    private long lastDueNs;
    private long notBeforeNs;
    private long alarmNs = FOR_EVER;
    private Runnable takeBackAlarm = () -> {};

    KeptCommands(FilterSite site) {
        this.next = site.next();
        this.timer = site.timer();
    }

    /** Keeps commands from now on. */
    synchronized void open() {
        open = true;
    }

    void keep(Command command, long dueNs) {
        ScsiStatus end = null;
        synchronized (this) {
            if (open && command.isAborted()) { // who marked it may have looked here already
                end = ScsiStatus.TASK_ABORTED;
            } else if (open && waiting.size() == MAX_COMMANDS) {
                end = hasOf(command.nexus()) ? ScsiStatus.TASK_SET_FULL : ScsiStatus.BUSY;
            } else if (open) {
                waiting.add(new Kept(command, inOrder(command.attribute(), dueNs), numbers++));
                setAlarm();
                return;
            }
        }
        if (end == null) {
            passOn(command);
        } else {
            command.complete(end);
        }
    }

    private long inOrder(TaskAttribute attribute, long dueNs) {
        if (dueNs == FOR_EVER) {
            return dueNs;
        }
        long due = attribute == TaskAttribute.HEAD_OF_QUEUE ? dueNs : Math.max(dueNs, notBeforeNs);
        if (attribute == TaskAttribute.ORDERED) {
            due = Math.max(due, lastDueNs);
            notBeforeNs = due;
        }
        lastDueNs = Math.max(lastDueNs, due);
        return due;
    }

    /** Whether a command that has no time to wait for is to come after some that are kept. */
    synchronized boolean isBehind(TaskAttribute attribute) {
        return switch (attribute) {
            case HEAD_OF_QUEUE -> false;
            case ORDERED -> lastDueNs > timer.nowNs();
            default -> notBeforeNs > timer.nowNs();
        };
    }

    private void setAlarm() {
        long dueNs = waiting.isEmpty() ? FOR_EVER : waiting.peek().dueNs();
        if (dueNs < alarmNs) {
            takeBackAlarm.run();
            alarmNs = dueNs;
            takeBackAlarm = timer.at(dueNs, this::timeHasCome);
        }
    }

    private void timeHasCome() {
        List<Command> due = new ArrayList<>();
        synchronized (this) {
            long nowNs = timer.nowNs();
            while (!waiting.isEmpty() && waiting.peek().dueNs() <= nowNs) {
                due.add(waiting.remove().command());
            }
            alarmNs = FOR_EVER;
            setAlarm();
        }
        due.forEach(this::passOn);
    }

    /** Keeps no more; returns all that it kept, in the order of their times. */
    synchronized List<Command> shut() {
        open = false;
        return take(command -> true);
    }

    /** Gives commands to the next one. */
    void passOn(List<Command> commands) {
        commands.forEach(this::passOn);
    }

    /** Ends those that their front-end has marked. */
    void endAborted() {
        List<Command> aborted;
        synchronized (this) {
            aborted = take(Command::isAborted);
        }
        aborted.forEach(command -> command.complete(ScsiStatus.TASK_ABORTED));
    }

    /** Whether a query is answered by what is here. */
    synchronized boolean answers(TaskManagement request) {
        boolean answers = request.function() == Function.QUERY_TASK_SET && hasOf(request.nexus());
        if (answers) {
            request.respond(Response.FUNCTION_SUCCEEDED);
        }
        return answers;
    }

    /** Ends those that a function aborts, with the status that the unit would end them with. */
    void abort(TaskManagement request) {
        Predicate<Command> affected = affectedBy(request);
        List<Command> aborted;
        synchronized (this) {
            aborted = take(affected);
        }
        for (Command command : aborted) {
            boolean ofOther = command.nexus() != request.nexus();
            if (ofOther && !next.abortsWithStatus(request.function(), command.nexus(), request.lun())) {
                command.abortWithoutStatus();
            }
            command.complete(ScsiStatus.TASK_ABORTED);
        }
    }

    private Predicate<Command> affectedBy(TaskManagement request) {
        Predicate<Command> own = command -> command.nexus() == request.nexus();
        return switch (request.function()) {
            case ABORT_TASK_SET, I_T_NEXUS_RESET -> own;
            case CLEAR_TASK_SET -> next.hasTaskSetPerNexus(request.lun()) ? own : command -> true;
            case LOGICAL_UNIT_RESET, TARGET_WARM_RESET, TARGET_COLD_RESET -> command -> true;
            default -> command -> false;
        };
    }

    synchronized int size() {
        return waiting.size();
    }

    private boolean hasOf(Nexus nexus) {
        return waiting.stream().anyMatch(kept -> kept.command().nexus() == nexus);
    }

    /** Takes some out, in the order of their times. */
    private List<Command> take(Predicate<Command> which) {
        List<Kept> taken = new ArrayList<>();
        for (Iterator<Kept> each = waiting.iterator(); each.hasNext(); ) {
            Kept kept = each.next();
            if (which.test(kept.command())) {
                each.remove();
                taken.add(kept);
            }
        }
        if (!taken.isEmpty()) {
            forgetOrder();
        }
        taken.sort(BY_TIME);
        return taken.stream().map(Kept::command).toList();
    }

    /** Of commands that are gone before their time, nobody waits for the place. */
    private void forgetOrder() {
        lastDueNs = 0;
        notBeforeNs = 0;
        for (Kept kept : waiting) {
            if (kept.dueNs() != FOR_EVER) {
                lastDueNs = Math.max(lastDueNs, kept.dueNs());
                boolean ordered = kept.command().attribute() == TaskAttribute.ORDERED;
                notBeforeNs = ordered ? Math.max(notBeforeNs, kept.dueNs()) : notBeforeNs;
            }
        }
    }

    /** As a ring would: what is thrown ends the command, and nothing else. */
    private void passOn(Command command) {
        int use = command.use();
        try {
            next.execute(command);
        } catch (Throwable failure) {
            LOG.error("a handler failed at {}", command, failure);
            command.failUse(use, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        }
    }
}
