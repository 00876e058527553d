package org.lunette.scsi.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.lunette.command.Nexus;

/**
 * The tasks of one logical unit; SAM-5. Bounded: a task that finds no slot is to end with TASK SET FULL.
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
    private final AtomicInteger newcomers = new AtomicInteger();

    /** A set for so many tasks. */
    public TaskSet(int maxTasks) {
        if (Integer.bitCount(maxTasks) != 1) {
            throw new IllegalArgumentException(
                    "a task set of " + maxTasks + " tasks: the number is not a power of two");
        }
        this.slots = new Task[maxTasks];
        this.mask = maxTasks - 1;
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

    void leave(int slot) {
        SLOT.setRelease(slots, slot, null);
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
     * @param except a task that is not aborted; null for none
     * @param marked run once, when all of these tasks are marked as aborted, with the nexuses that lost one. Here
     *     belongs whatever raises unit attentions: a marked task takes none away
     * @param whenEnded run once after that, by this thread or the one that ends the last of them
     */
    public void abort(NexusScope scope, Task except, Consumer<Set<Nexus>> marked, Runnable whenEnded) {
        Drain drain = new Drain(whenEnded);
        Set<Nexus> aborted = new HashSet<>();
        synchronized (this) {
            for (int i = 0; i < slots.length; i++) {
                Task task = (Task) SLOT.getAcquire(slots, i);
                if (task != null && task != except) {
                    task.abort(this, scope, drain, aborted);
                }
            }
        }
        marked.accept(aborted);
        drain.ended();
    }

    /**
     * Tells when all tasks that are in the set now have ended.
     *
     * @param except a task that is not waited for
     * @param whenEnded run once, by this thread or the one that ends the last of them
     */
    public void whenOthersEnded(Task except, Runnable whenEnded) {
        Drain drain = new Drain(whenEnded);
        synchronized (this) {
            for (int i = 0; i < slots.length; i++) {
                Task task = (Task) SLOT.getVolatile(slots, i);
                if (task != null && task != except) {
                    task.watch(this, drain);
                }
            }
        }
        drain.ended();
    }
}
