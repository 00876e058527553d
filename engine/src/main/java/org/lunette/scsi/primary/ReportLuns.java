package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.Lun;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.AttentionQueue;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;

/** REPORT LUNS; SPC-5. */
public final class ReportLuns implements OpcodeTable.Source {
    /** The operation code. */
    public static final int CODE = 0xa0;

    private static final int SELECT_UNITS = 0;
    private static final int SELECT_WELL_KNOWN = 1;
    private static final int SELECT_ALL = 2;
    private static final int MIN_ALLOCATION_BYTES = 16;
    private static final int WELL_KNOWN = 0xc101;
    private static final int[] LUN_0 = {0};
    private static final int LUNS_CHANGED = AttentionQueue.mask(UnitAttention.REPORTED_LUNS_CHANGED);

    /** A unit that is served alone has LUN 0; a target answers for its units itself. */
    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("REPORT LUNS", "a0 00 ff 00 00 00 ff ff ff ff 00 00")
                .length(6, 4)
                .needs(Need.NOTHING)
                .passesAttentions()
                .passesLegacyReservation()
                .needs(PathNeed.NONE)
                .handledBy(this::report));
    }

    private void report(Task task) {
        if (task.endedByAbort()) {
            return;
        }
        Command command = task.command();
        int invalid = firstInvalidByte(command);
        if (invalid >= 0) {
            task.invalidCdb(invalid, 7);
            return;
        }
        task.takeAttention(LUNS_CHANGED);
        PageBuffer data = list(command, LUN_0);
        task.good(data.array(), data.length(), allocationBytes(command));
    }

    /** Where the CDB of a REPORT LUNS command has its first invalid field; -1 if it has none. */
    public static int firstInvalidByte(Command command) {
        if (command.cdb8(2) > SELECT_ALL) {
            return 2;
        }
        return allocationBytes(command) < MIN_ALLOCATION_BYTES ? 6 : -1;
    }

    /** The answer to a REPORT LUNS command: these LUNs, which ascend, and the well-known one if it is asked for. */
    public static PageBuffer list(Command command, int[] luns) {
        int select = command.cdb8(2);
        PageBuffer data = new PageBuffer().zeros(8);
        if (select != SELECT_WELL_KNOWN) {
            for (int lun : luns) {
                data.put64(Lun.encode(lun));
            }
        }
        if (select != SELECT_UNITS) {
            data.put16(WELL_KNOWN).zeros(6);
        }
        data.set32(0, data.length() - 8);
        return data;
    }

    /** The ALLOCATION LENGTH of a REPORT LUNS command. */
    public static long allocationBytes(Command command) {
        return command.cdb32(6);
    }
}
