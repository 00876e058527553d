package org.lunette.scsi.primary;

import org.lunette.command.Nexus;
import org.lunette.command.QueueError;
import org.lunette.command.TaskManagement.Function;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.TaskSet;
import org.lunette.scsi.task.UnitAttention;

/**
 * Aborts commands as the Control mode page has it; SAM-5, 5.6. With TAS 1 those that another nexus aborts end with TASK
 * ABORTED, so that their initiators need not wait for their own timeout. With TAS 0 they end without status, and a unit
 * attention condition tells of it. QERR says what a CHECK CONDITION aborts. Any thread may call.
 */
public final class TaskAborts {
    private final ControlPage control;
    private final TaskSet tasks;
    private final NexusTable nexuses;

    public TaskAborts(ControlPage control, TaskSet tasks, NexusTable nexuses) {
        this.control = control;
        this.tasks = tasks;
        this.nexuses = nexuses;
    }

    /**
     * A nexus aborts the commands of those in a scope. Its own, unless the front-end has given them up, came after the
     * function, and end with TASK ABORTED: nothing else would tell of them.
     *
     * @param task by which it does; null if it is a task management function. See {@link TaskSet#abort}
     */
    public void clear(NexusScope scope, Nexus by, Task task, Runnable marked, Runnable whenEnded) {
        boolean told = control.taskAbortedStatus();
        tasks.abort(
                scope,
                told ? NexusScope.ALL : NexusScope.only(by),
                task,
                cleared -> {
                    marked.run();
                    if (task != null) {
                        tasks.order().clearAca(scope); // PREEMPT AND ABORT; SAM-5, 5.9.5
                    }
                    if (!told) {
                        raise(by, cleared);
                    }
                },
                whenEnded);
    }

    /** CLEAR TASK SET: a nexus aborts the commands of the task set that it sees, which may be its own; SAM-5, 7.5. */
    public void clearSet(Nexus by, Runnable whenEnded) {
        clear(control.taskSetPerNexus() ? NexusScope.only(by) : NexusScope.ALL, by, null, () -> {}, whenEnded);
    }

    /** A nexus is as if lost, and aborts its own commands; see {@link #reset}. */
    public void resetNexus(Nexus nexus, Runnable marked, Runnable whenEnded) {
        tasks.abort(NexusScope.only(nexus), NexusScope.ALL, null, cleared -> marked.run(), whenEnded);
    }

    /** A reset aborts all commands; what is raised by {@code marked} tells everybody of that. */
    public void reset(Nexus by, Runnable marked, Runnable whenEnded) {
        NexusScope told = control.taskAbortedStatus() ? NexusScope.ALL : NexusScope.only(by);
        tasks.abort(NexusScope.ALL, told, null, cleared -> marked.run(), whenEnded);
    }

    /** A command ends with CHECK CONDITION, and others with it. Its own nexus gets no status for the others. */
    public void afterError(Task failed) {
        tasks.order().failed(failed);
        QueueError which = control.queueError();
        if (which == QueueError.NONE) {
            return;
        }
        Nexus by = failed.nexus().nexus();
        boolean told = control.taskAbortedStatus();
        tasks.abort(
                which == QueueError.ALL ? NexusScope.ALL : NexusScope.only(by),
                told ? NexusScope.allBut(by) : NexusScope.NONE,
                null,
                cleared -> {
                    if (!told) {
                        raise(by, cleared);
                    }
                },
                () -> {});
    }

    /** See {@link org.lunette.command.CommandHandler#abortsWithStatus}. */
    public boolean abortsWithStatus(Function function, Nexus nexus) {
        boolean told = control.taskAbortedStatus();
        if (!told && function == Function.CLEAR_TASK_SET) { // of a reset everybody is told
            nexuses.raise(UnitAttention.COMMANDS_CLEARED, NexusScope.only(nexus));
        }
        return told;
    }

    private void raise(Nexus by, NexusScope cleared) {
        nexuses.raise(UnitAttention.COMMANDS_CLEARED, nexus -> nexus != by && cleared.includes(nexus));
    }
}
