package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * PRE-FETCH(10) and (16); SBC-4. The unit has no cache of its own to fetch to, and says so: CONDITION MET would mean
 * that all blocks are in it, GOOD means that it has not the room for them.
 */
final class PreFetch implements OpcodeTable.Source {
    @Override
    public void declare(List<Opcode> commands) {
        commands.add(fetches("PRE-FETCH(10)", "34 02 ff ff ff ff 00 ff ff 00"));
        commands.add(fetches("PRE-FETCH(16)", "90 02 ff ff ff ff ff ff ff ff ff ff ff ff 00 00"));
    }

    private static Opcode fetches(String name, String usage) {
        return Opcode.named(name, usage).ranged().access(Access.READ).handledBy(Task::good);
    }
}
