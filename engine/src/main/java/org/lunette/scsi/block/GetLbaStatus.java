package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * GET LBA STATUS(16); SBC-4. Of the store's extents, in whole blocks: one that takes any space is mapped. A store that
 * is not thin has all blocks mapped.
 */
final class GetLbaStatus implements OpcodeTable.Source {
    private static final int HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int MAX_DESCRIPTORS = 256;
    /** How often a store is asked for one command: an extent may be short, and a neighbour of the same kind. */
    private static final int MAX_LOOKS = 4 * MAX_DESCRIPTORS;

    private static final long MAX_EXTENT_BLOCKS = 0xffff_ffffL;
    private static final int MAPPED = 0;
    private static final int DEALLOCATED = 1;

    private final Medium medium;

    GetLbaStatus(Medium medium) {
        this.medium = medium;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("GET LBA STATUS(16)", "9e 12 ff ff ff ff ff ff ff ff ff ff ff ff 00 00")
                .withServiceAction()
                .access(Access.READ)
                .needs(Need.MEDIUM)
                .length(10, 4)
                .refuse(14, 0xff)
                .handledBy(this::status));
    }

    private void status(Task task) {
        long lba = task.command().cdb64(2);
        long allocationBytes = task.command().cdb32(10);
        if (!medium.contains(lba, 0)) {
            task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            return;
        }
        long fits = Math.max(1, (allocationBytes - HEADER_BYTES) / DESCRIPTOR_BYTES);
        PageBuffer data = new PageBuffer().zeros(HEADER_BYTES);
        new Walk(lba).write(data, (int) Math.min(fits, MAX_DESCRIPTORS));
        data.set32(0, data.length() - 4);
        task.good(data.array(), data.length(), allocationBytes);
    }

    /** From an LBA on, extent by extent. */
    private final class Walk {
        private final long end = medium.blocks();
        private long at;
        private int looks;
        private int kind;

        Walk(long lba) {
            this.at = lba;
        }

        void write(PageBuffer data, int descriptors) {
            long next = look();
            for (int i = 0; i < descriptors && at < next; i++) {
                long first = at;
                int kindHere = kind;
                at = next;
                next = look();
                while (at < next && kind == kindHere && next - first <= MAX_EXTENT_BLOCKS) {
                    at = next;
                    next = look();
                }
                long count = Math.min(at - first, MAX_EXTENT_BLOCKS);
                if (first + count < at) { // one extent that no descriptor can tell of
                    at = first + count;
                    next = look();
                }
                data.put64(first).put32(count).put8(kindHere).zeros(3);
            }
        }

        /**
         * Where the blocks end that are alike from {@link #at} on, with their {@link #kind}; {@link #at} at the end of
         * the medium, and when the store was asked often enough.
         */
        private long look() {
            if (at >= end || looks == MAX_LOOKS) {
                return at;
            }
            looks++;
            long offset = medium.bytes(at);
            long bytes = medium.store().extentBytes(offset);
            if (bytes < 0) {
                long wholeBlocks = medium.blocksIn(-bytes);
                kind = wholeBlocks > 0 ? DEALLOCATED : MAPPED;
                return Math.min(end, at + Math.max(1, wholeBlocks));
            }
            kind = MAPPED;
            return Math.min(end, medium.blocksIn(offset + bytes + medium.blockBytes() - 1));
        }
    }
}
