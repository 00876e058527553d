package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * WRITE AND VERIFY(10), (12) and (16); SBC-4: writes to the medium, whatever cache there is, then reads that and, with
 * BYTCHK, compares it. Exclusive: what another command writes in between is no miscompare.
 */
final class WriteAndVerify implements OpcodeTable.Source {
    private static final int BYTCHK = 0x02;
    private static final int RESERVED_BYTCHK = 0x04;
    private static final int VERIFY_TIMEOUT_S = 120;

    private final Medium medium;
    private final Scratch scratch;

    WriteAndVerify(Medium medium, Scratch scratch) {
        this.medium = medium;
        this.scratch = scratch;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(writes("WRITE AND VERIFY(10)", "2e 12 ff ff ff ff 00 ff ff 00"));
        commands.add(writes("WRITE AND VERIFY(12)", "ae 12 ff ff ff ff ff ff ff ff 00 00"));
        commands.add(writes("WRITE AND VERIFY(16)", "8e 12 ff ff ff ff ff ff ff ff ff ff ff ff 00 00"));
    }

    private Opcode writes(String name, String usage) {
        return Opcode.named(name, usage)
                .refuse(1, ReadWrite.PROTECT | RESERVED_BYTCHK)
                .limited()
                .exclusive()
                .writes()
                .dataOut()
                .timeoutS(VERIFY_TIMEOUT_S)
                .handledBy(this::writeAndVerify);
    }

    private void writeAndVerify(Task task) {
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
            return;
        }
        long lengthBytes = medium.bytes(task.blocks());
        long comparedBytes = (command.cdb8(1) & BYTCHK) == 0 ? 0 : lengthBytes;
        new Work(task, medium, piece, comparedBytes, lengthBytes).start();
    }

    private static final class Work extends Verification {
        private boolean written;

        Work(Task task, Medium medium, Scratch.Loan piece, long comparedBytes, long lengthBytes) {
            super(task, medium, piece, comparedBytes, lengthBytes);
        }

        @Override
        boolean proceed() {
            if (written) {
                return super.proceed();
            }
            written = true;
            int lengthBytes = (int) medium.bytes(task.blocks());
            medium.store().write(medium.bytes(task.lba()), task.command().dataAddress(), lengthBytes, true, this);
            return true;
        }
    }
}
