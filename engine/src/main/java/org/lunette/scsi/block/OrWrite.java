package org.lunette.scsi.block;

import java.util.List;
import org.lunette.bridge.memory.Memory;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** ORWRITE(16); SBC-4: sets the bits of the blocks that are set in the data. */
final class OrWrite implements OpcodeTable.Source {
    private final Medium medium;
    private final Scratch scratch;

    OrWrite(Medium medium, Scratch scratch) {
        this.medium = medium;
        this.scratch = scratch;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("ORWRITE(16)", "8b 18 ff ff ff ff ff ff ff ff ff ff ff ff 00 00")
                .refuse(1, ReadWrite.PROTECT)
                .limited()
                .exclusive()
                .writes()
                .dataOut()
                .handledBy(this::orWrite));
    }

    private void orWrite(Task task) {
        Command command = task.command();
        command.setTransferBytes(medium.bytes(task.blocks()));
        // As WRITE: what came may be less, and end within a block.
        task.setRange(task.lba(), Math.min(task.blocks(), medium.blocksThatCame(command)));
        if (task.blocks() == 0) {
            task.good();
            return;
        }
        Scratch.Loan piece = scratch.lend();
        if (piece == null) {
            task.end(ScsiStatus.BUSY);
        } else {
            new Work(task, medium, piece).start();
        }
    }

    private static final class Work extends StoreWork {
        private final Scratch.Loan piece;
        private final long lengthBytes;
        private final boolean fua;
        private long doneBytes;
        private int pieceBytes;
        private boolean reading;

        Work(Task task, Medium medium, Scratch.Loan piece) {
            super(task, medium);
            this.piece = piece;
            this.lengthBytes = medium.bytes(task.blocks());
            this.fua = (task.command().cdb8(1) & ReadWrite.FUA) != 0;
        }

        @Override
        boolean proceed() {
            if (reading) {
                reading = false;
                or(task.command().dataAddress() + doneBytes, piece.address(), pieceBytes);
                medium.store().write(offset(), piece.address(), pieceBytes, false, this);
                return true;
            }
            doneBytes += pieceBytes;
            pieceBytes = (int) Math.min(Scratch.PIECE_BYTES, lengthBytes - doneBytes);
            if (pieceBytes == 0) {
                return settle(fua, task.lba(), task.blocks());
            }
            reading = true;
            medium.store().read(offset(), piece.address(), pieceBytes, this);
            return true;
        }

        private long offset() {
            return medium.bytes(task.lba()) + doneBytes;
        }

        private static void or(long from, long to, int lengthBytes) {
            for (int i = 0; i < lengthBytes; i += Long.BYTES) {
                Memory.putLong(to + i, Memory.getLong(to + i) | Memory.getLong(from + i));
            }
        }

        @Override
        void release() {
            piece.giveBack();
        }
    }
}
