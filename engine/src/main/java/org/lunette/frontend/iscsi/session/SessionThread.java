package org.lunette.frontend.iscsi.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.lunette.command.Command;

/**
 * The thread that a number of connections are confined to, and the way back to it for commands that another thread
 * completes.
 *
 * <p>Tasks come back over a stack that links the tasks themselves, so nothing is allocated; it is bounded by the tasks
 * there are.
 */
public abstract class SessionThread {
    private static final VarHandle HANDED_OVER;

    static {
        try {
            HANDED_OVER = MethodHandles.lookup().findVarHandle(SessionThread.class, "handedOver", Task.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Task handedOver;

    /** Whether the caller runs on this thread. */
    protected abstract boolean isCurrent();

    /** Hands a command to its device; it may complete before this returns. On this thread only. */
    protected abstract void submit(Command command);

    /** A PDU has been dealt with: the moment to execute submitted commands, if many wait. On this thread only. */
    protected abstract void pduDone();

    /** Runs a piece of the control path on this thread, later. From any thread. */
    protected abstract void execute(Runnable work);

    /** Sees to it that {@link #takeHandedOver} is called soon on this thread. From any thread. */
    protected abstract void wake();

    /** Brings a completed task here from another thread. */
    final void handOver(Task task) {
        Task top;
        do {
            top = handedOver;
            task.nextHandedOver = top;
        } while (!HANDED_OVER.compareAndSet(this, top, task));
        if (top == null) {
            wake();
        }
    }

    /** Continues with the tasks that other threads completed, in the order of completion. On this thread only. */
    public final void takeHandedOver() {
        Task last = (Task) HANDED_OVER.getAndSet(this, (Task) null);
        Task task = null;
        while (last != null) {
            Task before = last.nextHandedOver;
            last.nextHandedOver = task;
            task = last;
            last = before;
        }
        while (task != null) {
            Task next = task.nextHandedOver;
            task.nextHandedOver = null;
            task.ended();
            task = next;
        }
    }
}
