package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** READ DEFECT DATA(10) and (12); SBC-4. A store has no defects to tell of: the lists are empty in every format. */
final class ReadDefectData implements OpcodeTable.Source {
    private static final int DEFECT_LIST_FORMAT = 0x07;
    private static final int VENDOR_SPECIFIC_FORMAT = 6;
    private static final int HEADER_10_BYTES = 4;
    private static final int HEADER_12_BYTES = 8;

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("READ DEFECT DATA(10)", "37 00 1f 00 00 00 00 ff ff 00")
                .access(Access.READ)
                .needs(Need.MEDIUM)
                .length(7, 2)
                .handledBy(task -> read(task, 2, HEADER_10_BYTES, task.command().cdb16(7))));
        commands.add(Opcode.named("READ DEFECT DATA(12)", "b7 1f ff ff ff ff ff ff ff ff 00 00")
                .access(Access.READ)
                .needs(Need.MEDIUM)
                .length(6, 4)
                .handledBy(task -> read(task, 1, HEADER_12_BYTES, task.command().cdb32(6))));
    }

    /**
     * The header, which says which lists were asked for, and that they have no length. That is so from any ADDRESS
     * DESCRIPTOR INDEX on, too.
     */
    private void read(Task task, int flagsAt, int headerBytes, long allocationBytes) {
        int flags = task.command().cdb8(flagsAt);
        if ((flags & DEFECT_LIST_FORMAT) >= VENDOR_SPECIFIC_FORMAT) {
            task.invalidCdb(flagsAt, 2);
            return;
        }
        PageBuffer data = new PageBuffer().zeros(1).put8(flags & 0x1f).zeros(headerBytes - 2);
        task.good(data.array(), data.length(), allocationBytes);
    }
}
