package org.lunette.scsi.table;

import org.lunette.scsi.task.Task;

/** Does what an operation code stands for. */
@FunctionalInterface
public interface OpcodeHandler {
    /** Executes a command that passed every check that its {@link Opcode} declares, and ends it, now or later. */
    void execute(Task task);
}
