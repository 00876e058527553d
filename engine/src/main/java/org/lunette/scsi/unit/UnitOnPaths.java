package org.lunette.scsi.unit;

import java.util.function.BiPredicate;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.path.PathUsers;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.TaskSet;
import org.lunette.scsi.task.UnitAttention;

/** A logical unit as its target port groups know it. */
final class UnitOnPaths implements PathUsers {
    private final TaskSet tasks;
    private final NexusTable nexuses;
    private OpcodeTable table;

    UnitOnPaths(TaskSet tasks, NexusTable nexuses) {
        this.tasks = tasks;
        this.nexuses = nexuses;
    }

    /** Says what commands there are, before the first of them comes; the table has commands that change paths. */
    void setTable(OpcodeTable opcodes) {
        table = opcodes;
    }

    @Override
    public void whenEnded(BiPredicate<Nexus, PathNeed> picked, Command except, Runnable then) {
        tasks.whenEnded(
                command -> picked.test(command.nexus(), need(command)), except == null ? null : Task.of(except), then);
    }

    private PathNeed need(Command command) {
        Opcode opcode = table.find(command);
        return opcode == null ? PathNeed.NONE : opcode.pathNeed();
    }

    @Override
    public void stateChanged(Nexus except) {
        nexuses.raise(UnitAttention.ACCESS_STATE_CHANGED, NexusScope.allBut(except));
    }

    @Override
    public void implicitTransitionFailed() {
        nexuses.raise(UnitAttention.IMPLICIT_TRANSITION_FAILED, NexusScope.ALL);
    }
}
