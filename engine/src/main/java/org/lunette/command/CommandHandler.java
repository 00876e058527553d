package org.lunette.command;

/**
 * A device that commands are for: a logical unit, a set of them, or a filter around one.
 *
 * <p>Called by one or more threads at once; a command belongs to the handler from {@link #execute} until it is
 * completed.
 */
public interface CommandHandler extends CommandExecutor {
    /** Performs a task management function, and completes the request exactly once, now or later. */
    void manage(TaskManagement request);

    /**
     * A front-end aborts a command that has not come here yet, since another nexus asks for a function, or has a CHECK
     * CONDITION, which is like CLEAR TASK SET. Returns whether it ends with TASK ABORTED; if not it ends without
     * status, and the unit lets its nexus know: TAS, SPC-5.
     *
     * @param nexus whose command it is
     */
    default boolean abortsWithStatus(TaskManagement.Function function, Nexus nexus, int lun) {
        return true;
    }

    /** Which commands that have not come here yet a front-end aborts when it sends a CHECK CONDITION of that unit. */
    default QueueError queueError(int lun) {
        return QueueError.NONE;
    }

    /**
     * A front-end has marked commands of a unit by {@link Command#abort()}: those that wait for their turn there end
     * now. Told after all of them are marked.
     */
    default void commandsAborted(int lun) {}

    /** Whether each nexus has a task set of its own there: CLEAR TASK SET is ABORT TASK SET then; TST, SPC-5. */
    default boolean hasTaskSetPerNexus(int lun) {
        return false;
    }

    /** A nexus has come to be; no command of it was executed before. */
    void nexusEstablished(Nexus nexus);

    /** A nexus is lost; its front-end has no command of it outstanding any more. */
    void nexusLost(Nexus nexus);
}
