package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * COMPARE AND WRITE; SBC-4. Its first half of data is compared with the blocks; if they are equal, the second half
 * replaces them.
 */
final class CompareAndWrite implements OpcodeTable.Source {
    private static final int FIELD_LIMIT = 0xff;
    private static final int BLOCKS_OFFSET = 13;

    private final Medium medium;
    private final Scratch scratch;

    CompareAndWrite(Medium medium, Scratch scratch) {
        this.medium = medium;
        this.scratch = scratch;
    }

    /** The MAXIMUM COMPARE AND WRITE LENGTH: twice as much is transferred. */
    static int maxBlocks(Medium medium) {
        return (int) Math.min(FIELD_LIMIT, medium.maxTransferBlocks() / 2);
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("COMPARE AND WRITE", "89 18 ff ff ff ff ff ff ff ff 00 00 00 ff 00 00")
                .refuse(1, ReadWrite.PROTECT)
                .blocksAt(BLOCKS_OFFSET, 1)
                .limited()
                .exclusive()
                .writes()
                .dataOut()
                .handledBy(this::compareAndWrite));
    }

    private void compareAndWrite(Task task) {
        Command command = task.command();
        long dataBytes = 2 * medium.bytes(task.blocks());
        if (task.blocks() > maxBlocks(medium)) {
            task.invalidCdb(BLOCKS_OFFSET, 7);
        } else if (!hasCome(command, dataBytes)) {
            task.invalidCdb(BLOCKS_OFFSET, 7);
        } else if (dataBytes == 0) {
            task.good();
        } else {
            start(task, dataBytes);
        }
    }

    /**
     * Whether exactly so much data is there: with another number of bytes nobody knows where the second half starts.
     */
    static boolean hasCome(Command command, long bytes) {
        int came = command.direction() == DataDirection.OUT ? command.dataBytes() : 0;
        return command.expectedBytes() == bytes && came == bytes;
    }

    private void start(Task task, long dataBytes) {
        Scratch.Loan piece = scratch.lend();
        if (piece == null) {
            task.end(ScsiStatus.BUSY);
            return;
        }
        task.command().setTransferBytes(dataBytes);
        boolean fua = (task.command().cdb8(1) & ReadWrite.FUA) != 0;
        new Work(task, medium, piece, dataBytes / 2, fua).start();
    }

    private static final class Work extends Verification {
        private final long halfBytes;
        private final boolean durable;
        private boolean written;

        Work(Task task, Medium medium, Scratch.Loan piece, long halfBytes, boolean fua) {
            super(task, medium, piece, halfBytes, halfBytes);
            this.halfBytes = halfBytes;
            this.durable = fua || !medium.caching().writeBack();
        }

        @Override
        boolean verified() {
            if (written) {
                return durable ? good() : settle(false, task.lba(), task.blocks());
            }
            written = true;
            long data = task.command().dataAddress() + halfBytes;
            medium.store().write(medium.bytes(task.lba()), data, (int) halfBytes, durable, this);
            return true;
        }
    }
}
