package org.lunette.scsi.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.command.ScsiStatus;

/**
 * The tasks of one logical unit; SAM-5. Bounded: a task that finds no slot is to end with TASK SET FULL or BUSY.
 *
 * <p>Any thread may call. A task goes back to the slot that it had, so in a steady state entering is one
 * compare-and-set that no other thread touches.
 */
public final class TaskSet {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Task[].class);
    // A cache line holds about this many slots: tasks that are new to the set start on different lines.
    private static final int SLOTS_APART = 17;

    private final Task[] slots;
    private final int mask;
    private final CommandStatistics statistics;
    private final AtomicInteger newcomers = new AtomicInteger();
    private final ExclusiveRanges ranges = new ExclusiveRanges(this);
    private final TaskOrder order;
    private volatile boolean remembersRefusals;
    private final Consumer<Task> whenFailed;
    private final CommandExecutor executor;
    private volatile long clockMs;

    /**
     * A set for so many tasks.
     *
     * @param executor gets the commands of tasks that have waited: {@link Task#goesOn} is to be called then
     * @param whenFailed called for each task that ends with CHECK CONDITION, before its front-end has it back
     * @param footprint sets a task's range by its CDB, and says whether it changes the blocks there
     */
    public TaskSet(int maxTasks, CommandExecutor executor, Consumer<Task> whenFailed, Predicate<Task> footprint) {
        if (Integer.bitCount(maxTasks) != 1) {
            throw new IllegalArgumentException(
                    "a task set of " + maxTasks + " tasks: the number is not a power of two");
        }
        this.slots = new Task[maxTasks];
        this.mask = maxTasks - 1;
        this.statistics = new CommandStatistics(maxTasks);
        this.order = new TaskOrder(this, footprint);
        this.whenFailed = whenFailed;
        this.executor = executor;
    }

    /** What the tasks of this set did. */
    public CommandStatistics statistics() {
        return statistics;
    }

    /** Returns the slot taken, or -1 if the set is full. */
    int enter(Task task, int lastSlot) {
        int first = lastSlot >= 0 ? lastSlot : newcomers.getAndIncrement() * SLOTS_APART;
        for (int i = 0; i < slots.length; i++) {
            int slot = first + i & mask;
            if ((Task) SLOT.getOpaque(slots, slot) == null && SLOT.compareAndSet(slots, slot, null, task)) {
                return slot;
            }
        }
        return -1;
    }

    /** Whether a nexus has a task in the set; a moment's view. */
    public boolean hasTaskOf(NexusState nexus) {
        for (int i = 0; i < slots.length; i++) {
            Task task = (Task) SLOT.getAcquire(slots, i);
            if (task != null && task.nexus() == nexus) {
                return true;
            }
        }
        return false;
    }

    void failed(Task task) {
        whenFailed.accept(task);
    }

    void leave(int slot) {
        SLOT.setRelease(slots, slot, null);
    }

    /** Who gets the commands of tasks that have waited. */
    CommandExecutor executor() {
        return executor;
    }

    /** The ranges of the medium that a task has for itself alone. */
    ExclusiveRanges ranges() {
        return ranges;
    }

    /**
     * Whether a nexus is told later, by a unit attention condition, that a command ended with BUSY, TASK SET FULL or
     * RESERVATION CONFLICT; not at first.
     */
    public void rememberRefusals(boolean remembered) {
        remembersRefusals = remembered;
    }

    /** A task ends with a status that has no sense data. */
    void ends(ScsiStatus status, NexusState nexus) {
        if (!remembersRefusals) {
            return;
        }
        switch (status) {
            case BUSY -> nexus.attentions().add(UnitAttention.PREVIOUS_BUSY);
            case TASK_SET_FULL -> nexus.attentions().add(UnitAttention.PREVIOUS_TASK_SET_FULL);
            case RESERVATION_CONFLICT -> nexus.attentions().add(UnitAttention.PREVIOUS_RESERVATION_CONFLICT);
            default -> {
                return; // nothing was refused that may be sent again
            }
        }
    }

    /** The order in which the tasks begin. */
    public TaskOrder order() {
        return order;
    }

    /** Whether another task has begun and not ended: of a nexus, or of any if that is null. */
    boolean hasBegun(Task except, NexusState nexus) {
        for (int i = 0; i < slots.length; i++) {
            Task task = (Task) SLOT.getVolatile(slots, i); // after the one that asks is in line
            if (task != null && task != except && task.hasBegun(this) && (nexus == null || task.nexus() == nexus)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a task that has started works on a part of a range. */
    boolean holdRange(long first, long end) {
        for (int i = 0; i < slots.length; i++) {
            Task task = (Task) SLOT.getVolatile(slots, i); // after the exclusive range was published
            if (task != null && task.holdsRange(this, first, end)) {
                return true;
            }
        }
        return false;
    }

    /** The time when {@link #expire} was last called: what deadlines are counted by, so that no task reads a clock. */
    long clockMs() {
        return clockMs;
    }

    /**
     * Sets the clock, and looks for tasks that have come to be over their deadlines: those that wait for their turn end
     * with COMMAND TIMEOUT BEFORE PROCESSING; of others their front-ends are told, and they stay here, with all that
     * was lent to the store, until it calls back.
     *
     * @param nowMs never goes back
     * @param limitMs how long nothing may be seen of a command
     * @param shortestMs the least that {@code limitMs} says
     * @param background runs what may have to wait for the store: whoever stood behind a task that ends may go on
     */
    public Expiry expire(long nowMs, ToLongFunction<Command> limitMs, long shortestMs, Executor background) {
        clockMs = nowMs;
        Expiry expiry = new Expiry(nowMs, limitMs);
        List<Task> ended = new ArrayList<>();
        synchronized (this) { // as in abort
            for (int i = 0; i < slots.length; i++) {
                Task task = (Task) SLOT.getVolatile(slots, i);
                boolean late = task != null && task.silentMs(nowMs) > shortestMs / Expiry.LATE_PART;
                if (late && task.expire(this, expiry)) {
                    ended.add(task);
                }
            }
        }
        if (!ended.isEmpty() || expiry.newlyOverdue() > 0 && !(ranges.areNone() && order.isPlain())) {
            background.execute(() -> {
                ended.forEach(Task::leave);
                ranges.serve();
                order.serve();
            });
        }
        expiry.tell();
        return expiry;
    }

    /** How many tasks are in the set; a moment's view. */
    public int size() {
        int size = 0;
        for (int i = 0; i < slots.length; i++) {
            if (SLOT.getAcquire(slots, i) != null) {
                size++;
            }
        }
        return size;
    }

    /**
     * Aborts tasks of the nexuses in a scope, and tells when they have ended.
     *
     * @param withStatus whose tasks end with TASK ABORTED; all others end without status
     * @param by the task that does it, is not aborted and ends when the others have; null for none
     * @param marked run once, when all of these tasks are marked as aborted, with those whose they were. Here belongs
     *     whatever raises unit attentions: a marked task takes none away
     * @param whenEnded run once after that, by this thread or the one that ends the last of them
     */
    public void abort(
            NexusScope scope, NexusScope withStatus, Task by, Consumer<NexusScope> marked, Runnable whenEnded) {
        Drain drain = new Drain(whenEnded);
        Abort abort = new Abort(scope, withStatus, by, drain);
        List<Task> ended = new ArrayList<>();
        synchronized (this) { // two that look at one task would miss it
            if (by != null) {
                by.waits();
            }
            for (int i = 0; i < slots.length; i++) {
                Task task = (Task) SLOT.getVolatile(slots, i);
                if (task != null && task != by && task.abort(this, abort)) {
                    ended.add(task);
                }
            }
        }
        ended.forEach(Task::leave); // runs what is the front-end's, so without the lock
        marked.accept(abort.cleared());
        if (!ranges.areNone()) {
            ranges.serve(); // aborted tasks do not wait
        }
        if (!order.isPlain()) {
            order.serve();
        }
        drain.ended();
    }

    /**
     * Tells when those tasks have ended that are in the set now, have begun, and that {@code picked} picks by their
     * commands.
     *
     * @param except a task that is not waited for
     * @param then run once, by this thread or the one that ends the last of them
     */
    public void whenEnded(Predicate<Command> picked, Task except, Runnable then) {
        Drain drain = new Drain(then);
        List<Task> ended = new ArrayList<>();
        synchronized (this) { // as in abort
            for (int i = 0; i < slots.length; i++) {
                Task task = (Task) SLOT.getVolatile(slots, i);
                if (task != null && task != except && task.await(this, picked, drain)) {
                    ended.add(task);
                }
            }
        }
        ended.forEach(Task::leave);
        drain.ended();
    }
}
