package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.StoreStep;
import org.lunette.scsi.task.Task;

/**
 * SYNCHRONIZE CACHE(10) and (16); SBC-4. With IMMED too the status waits for the store: a flush that failed after it
 * could be told to nobody.
 */
final class SynchronizeCache implements OpcodeTable.Source {

    private final Medium medium;
    private final StoreStep finish;

    SynchronizeCache(Medium medium) {
        this.medium = medium;
        this.finish = (task, status, errorOffsetBytes) -> StoreErrors.finish(task, medium, status, errorOffsetBytes);
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(flushes("SYNCHRONIZE CACHE(10)", "35 02 ff ff ff ff 00 ff ff 00"));
        commands.add(flushes("SYNCHRONIZE CACHE(16)", "91 02 ff ff ff ff ff ff ff ff ff ff ff ff 00 00"));
    }

    private Opcode flushes(String name, String usage) {
        return Opcode.named(name, usage)
                .ranged()
                .access(Access.WRITE)
                .timeoutS(Opcode.FLUSH_TIMEOUT_S)
                .handledBy(this::synchronize);
    }

    private void synchronize(Task task) {
        if (task.endedByAbort()) {
            return;
        }
        long blocks = task.blocks() == 0 ? medium.blocks() - task.lba() : task.blocks();
        medium.store().flush(medium.bytes(task.lba()), medium.bytes(blocks), task.then(finish));
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
