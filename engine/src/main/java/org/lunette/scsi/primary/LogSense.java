package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogPages;
import org.lunette.scsi.page.LogParameter;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** LOG SENSE; SPC-5. Nothing is saved: SP is refused, and so is PPC, which is obsolete. */
public final class LogSense implements OpcodeTable.Source {
    private static final int PPC_AND_SP = 0x03;
    private static final int CUMULATIVE = 1;
    private static final int DEFAULT_CUMULATIVE = 3;

    private final LogPages pages;

    public LogSense(LogPages pages) {
        this.pages = pages;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("LOG SENSE", "4d 00 ff ff 00 ff ff ff ff 00")
                .passesLegacyReservation()
                .refuse(1, PPC_AND_SP)
                .length(7, 2)
                .needs(PathNeed.STANDBY)
                .handledBy(this::sense));
    }

    private void sense(Task task) {
        Command command = task.command();
        int code = command.cdb8(2) & 0x3f;
        int subpage = command.cdb8(3);
        int pointer = command.cdb16(5);
        LogPage page = pages.find(code, subpage);
        if (subpage == LogPages.ALL_SUBPAGES && pages.has(code)) {
            if (pointer != 0) {
                task.invalidCdb(5, 7);
            } else {
                answer(task, pages.writeSubpages(code));
            }
        } else if (page == null) {
            task.invalidCdb(pages.has(code) ? 3 : 2, pages.has(code) ? 7 : 5);
        } else {
            sense(task, page, pointer);
        }
    }

    private void sense(Task task, LogPage page, int pointer) {
        int control = task.command().cdb8(2) >> 6;
        int last = page.parameters().stream().mapToInt(LogParameter::code).max().orElse(0);
        if (page.counts() && control != CUMULATIVE && control != DEFAULT_CUMULATIVE) {
            task.invalidCdb(2, 7); // there are no thresholds
        } else if (pointer > last) {
            task.invalidCdb(5, 7);
        } else {
            answer(task, pages.write(page, control != DEFAULT_CUMULATIVE, pointer));
        }
    }

    private static void answer(Task task, PageBuffer data) {
        task.good(data.array(), data.length(), task.command().cdb16(7));
    }
}
