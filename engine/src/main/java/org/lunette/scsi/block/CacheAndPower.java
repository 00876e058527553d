package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.StoreStep;
import org.lunette.scsi.task.Task;

/**
 * SYNCHRONIZE CACHE(10) and (16), and START STOP UNIT; SBC-4.
 *
 * <p>A unit that several hosts share is never stopped: to stop means to flush, and a host that shuts down leaves the
 * others their disk. With IMMED too the status waits for the store: a flush that failed after it could be told to
 * nobody.
 */
final class CacheAndPower implements OpcodeTable.Source {
    private static final int START = 0x01;
    private static final int NO_FLUSH = 0x04;
    private static final int LOEJ = 0x02;
    private static final int POWER_CONDITION = 0xf0;
    private static final int FLUSH_TIMEOUT_S = 120;

    private final Medium medium;
    private final StoreStep finish;

    CacheAndPower(Medium medium) {
        this.medium = medium;
        this.finish = (task, status, errorOffsetBytes) -> StoreErrors.finish(task, medium, status, errorOffsetBytes);
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(flushes("SYNCHRONIZE CACHE(10)", "35 02 ff ff ff ff 00 ff ff 00"));
        commands.add(flushes("SYNCHRONIZE CACHE(16)", "91 02 ff ff ff ff ff ff ff ff ff ff ff ff 00 00"));
        commands.add(Opcode.named("START STOP UNIT", "1b 01 00 00 05 00")
                .access(Access.WRITE)
                .freeAccessIf(4, POWER_CONDITION | START, START)
                .refuse(4, POWER_CONDITION | LOEJ)
                .timeoutS(FLUSH_TIMEOUT_S)
                .handledBy(this::startStop));
    }

    private Opcode flushes(String name, String usage) {
        return Opcode.named(name, usage)
                .ranged()
                .access(Access.WRITE)
                .timeoutS(FLUSH_TIMEOUT_S)
                .handledBy(this::synchronize);
    }

    private void synchronize(Task task) {
        if (task.endedByAbort()) {
            return;
        }
        long blocks = task.blocks() == 0 ? medium.blocks() - task.lba() : task.blocks();
        medium.store().flush(medium.bytes(task.lba()), medium.bytes(blocks), task.then(finish));
    }

    private void startStop(Task task) {
        int flags = task.command().cdb8(4);
        if ((flags & (START | NO_FLUSH)) != 0) {
            task.good();
        } else {
            flushAll(task);
        }
    }

    /**
     * After MODE SELECT: while the cache is switched off, or writes are at an end, nothing that was written before may
     * be left in it. Ends the task.
     */
    void settle(Task task, boolean writesEnd) {
        if (medium.properties().volatileCache()
                && (writesEnd || !medium.caching().writeBack())) {
            flushAll(task);
        } else {
            task.good();
        }
    }

    private void flushAll(Task task) {
        medium.store().flush(0, medium.bytes(medium.blocks()), task.then(finish));
    }
}
