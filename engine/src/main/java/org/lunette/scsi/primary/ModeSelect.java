package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.MediumDescription;
import org.lunette.scsi.page.ModePages;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeHandler;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.store.StoreStatus;

/** MODE SELECT(6) and (10); SPC-5. Where nothing is kept, nothing is saved: SP is refused. */
public final class ModeSelect implements OpcodeTable.Source {
    private static final int PF = 0x10;
    private static final int RTD = 0x02;
    private static final int SP = 0x01;
    private static final int LONGLBA = 0x01;

    private final ModePages pages;
    private final MediumDescription medium;
    private final NexusTable nexuses;
    private final OpcodeHandler settle;

    /** @param settle makes true what the new values promise, and ends the command */
    public ModeSelect(ModePages pages, MediumDescription medium, NexusTable nexuses, OpcodeHandler settle) {
        this.pages = pages;
        this.medium = medium;
        this.nexuses = nexuses;
        this.settle = settle;
    }

    @Override
    public void declare(List<Opcode> commands) {
        String flags = pages.saves() ? "13" : "12";
        int refused = pages.saves() ? 0 : SP;
        commands.add(Opcode.named("MODE SELECT(6)", "15 " + flags + " 00 00 ff 00")
                .access(Access.WRITE)
                .refuse(1, refused)
                .dataOut()
                .length(4, 1)
                .timeoutS(Opcode.FLUSH_TIMEOUT_S) // where it switches the cache off
                .needs(PathNeed.STANDBY)
                .handledBy(task -> select(task, task.command().cdb8(4), false)));
        commands.add(Opcode.named("MODE SELECT(10)", "55 " + flags + " 00 00 00 00 00 ff ff 00")
                .access(Access.WRITE)
                .refuse(1, refused)
                .dataOut()
                .length(7, 2)
                .timeoutS(Opcode.FLUSH_TIMEOUT_S) // where it switches the cache off
                .needs(PathNeed.STANDBY)
                .handledBy(task -> select(task, task.command().cdb16(7), true)));
    }

    private void select(Task task, int lengthBytes, boolean ten) {
        int flags = task.command().cdb8(1);
        if (lengthBytes == 0) {
            finish(task, (flags & RTD) != 0 && pages.revert());
        } else if ((flags & RTD) != 0) {
            task.invalidCdb(ten ? 7 : 4, 7); // there is nothing to be told beside the defaults
        } else if ((flags & PF) == 0) {
            task.invalidCdb(1, 4);
        } else {
            takeList(task, lengthBytes, ten);
        }
    }

    private void takeList(Task task, int lengthBytes, boolean ten) {
        byte[] list = new byte[lengthBytes];
        int headerBytes = ten ? 8 : 4;
        task.command().setTransferBytes(lengthBytes);
        if (task.command().dataOut(list, lengthBytes) < lengthBytes || lengthBytes < headerBytes) {
            task.parameterListTooShort();
            return;
        }
        boolean longLba = ten && (list[4] & LONGLBA) != 0;
        int descriptorBytes = ten ? (list[6] & 0xff) << 8 | list[7] & 0xff : list[3] & 0xff;
        int oneDescriptor = longLba ? ModeSense.LONG_DESCRIPTOR_BYTES : ModeSense.SHORT_DESCRIPTOR_BYTES;
        if (descriptorBytes != 0 && descriptorBytes != oneDescriptor) {
            task.invalidParameter(ten ? 6 : 3, 7);
        } else if (headerBytes + descriptorBytes > lengthBytes) {
            task.parameterListTooShort();
        } else if (descriptorBytes != 0 && !keepsMedium(list, headerBytes, longLba)) {
            task.invalidParameter(headerBytes, 7);
        } else {
            selectPages(task, list, headerBytes + descriptorBytes);
        }
    }

    /**
     * Whether a block descriptor leaves the medium as it is, which it must: capacity and block length are not to be
     * changed.
     */
    private boolean keepsMedium(byte[] list, int at, boolean longLba) {
        long blocks = number(list, at, longLba ? 8 : 4);
        long blockBytes = longLba ? number(list, at + 12, 4) : number(list, at + 5, 3);
        long all = longLba ? -1L : 0xffff_ffffL;
        boolean sameBlocks = blocks == 0 || blocks == all || blocks == medium.blocks();
        return sameBlocks && blockBytes == medium.blockBytes();
    }

    private static long number(byte[] list, int at, int lengthBytes) {
        long number = 0;
        for (int i = at; i < at + lengthBytes; i++) {
            number = number << 8 | list[i] & 0xff;
        }
        return number;
    }

    private void selectPages(Task task, byte[] list, int offset) {
        ModePages.Selection selection = pages.select(list, offset);
        if (selection.truncated()) {
            task.parameterListTooShort();
        } else if (selection.errorOffset() >= 0) {
            task.invalidParameter(selection.errorOffset(), -1);
        } else {
            finish(task, selection.changed());
        }
    }

    private void finish(Task task, boolean changed) {
        if (changed) {
            nexuses.raise(
                    UnitAttention.MODE_PARAMETERS_CHANGED,
                    NexusScope.allBut(task.nexus().nexus()));
        }
        if ((task.command().cdb8(1) & SP) != 0) {
            pages.save(task.then(this::saved));
        } else {
            settle.execute(task);
        }
    }

    private void saved(Task task, StoreStatus status, long errorOffsetBytes) {
        if (status != StoreStatus.OK) {
            task.fail(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        } else {
            task.handBack(settle::execute); // the thread that keeps values keeps those of all units
        }
    }
}
