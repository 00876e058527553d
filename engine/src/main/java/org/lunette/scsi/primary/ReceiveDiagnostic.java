package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** RECEIVE DIAGNOSTIC RESULTS; SPC-5. There is one page, which lists itself, whether it is asked for by PCV or not. */
public final class ReceiveDiagnostic implements OpcodeTable.Source {
    private static final int PCV = 0x01;
    private static final int SUPPORTED_PAGES = 0x00;

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("RECEIVE DIAGNOSTIC RESULTS", "1c 01 ff ff ff 00")
                .access(Access.READ)
                .length(3, 2)
                .needs(PathNeed.STANDBY)
                .handledBy(this::receive));
    }

    private void receive(Task task) {
        Command command = task.command();
        if ((command.cdb8(1) & PCV) != 0 && command.cdb8(2) != SUPPORTED_PAGES) {
            task.invalidCdb(2, 7);
            return;
        }
        PageBuffer data =
                new PageBuffer().put8(SUPPORTED_PAGES).put8(0).put16(1).put8(SUPPORTED_PAGES);
        task.good(data.array(), data.length(), command.cdb16(3));
    }
}
