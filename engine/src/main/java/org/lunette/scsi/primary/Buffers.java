package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusBuffers;
import org.lunette.scsi.task.Task;

/**
 * READ BUFFER(10) and WRITE BUFFER; SPC-5. Each nexus has a data buffer, of ID 0, and an echo buffer, to test the way
 * to the unit with. Other modes are refused: there is no microcode to download.
 */
public final class Buffers implements OpcodeTable.Source {
    private static final int MODE_BITS = 0x1f;
    private static final int MODE_SPECIFIC = 0xe0;
    private static final int DATA = 0x02;
    private static final int DESCRIPTOR = 0x03;
    private static final int ECHO = 0x0a;
    private static final int ECHO_DESCRIPTOR = 0x0b;
    private static final int ANY_OFFSET = 0;

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("READ BUFFER(10)", "3c 1f ff ff ff ff ff ff ff 00")
                .access(Access.READ)
                .refuse(1, MODE_SPECIFIC)
                .length(6, 3)
                .needs(PathNeed.STANDBY)
                .handledBy(this::read));
        commands.add(Opcode.named("WRITE BUFFER", "3b 1f ff ff ff ff ff ff ff 00")
                .access(Access.WRITE)
                .refuse(1, MODE_SPECIFIC)
                .dataOut()
                .length(6, 3)
                .needs(PathNeed.STANDBY)
                .handledBy(this::write));
    }

    private void read(Task task) {
        Command command = task.command();
        NexusBuffers buffers = task.nexus().buffers();
        int lengthBytes = command.cdb24(6);
        switch (command.cdb8(1) & MODE_BITS) {
            case DATA -> {
                if (isWithinBuffer(task, command.cdb24(3), 0)) {
                    int there = NexusBuffers.BUFFER_BYTES - command.cdb24(3);
                    answer(task, buffers.data(command.cdb24(3), Math.min(lengthBytes, there)));
                }
            }
            case DESCRIPTOR -> {
                boolean isThere = command.cdb8(2) == 0;
                PageBuffer data = new PageBuffer().put8(ANY_OFFSET);
                answer(task, data.put24(isThere ? NexusBuffers.BUFFER_BYTES : 0).toBytes());
            }
            case ECHO -> {
                byte[] echo = buffers.echo();
                if (echo == null) {
                    task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.COMMAND_SEQUENCE_ERROR);
                } else {
                    answer(task, echo);
                }
            }
            case ECHO_DESCRIPTOR ->
                answer(
                        task,
                        new PageBuffer()
                                .put16(0)
                                .put16(NexusBuffers.BUFFER_BYTES)
                                .toBytes());
            default -> task.invalidCdb(1, 4);
        }
    }

    private static void answer(Task task, byte[] data) {
        task.good(data, data.length, task.command().cdb24(6));
    }

    private void write(Task task) {
        Command command = task.command();
        int mode = command.cdb8(1) & MODE_BITS;
        int lengthBytes = command.cdb24(6);
        if (mode != DATA && mode != ECHO) {
            task.invalidCdb(1, 4);
            return;
        }
        if (mode == ECHO && lengthBytes > NexusBuffers.BUFFER_BYTES) {
            task.invalidCdb(6, 7);
            return;
        }
        if (mode == DATA && !isWithinBuffer(task, command.cdb24(3), lengthBytes)) {
            return;
        }
        byte[] data = new byte[lengthBytes];
        command.setTransferBytes(lengthBytes);
        if (command.dataOut(data, lengthBytes) < lengthBytes) {
            task.parameterListTooShort();
        } else if (!task.endedByAbort()) {
            take(task, mode, data);
        }
    }

    private static void take(Task task, int mode, byte[] data) {
        NexusBuffers buffers = task.nexus().buffers();
        if (mode == ECHO) {
            buffers.writeEcho(data);
        } else {
            buffers.writeData(task.command().cdb24(3), data);
        }
        task.good();
    }

    /** Whether a stretch of the data buffer is there; else the task has ended. */
    private static boolean isWithinBuffer(Task task, int offset, int lengthBytes) {
        if (task.command().cdb8(2) != 0) {
            task.invalidCdb(2, 7);
        } else if (offset > NexusBuffers.BUFFER_BYTES) {
            task.invalidCdb(3, 7);
        } else if (lengthBytes > NexusBuffers.BUFFER_BYTES - offset) {
            task.invalidCdb(6, 7);
        } else {
            return true;
        }
        return false;
    }
}
