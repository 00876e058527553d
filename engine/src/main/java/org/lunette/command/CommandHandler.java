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

    /** A nexus has come to be; no command of it was executed before. */
    void nexusEstablished(Nexus nexus);

    /** A nexus is lost; its front-end has no command of it outstanding any more. */
    void nexusLost(Nexus nexus);
}
