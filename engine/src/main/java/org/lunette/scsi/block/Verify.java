package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** VERIFY(10), (12) and (16); SBC-4. */
final class Verify implements OpcodeTable.Source {
    private static final int BYTCHK = 0x06;
    private static final int VERIFY_TIMEOUT_S = 120;

    private final Medium medium;
    private final Scratch scratch;

    Verify(Medium medium, Scratch scratch) {
        this.medium = medium;
        this.scratch = scratch;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(verifies("VERIFY(10)", "2f 16 ff ff ff ff 00 ff ff 00"));
        commands.add(verifies("VERIFY(12)", "af 16 ff ff ff ff ff ff ff ff 00 00"));
        commands.add(verifies("VERIFY(16)", "8f 16 ff ff ff ff ff ff ff ff ff ff ff ff 00 00"));
    }

    private Opcode verifies(String name, String usage) {
        return Opcode.named(name, usage)
                .refuse(1, ReadWrite.PROTECT)
                .limited()
                .dataOutIf(1, BYTCHK)
                .access(Access.READ)
                .timeoutS(VERIFY_TIMEOUT_S)
                .handledBy(this::verify);
    }

    private void verify(Task task) {
        Command command = task.command();
        int bytchk = (command.cdb8(1) & BYTCHK) >> 1;
        switch (bytchk) {
            case 0 -> verify(task, 0, task.blocks());
            case 1 -> {
                command.setTransferBytes(medium.bytes(task.blocks()));
                verify(task, task.blocks(), Math.min(task.blocks(), medium.blocksThatCame(command)));
            }
            case 3 -> {
                command.setTransferBytes(task.blocks() == 0 ? 0 : medium.blockBytes());
                verify(task, 1, medium.blocksThatCame(command) == 0 ? 0 : task.blocks());
            }
            default -> task.invalidCdb(1, 2);
        }
    }

    /**
     * Reads {@code blocks} blocks, and compares them with {@code dataBlocks} of data: with none, with each its own, or
     * all with one.
     */
    private void verify(Task task, long dataBlocks, long blocks) {
        if (task.endedByAbort()) {
            return;
        }
        if (blocks == 0) {
            task.good();
            return;
        }
        Scratch.Loan piece = scratch.lend();
        if (piece == null) {
            task.end(ScsiStatus.BUSY);
        } else {
            new Verification(task, medium, piece, medium.bytes(dataBlocks), medium.bytes(blocks)).start();
        }
    }
}
