package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** READ CAPACITY(10) and (16); SBC-4. */
final class ReadCapacity implements OpcodeTable.Source {
    private static final long BEYOND_32_BITS = 0xffff_ffffL;
    private static final int CAPACITY_10_BYTES = 8;
    private static final int CAPACITY_16_BYTES = 32;

    private static final int LBPME = 0x80;
    private static final int LBPRZ = 0x40;

    private final Medium medium;

    ReadCapacity(Medium medium) {
        this.medium = medium;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("READ CAPACITY(10)", "25 00 00 00 00 00 00 00 00 00")
                .needs(Need.MEDIUM)
                .passesLegacyReservation()
                .needs(PathNeed.STANDBY)
                .handledBy(this::capacity10));
        commands.add(Opcode.named("READ CAPACITY(16)", "9e 10 00 00 00 00 00 00 00 00 ff ff ff ff 00 00")
                .withServiceAction()
                .needs(Need.MEDIUM)
                .passesLegacyReservation()
                .length(10, 4)
                .needs(PathNeed.STANDBY)
                .handledBy(this::capacity16));
    }

    private void capacity10(Task task) {
        long last = Math.min(medium.blocks() - 1, BEYOND_32_BITS);
        PageBuffer data = new PageBuffer().put32(last).put32(medium.blockBytes());
        task.good(data.array(), data.length(), CAPACITY_10_BYTES);
    }

    private void capacity16(Task task) {
        PageBuffer data = new PageBuffer().put64(medium.blocks() - 1).put32(medium.blockBytes());
        data.put8(0).put8(physicalExponent(medium));
        data.put8(medium.properties().thin() ? LBPME | LBPRZ : 0);
        data.zeros(CAPACITY_16_BYTES - data.length());
        task.good(data.array(), data.length(), task.command().cdb32(10));
    }

    /** LOGICAL BLOCKS PER PHYSICAL BLOCK EXPONENT. */
    static int physicalExponent(Medium medium) {
        int physical = Math.max(medium.properties().physicalBlockBytes(), medium.blockBytes());
        return Math.min(15, Integer.numberOfTrailingZeros(Integer.highestOneBit(physical / medium.blockBytes())));
    }
}
