package org.lunette.scsi.block;

import java.util.List;
import org.lunette.bridge.memory.Memory;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * WRITE SAME(10) and (16); SBC-4. With UNMAP, blocks of zeros are unmapped if the store is thin: unmapped blocks read
 * as zeros. 0 blocks stand for all to the end, but not on a thin store: hosts that unmap by this command reckon its
 * length, and where they come to 0 they do not mean the rest of the disk. ANCHOR is refused, and so are PBDATA and
 * LBDATA, which are obsolete.
 */
final class WriteSame implements OpcodeTable.Source {
    /** MAXIMUM WRITE SAME LENGTH. */
    static final int MAX_BLOCKS = 1 << 15;

    private static final int ANCHOR = 0x10;
    private static final int UNMAP = 0x08;
    private static final int PBDATA_LBDATA = 0x06;
    private static final int NDOB = 0x01;
    private static final int WRITE_SAME_TIMEOUT_S = 120;

    private final Medium medium;
    private final Scratch scratch;

    WriteSame(Medium medium, Scratch scratch) {
        this.medium = medium;
        this.scratch = scratch;
    }

    @Override
    public void declare(List<Opcode> commands) {
        boolean thin = medium.properties().thin();
        Opcode.Builder ten = Opcode.named("WRITE SAME(10)", "41 0" + (thin ? 8 : 0) + " ff ff ff ff 00 ff ff 00");
        Opcode.Builder sixteen =
                Opcode.named("WRITE SAME(16)", "93 0" + (thin ? 9 : 1) + " ff ff ff ff ff ff ff ff ff ff ff ff 00 00");
        for (Opcode.Builder each : List.of(ten, sixteen)) {
            int refused = ReadWrite.PROTECT | ANCHOR | PBDATA_LBDATA | (thin ? 0 : UNMAP);
            (thin ? each.ranged() : each.toTheEnd())
                    .refuse(1, refused)
                    .writes()
                    .dataOut()
                    .timeoutS(WRITE_SAME_TIMEOUT_S);
        }
        commands.add(ten.handledBy(task -> writeSame(task, 7, false)));
        commands.add(sixteen.handledBy(
                task -> writeSame(task, 10, (task.command().cdb8(1) & NDOB) != 0)));
    }

    private void writeSame(Task task, int blocksOffset, boolean zeros) {
        Command command = task.command();
        boolean tooManyOrNone = task.blocks() > MAX_BLOCKS || task.blocks() == 0;
        if (tooManyOrNone || !zeros && !CompareAndWrite.hasCome(command, medium.blockBytes())) {
            task.invalidCdb(blocksOffset, 7);
            return;
        }
        command.setTransferBytes(zeros ? 0 : medium.blockBytes());
        if ((command.cdb8(1) & UNMAP) != 0 && (zeros || isZeros(command.dataAddress()))) {
            new Unmapping(task, medium, new long[] {task.lba(), task.blocks()}, 2).start();
            return;
        }
        Scratch.Loan piece = scratch.lend();
        if (piece == null) {
            task.end(ScsiStatus.BUSY);
            return;
        }
        fill(piece.address(), zeros ? 0 : command.dataAddress());
        new Work(task, medium, piece).start();
    }

    private boolean isZeros(long block) {
        for (int i = 0; i < medium.blockBytes(); i += Long.BYTES) {
            if (Memory.getLong(block + i) != 0) {
                return false;
            }
        }
        return true;
    }

    private void fill(long piece, long block) {
        if (block == 0) {
            Memory.fill(piece, Scratch.PIECE_BYTES, (byte) 0);
            return;
        }
        for (int at = 0; at < Scratch.PIECE_BYTES; at += medium.blockBytes()) {
            Memory.copy(block, piece + at, medium.blockBytes());
        }
    }

    private static final class Work extends StoreWork {
        private final Scratch.Loan piece;
        private final long lengthBytes;
        private long doneBytes;

        Work(Task task, Medium medium, Scratch.Loan piece) {
            super(task, medium);
            this.piece = piece;
            this.lengthBytes = medium.bytes(task.blocks());
        }

        @Override
        boolean proceed() {
            if (doneBytes == lengthBytes) {
                return settle(false, task.lba(), task.blocks());
            }
            long at = medium.bytes(task.lba()) + doneBytes;
            int pieceBytes = (int) Math.min(Scratch.PIECE_BYTES, lengthBytes - doneBytes);
            doneBytes += pieceBytes;
            medium.store().write(at, piece.address(), pieceBytes, false, this);
            return true;
        }

        @Override
        void release() {
            piece.giveBack();
        }
    }
}
