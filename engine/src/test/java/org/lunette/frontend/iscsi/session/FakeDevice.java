package org.lunette.frontend.iscsi.session;

import java.util.ArrayList;
import java.util.List;
import org.lunette.bridge.memory.Memory;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.QueueError;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;

/**
 * A disk in an array, of 512-byte blocks, that knows READ(10) and WRITE(10), and operation code C0h, which has the
 * data-in that CDB bytes 2 to 5 say. It may hold commands until it is told to end them.
 */
public final class FakeDevice implements CommandHandler {
    public static final int BLOCK_BYTES = 512;
    public static final int TEST_UNIT_READY = 0x00;
    public static final int READ_10 = 0x28;
    public static final int WRITE_10 = 0x2a;
    public static final int VENDOR_IN = 0xc0;

    public final byte[] disk;
    public final List<Nexus> nexuses = new ArrayList<>();
    public final List<Nexus> lost = new ArrayList<>();
    public final List<TaskManagement> managed = new ArrayList<>();
    public final List<Command> held = new ArrayList<>();
    public final List<Integer> executed = new ArrayList<>();
    public volatile boolean holding;
    public boolean answersManagement = true;
    public boolean tellsOfAborts = true;
    public QueueError queueError = QueueError.NONE;
    public boolean taskSetPerNexus;
    /** The LUNs for which it was told that commands are aborted. */
    public final List<Integer> toldOfAborts = new ArrayList<>();

    public FakeDevice(int blocks) {
        this.disk = new byte[blocks * BLOCK_BYTES];
    }

    @Override
    public synchronized void execute(Command command) {
        executed.add((int) command.tag());
        if (holding) {
            held.add(command);
        } else {
            end(command);
        }
    }

    /** How many commands are held. */
    public synchronized int heldCount() {
        return held.size();
    }

    /** Ends all commands held, the first first. */
    public void endHeld() {
        List<Command> commands;
        synchronized (this) {
            commands = List.copyOf(held);
            held.clear();
        }
        commands.forEach(this::end);
    }

    /** Does what the command says. */
    public void end(Command command) {
        switch (command.opcode()) {
            case TEST_UNIT_READY -> command.completeGood();
            case READ_10, WRITE_10 -> transfer(command);
            case VENDOR_IN -> vendorIn(command);
            default ->
                command.completeCheckCondition(
                        SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        }
    }

    private void transfer(Command command) {
        long at = command.cdb32(2) * BLOCK_BYTES;
        int bytes = command.cdb16(7) * BLOCK_BYTES;
        if (at + bytes > disk.length) {
            command.completeCheckCondition(
                    SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            return;
        }
        int fits = Math.min(bytes, command.dataBytes());
        if (command.opcode() == READ_10 && command.direction() == DataDirection.IN) {
            Memory.copy(disk, (int) at, command.dataAddress(), fits);
        } else if (command.opcode() == WRITE_10 && command.direction() == DataDirection.OUT && fits > 0) {
            Memory.copy(command.dataAddress(), disk, (int) at, fits);
        }
        command.setTransferBytes(bytes);
        command.completeGood();
    }

    private static void vendorIn(Command command) {
        int bytes = (int) command.cdb32(2);
        for (int i = 0; i < Math.min(bytes, command.dataBytes()); i++) {
            Memory.putByte(command.dataAddress() + i, (byte) i);
        }
        command.setTransferBytes(bytes);
        command.completeGood();
    }

    @Override
    public synchronized void manage(TaskManagement request) {
        managed.add(request);
        if (answersManagement) {
            request.respond(
                    request.lun() > 7
                            ? TaskManagement.Response.INCORRECT_LOGICAL_UNIT_NUMBER
                            : TaskManagement.Response.FUNCTION_COMPLETE);
        }
    }

    @Override
    public boolean abortsWithStatus(TaskManagement.Function function, Nexus nexus, int lun) {
        return tellsOfAborts;
    }

    @Override
    public void commandsAborted(int lun) {
        toldOfAborts.add(lun);
    }

    @Override
    public boolean hasTaskSetPerNexus(int lun) {
        return taskSetPerNexus;
    }

    @Override
    public QueueError queueError(int lun) {
        return queueError;
    }

    @Override
    public synchronized void nexusEstablished(Nexus nexus) {
        nexuses.add(nexus);
    }

    @Override
    public synchronized void nexusLost(Nexus nexus) {
        if (!nexuses.remove(nexus)) {
            throw new IllegalStateException("never established: " + nexus);
        }
        lost.add(nexus);
    }
}
