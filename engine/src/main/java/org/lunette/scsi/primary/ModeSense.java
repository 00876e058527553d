package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.scsi.page.MediumDescription;
import org.lunette.scsi.page.ModePages;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** MODE SENSE(6) and (10); SPC-5. */
public final class ModeSense implements OpcodeTable.Source {
    /** The length of a block descriptor; SBC-4. */
    static final int SHORT_DESCRIPTOR_BYTES = 8;
    /** The length of a long LBA block descriptor; SBC-4. */
    static final int LONG_DESCRIPTOR_BYTES = 16;

    private static final int DBD = 0x08;
    private static final int LLBAA = 0x10;
    private static final int SAVED = 3;
    private static final int HEADER_10_BYTES = 8;

    private final ModePages pages;
    private final MediumDescription medium;

    public ModeSense(ModePages pages, MediumDescription medium) {
        this.pages = pages;
        this.medium = medium;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("MODE SENSE(6)", "1a 08 ff ff ff 00")
                .access(Access.READ)
                .length(4, 1)
                .needs(PathNeed.STANDBY)
                .handledBy(this::sense6));
        commands.add(Opcode.named("MODE SENSE(10)", "5a 18 ff ff 00 00 00 ff ff 00")
                .access(Access.READ)
                .length(7, 2)
                .needs(PathNeed.STANDBY)
                .handledBy(this::sense10));
    }

    private void sense6(Task task) {
        Command command = task.command();
        PageBuffer data = new PageBuffer().zeros(1).put8(0).put8(medium.deviceSpecificParameter());
        boolean descriptor = (command.cdb8(1) & DBD) == 0;
        data.put8(descriptor ? SHORT_DESCRIPTOR_BYTES : 0);
        if (descriptor) {
            shortDescriptor(data);
        }
        if (pages(task, data)) {
            data.set8(0, Math.min(data.length() - 1, 0xff));
            task.good(data.array(), data.length(), command.cdb8(4));
        }
    }

    private void sense10(Task task) {
        Command command = task.command();
        boolean descriptor = (command.cdb8(1) & DBD) == 0;
        boolean longLba = descriptor && (command.cdb8(1) & LLBAA) != 0;
        PageBuffer data = new PageBuffer()
                .zeros(2)
                .put8(0)
                .put8(medium.deviceSpecificParameter())
                .put8(longLba ? 1 : 0)
                .zeros(HEADER_10_BYTES - 5);
        if (longLba) {
            data.put64(medium.blocks()).zeros(4).put32(medium.blockBytes());
        } else if (descriptor) {
            shortDescriptor(data);
        }
        data.set16(6, data.length() - HEADER_10_BYTES);
        if (pages(task, data)) {
            data.set16(0, data.length() - 2);
            task.good(data.array(), data.length(), command.cdb16(7));
        }
    }

    private void shortDescriptor(PageBuffer data) {
        data.put32(Math.min(medium.blocks(), 0xffff_ffffL)).put8(0).put24(medium.blockBytes());
    }

    /** Adds the pages, or fails the task and returns false. */
    private boolean pages(Task task, PageBuffer data) {
        Command command = task.command();
        int control = command.cdb8(2) >> 6;
        if (control == SAVED && !pages.saves()) {
            task.illegal(AdditionalSense.SAVING_PARAMETERS_NOT_SUPPORTED, true, 2, 7);
            return false;
        }
        int code = command.cdb8(2) & 0x3f;
        int subpage = command.cdb8(3);
        if (code == ModePages.ALL_PAGES && subpage != 0 && subpage != ModePages.ALL_SUBPAGES) {
            task.invalidCdb(3, 7);
            return false;
        }
        if (!pages.write(data, ModePages.Control.values()[control], code, subpage)) {
            task.invalidCdb(2, 5);
            return false;
        }
        return true;
    }
}
