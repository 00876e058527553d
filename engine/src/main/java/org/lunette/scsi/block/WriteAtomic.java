package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * WRITE ATOMIC(16); SBC-4: other commands see all of it or nothing, and so does whoever comes after a failure. How much
 * that can be is the store's to say. There are no boundaries within a command.
 */
final class WriteAtomic implements OpcodeTable.Source {
    private static final int FIELD_LIMIT = 0xffff;
    private static final int LBA_OFFSET = 2;
    private static final int BLOCKS_OFFSET = 12;

    private final Medium medium;
    private final ReadWrite readWrite;

    WriteAtomic(Medium medium, ReadWrite readWrite) {
        this.medium = medium;
        this.readWrite = readWrite;
    }

    /** The MAXIMUM ATOMIC TRANSFER LENGTH; 0 if the store cannot do it. */
    static long maxBlocks(Medium medium) {
        long most = Math.min(
                medium.maxTransferBlocks(), medium.blocksIn(medium.store().atomicWriteBytes()));
        return Math.min(most, FIELD_LIMIT) & -granularity(medium);
    }

    /** The ATOMIC ALIGNMENT and the ATOMIC TRANSFER LENGTH GRANULARITY, in blocks: that of the physical block. */
    static long granularity(Medium medium) {
        return 1L << ReadCapacity.physicalExponent(medium);
    }

    @Override
    public void declare(List<Opcode> commands) {
        if (maxBlocks(medium) == 0) {
            return;
        }
        commands.add(Opcode.named("WRITE ATOMIC(16)", "9c 18 ff ff ff ff ff ff ff ff 00 00 ff ff 00 00")
                .refuse(1, ReadWrite.PROTECT)
                .refuse(10, 0xff)
                .refuse(11, 0xff)
                .blocksAt(BLOCKS_OFFSET, 2)
                .limited()
                .exclusive()
                .writes()
                .dataOut()
                .handledBy(this::writeAtomic));
    }

    private void writeAtomic(Task task) {
        long odd = granularity(medium) - 1;
        if (task.blocks() == 0) {
            task.good();
        } else if ((task.lba() & odd) != 0) {
            task.invalidCdb(LBA_OFFSET, 7);
        } else if ((task.blocks() & odd) != 0 || task.blocks() > maxBlocks(medium)) {
            task.invalidCdb(BLOCKS_OFFSET, 7);
        } else if (medium.blocksThatCame(task.command()) < task.blocks()) {
            task.invalidCdb(BLOCKS_OFFSET, 7); // a part of it is what nobody may see
        } else {
            readWrite.write(task);
        }
    }
}
