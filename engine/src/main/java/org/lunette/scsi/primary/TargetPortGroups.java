package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** REPORT TARGET PORT GROUPS; SPC-5. A target has one port, so one group, in which the unit is always active. */
public final class TargetPortGroups implements OpcodeTable.Source {
    /** The TARGET PORT GROUP of every port. */
    static final int GROUP = 1;

    private static final int EXTENDED_HEADER = 0x20;
    private static final int OTHER_FORMATS = 0xc0;
    private static final int EXTENDED_FORMAT = 0x10;
    private static final int ACTIVE_OPTIMIZED = 0x00;
    private static final int AO_SUP = 0x01;

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("REPORT TARGET PORT GROUPS", "a3 2a 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .refuse(1, OTHER_FORMATS)
                .length(6, 4)
                .handledBy(this::report));
    }

    private void report(Task task) {
        Command command = task.command();
        PageBuffer data = new PageBuffer().zeros(4);
        if ((command.cdb8(1) & EXTENDED_HEADER) != 0) {
            data.put8(EXTENDED_FORMAT).zeros(3);
        }
        int port = command.nexus().relativeTargetPort();
        if (port > 0) {
            data.put8(ACTIVE_OPTIMIZED).put8(AO_SUP).put16(GROUP).zeros(3).put8(1);
            data.zeros(2).put16(port);
        }
        data.set32(0, data.length() - 4);
        task.good(data.array(), data.length(), command.cdb32(6));
    }
}
