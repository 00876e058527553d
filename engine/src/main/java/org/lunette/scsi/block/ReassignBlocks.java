package org.lunette.scsi.block;

import java.nio.ByteBuffer;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * REASSIGN BLOCKS; SBC-4. A store has no spare blocks of its own to tell of: a block that cannot be read is written
 * anew, with zeros, and what lies below finds a place for it. One that reads well keeps its data.
 */
final class ReassignBlocks implements OpcodeTable.Source, AutoCloseable {
    private static final int LONGLBA = 0x02;
    private static final int LONGLIST = 0x01;
    private static final int HEADER_BYTES = 4;
    private static final int MAX_LBAS = 1024;
    private static final int TIMEOUT_S = 300;

    private final Medium medium;
    private final Scratch scratch = new Scratch();

    ReassignBlocks(Medium medium) {
        this.medium = medium;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("REASSIGN BLOCKS", "07 03 00 00 00 00")
                .writes()
                .dataOut()
                .timeoutS(TIMEOUT_S)
                .handledBy(this::reassign));
    }

    private void reassign(Task task) {
        Command command = task.command();
        int lbaBytes = (command.cdb8(1) & LONGLBA) != 0 ? 8 : 4;
        boolean longList = (command.cdb8(1) & LONGLIST) != 0;
        byte[] list = new byte[HEADER_BYTES + MAX_LBAS * lbaBytes];
        int came = command.dataOut(list, list.length);
        command.setTransferBytes(HEADER_BYTES);
        ByteBuffer numbers = ByteBuffer.wrap(list);
        long lengthBytes = longList ? numbers.getInt(0) & 0xffff_ffffL : numbers.getShort(2) & 0xffff;
        if (came < HEADER_BYTES) {
            task.parameterListTooShort();
        } else if (lengthBytes % lbaBytes != 0 || lengthBytes > (long) MAX_LBAS * lbaBytes) {
            task.invalidParameter(longList ? 0 : 2, -1);
        } else if (came < HEADER_BYTES + lengthBytes) {
            task.parameterListTooShort();
        } else {
            command.setTransferBytes(HEADER_BYTES + lengthBytes);
            long[] lbas = new long[(int) lengthBytes / lbaBytes];
            for (int i = 0; i < lbas.length; i++) {
                int at = HEADER_BYTES + i * lbaBytes;
                lbas[i] = lbaBytes == 8 ? numbers.getLong(at) : numbers.getInt(at) & 0xffff_ffffL;
            }
            reassign(task, lbas);
        }
    }

    private void reassign(Task task, long[] lbas) {
        long first = Long.MAX_VALUE;
        long last = 0;
        for (long lba : lbas) {
            if (!medium.contains(lba, 1)) {
                task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE, lba);
                return;
            }
            first = Math.min(first, lba);
            last = Math.max(last, lba);
        }
        if (lbas.length == 0) {
            task.good();
        } else {
            // A write between the read that fails and the zeros would be lost.
            task.whenFree(first, last - first + 1, true, free -> start(free, lbas));
        }
    }

    private void start(Task task, long[] lbas) {
        if (task.endedByAbort()) {
            return;
        }
        Scratch.Loan piece = scratch.lend();
        if (piece == null) {
            task.end(ScsiStatus.BUSY);
        } else {
            new Reassignment(task, medium, piece, lbas).start();
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
