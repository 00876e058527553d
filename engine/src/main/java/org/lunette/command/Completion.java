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
}
