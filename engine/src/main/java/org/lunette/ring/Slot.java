package org.lunette.ring;

import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;

/** A ring's slot: holds a command and its executor between submission and execution. */
final class Slot {
    private Command command;
    private CommandExecutor executor;

    void put(Command put, CommandExecutor by) {
        command = put;
        executor = by;
    }

    /** The command; null if it was taken, or if the slot tells a handler thread to end. */
    Command command() {
        return command;
    }

    CommandExecutor executor() {
        return executor;
    }

    void clear() {
        command = null;
        executor = null;
    }
}
