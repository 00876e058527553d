package org.lunette.command;

/** Who wants to know that a {@link Command} has ended. */
@FunctionalInterface
public interface Completion {
    /**
     * The command has its status. Called once, on whatever thread completed it, and must not block or throw. Whoever is
     * not the command's owner (the front-end that made it) hands it on by {@link Command#continueCompletion()}, now or
     * later.
     */
    void completed(Command command);

    /**
     * The command is over its deadline, and what executes it still has what was lent to it. Whoever made the command
     * may answer its initiator now (see {@link Command#overdueSense}), aborts it then, and lets command and data buffer
     * alone until {@link #completed}, which comes once all the same, late or never. Does nothing where that cannot be.
     *
     * <p>Called at most once for a use, on a thread that watches, and must not block or throw. The command may have
     * ended by then, and begun its next use.
     *
     * @param use what {@link Command#use()} returned in the use that is meant
     */
    default void overdue(Command command, int use) {
        // The initiator waits until the command has ended.
    }
}
