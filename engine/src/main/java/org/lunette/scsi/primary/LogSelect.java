package org.lunette.scsi.primary;

import java.util.ArrayList;
import java.util.List;
import org.lunette.command.Command;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogPages;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;

/**
 * LOG SELECT; SPC-5. Counters can be reset, all or those of a page; no parameter can be set to a value, and nothing is
 * saved.
 */
public final class LogSelect implements OpcodeTable.Source {
    private static final int PCR = 0x02;
    private static final int SP = 0x01;
    private static final int DEFAULT_CUMULATIVE = 3;
    private static final int HEADER_BYTES = 4;
    private static final int CODE_BITS = 0x3f;
    private static final int SPF = 0x40;

    private final LogPages pages;
    private final NexusTable nexuses;

    public LogSelect(LogPages pages, NexusTable nexuses) {
        this.pages = pages;
        this.nexuses = nexuses;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("LOG SELECT", "4c 02 ff ff 00 00 00 ff ff 00")
                .access(Access.WRITE)
                .refuse(1, SP)
                .dataOut()
                .length(7, 2)
                .needs(PathNeed.STANDBY)
                .handledBy(this::select));
    }

    private void select(Task task) {
        Command command = task.command();
        boolean pcr = (command.cdb8(1) & PCR) != 0;
        int lengthBytes = command.cdb16(7);
        boolean onePage = (command.cdb8(2) & CODE_BITS) != 0 || command.cdb8(3) != 0;
        if (lengthBytes != 0 && pcr) {
            task.invalidCdb(1, 1);
        } else if (lengthBytes != 0 && onePage) {
            task.invalidCdb(2, 5);
        } else if (lengthBytes != 0) {
            takeList(task, lengthBytes);
        } else if (pcr || command.cdb8(2) >> 6 == DEFAULT_CUMULATIVE) {
            reset(task);
        } else {
            task.good();
        }
    }

    private void reset(Task task) {
        Command command = task.command();
        int code = command.cdb8(2) & CODE_BITS;
        int subpage = command.cdb8(3);
        List<LogPage> chosen = new ArrayList<>();
        for (LogPage page : pages.all()) {
            boolean codeFits = code == 0 || page.code() == code;
            boolean subpageFits = code == 0 || subpage == LogPages.ALL_SUBPAGES || page.subpage() == subpage;
            if (codeFits && subpageFits) {
                chosen.add(page);
            }
        }
        if (chosen.isEmpty()) {
            task.invalidCdb(2, 5);
            return;
        }
        if (task.endedByAbort()) {
            return;
        }
        chosen.forEach(page -> page.reset().run());
        if (chosen.stream().anyMatch(LogPage::counts)) {
            NexusScope others = NexusScope.allBut(task.nexus().nexus());
            nexuses.raise(UnitAttention.LOG_PARAMETERS_CHANGED, others);
        }
        task.good();
    }

    /** A list of pages: each must be there, and change nothing. */
    private void takeList(Task task, int lengthBytes) {
        byte[] list = new byte[lengthBytes];
        task.command().setTransferBytes(lengthBytes);
        if (task.command().dataOut(list, lengthBytes) < lengthBytes) {
            task.parameterListTooShort();
            return;
        }
        for (int at = 0; at < lengthBytes; ) {
            if (at + HEADER_BYTES > lengthBytes) {
                task.parameterListTooShort();
                return;
            }
            int code = list[at] & CODE_BITS;
            int subpage = (list[at] & SPF) != 0 ? list[at + 1] & 0xff : 0;
            int pageBytes = (list[at + 2] & 0xff) << 8 | list[at + 3] & 0xff;
            if (code == LogPages.SUPPORTED_PAGES || pages.find(code, subpage) == null) {
                task.invalidParameter(at, 5);
                return;
            }
            if (at + HEADER_BYTES + pageBytes > lengthBytes) {
                task.parameterListTooShort();
                return;
            }
            if (pageBytes > 0) {
                task.invalidParameter(at + HEADER_BYTES, -1);
                return;
            }
            at += HEADER_BYTES;
        }
        task.good();
    }
}
