package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.StoreStep;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreStatus;

/**
 * START STOP UNIT; SBC-4.
 *
 * <p>A unit that several hosts share is never stopped: to stop means to flush, and a host that shuts down leaves the
 * others their disk. Nor is one with a removable medium: that becomes not ready by being ejected alone, and its power
 * conditions, which change nothing, all leave it ready. With IMMED too the status waits for the store: a flush that
 * failed after it could be told to nobody.
 */
final class StartStop implements OpcodeTable.Source {
    private static final int START = 0x01;
    private static final int LOEJ = 0x02;
    private static final int NO_FLUSH = 0x04;
    private static final int POWER_CONDITION = 0xf0;

    private final Medium medium;
    private final boolean removable;
    private final Removal removal;
    private final StoreStep stopped;
    private final StoreStep readyToEject = this::readyToEject;

    StartStop(Medium medium, boolean removable, Readiness readiness, NexusTable nexuses, StartStopCycles cycles) {
        this.medium = medium;
        this.removable = removable;
        this.removal = new Removal(readiness, nexuses, cycles);
        this.stopped = (task, status, errorOffsetBytes) -> StoreErrors.finish(task, medium, status, errorOffsetBytes);
    }

    @Override
    public void declare(List<Opcode> commands) {
        Opcode.Builder command = removable
                ? Opcode.named("START STOP UNIT", "1b 01 00 0f f7 00")
                : Opcode.named("START STOP UNIT", "1b 01 00 00 05 00").refuse(4, POWER_CONDITION | LOEJ);
        commands.add(command.access(Access.WRITE)
                .freeAccessIf(4, POWER_CONDITION | START, START)
                .timeoutS(Opcode.FLUSH_TIMEOUT_S)
                .handledBy(this::startStop));
        if (removable) {
            removal.declare(commands);
        }
    }

    private void startStop(Task task) {
        if (task.endedByAbort()) {
            return;
        }
        int flags = task.command().cdb8(4);
        boolean start = (flags & START) != 0;
        boolean flush = (flags & NO_FLUSH) == 0;
        if ((flags & POWER_CONDITION) != 0) {
            task.good();
        } else if ((flags & LOEJ) != 0) {
            loadOrEject(task, start, flush);
        } else if (start || !flush) {
            task.good();
        } else {
            flushAll(task, stopped);
        }
    }

    private void loadOrEject(Task task, boolean load, boolean flush) {
        if (load) {
            removal.load(task);
        } else if (!flush || removal.isPrevented()) {
            removal.eject(task);
        } else {
            flushAll(task, readyToEject);
        }
    }

    private void readyToEject(Task task, StoreStatus status, long errorOffsetBytes) {
        if (status != StoreStatus.OK) {
            StoreErrors.finish(task, medium, status, errorOffsetBytes);
        } else if (!task.endedByAbort()) {
            removal.eject(task);
        }
    }

    private void flushAll(Task task, StoreStep then) {
        medium.store().flush(0, medium.bytes(medium.blocks()), task.then(then));
    }
}
