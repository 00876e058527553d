package org.lunette.command;

/** Executes commands; what a ring delivers to. */
@FunctionalInterface
public interface CommandExecutor {
    /**
     * Executes a command. It is completed exactly once, before this returns or later, on any thread. An exception
     * thrown from here ends the command with HARDWARE ERROR, INTERNAL TARGET FAILURE.
     */
    void execute(Command command);
}
