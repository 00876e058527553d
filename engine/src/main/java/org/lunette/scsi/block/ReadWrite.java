package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.StoreStep;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreStatus;

/**
 * READ and WRITE; SBC-4. The hot path: nothing is allocated, and data goes between the front-end's buffer and the
 * store.
 *
 * <p>DPO is a hint that the store has no use for. A READ with FUA of a cache that a power failure would empty writes
 * the range to the medium first.
 */
final class ReadWrite implements OpcodeTable.Source {
    /** RDPROTECT, WRPROTECT and VRPROTECT: there is no protection information. */
    static final int PROTECT = 0xe0;

    static final int FUA = 0x08;

    private final Medium medium;
    private final StoreStep finish;
    private final StoreStep wasRead = this::wasRead;
    private final StoreStep writtenToCache = this::writtenToCache;
    private final StoreStep flushedBeforeRead = this::flushedBeforeRead;

    ReadWrite(Medium medium) {
        this.medium = medium;
        this.finish = (task, status, errorOffsetBytes) -> StoreErrors.finish(task, medium, status, errorOffsetBytes);
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(reads("READ(6)", "08 1f ff ff ff 00").handledBy(task -> read(task, false)));
        commands.add(reads("READ(10)", "28 18 ff ff ff ff 00 ff ff 00")
                .refuse(1, PROTECT)
                .handledBy(this::read));
        commands.add(reads("READ(12)", "a8 18 ff ff ff ff ff ff ff ff 00 00")
                .refuse(1, PROTECT)
                .handledBy(this::read));
        commands.add(reads("READ(16)", "88 18 ff ff ff ff ff ff ff ff ff ff ff ff 00 00")
                .refuse(1, PROTECT)
                .handledBy(this::read));
        commands.add(writes("WRITE(6)", "0a 1f ff ff ff 00").handledBy(task -> write(task, false)));
        commands.add(writes("WRITE(10)", "2a 18 ff ff ff ff 00 ff ff 00")
                .refuse(1, PROTECT)
                .handledBy(this::write));
        commands.add(writes("WRITE(12)", "aa 18 ff ff ff ff ff ff ff ff 00 00")
                .refuse(1, PROTECT)
                .handledBy(this::write));
        commands.add(writes("WRITE(16)", "8a 18 ff ff ff ff ff ff ff ff ff ff ff ff 00 00")
                .refuse(1, PROTECT)
                .handledBy(this::write));
    }

    private static Opcode.Builder reads(String name, String usage) {
        return Opcode.named(name, usage).limited().access(Access.READ);
    }

    private static Opcode.Builder writes(String name, String usage) {
        return Opcode.named(name, usage).limited().writes().dataOut();
    }

    // ---- READ ----

    private void read(Task task) {
        read(task, (task.command().cdb8(1) & FUA) != 0);
    }

    private void read(Task task, boolean fua) {
        long lengthBytes = medium.bytes(task.blocks());
        Command command = task.command();
        command.setTransferBytes(lengthBytes);
        if (task.endedByAbort()) {
            return;
        }
        if (fua && lengthBytes > 0 && medium.caching().writeBack()) {
            medium.store().flush(medium.bytes(task.lba()), lengthBytes, task.then(flushedBeforeRead));
        } else {
            startRead(task, lengthBytes);
        }
    }

    private void flushedBeforeRead(Task task, StoreStatus status, long errorOffsetBytes) {
        if (status != StoreStatus.OK) {
            StoreErrors.finish(task, medium, status, errorOffsetBytes);
        } else if (!task.endedByAbort()) {
            startRead(task, medium.bytes(task.blocks()));
        }
    }

    private void startRead(Task task, long lengthBytes) {
        Command command = task.command();
        int room = command.direction() == DataDirection.IN ? command.dataBytes() : 0;
        int moved = (int) Math.min(lengthBytes, room);
        if (moved == 0) {
            task.good();
        } else {
            medium.store().read(medium.bytes(task.lba()), command.dataAddress(), moved, task.then(wasRead));
        }
    }

    private void wasRead(Task task, StoreStatus status, long errorOffsetBytes) {
        if (status == StoreStatus.OK) {
            task.filled(
                    (int) Math.min(medium.bytes(task.blocks()), task.command().dataBytes()));
        }
        StoreErrors.finish(task, medium, status, errorOffsetBytes);
    }

    // ---- WRITE ----

    /** Executes WRITE, and whatever writes like it; the CDB has FUA in its usual place. */
    void write(Task task) {
        write(task, (task.command().cdb8(1) & FUA) != 0);
    }

    private void write(Task task, boolean fua) {
        Command command = task.command();
        long lengthBytes = medium.bytes(task.blocks());
        command.setTransferBytes(lengthBytes);
        if (task.endedByAbort()) {
            return;
        }
        int came = command.direction() == DataDirection.OUT ? command.dataBytes() : 0;
        // What came may end within a block: a block is written whole or not at all.
        task.setRange(task.lba(), medium.blocksIn(Math.min(lengthBytes, came)));
        if (task.blocks() == 0) {
            task.good();
            return;
        }
        boolean durable = fua || !medium.caching().writeBack();
        int moved = (int) medium.bytes(task.blocks());
        StoreStep next = durable ? finish : writtenToCache;
        medium.store().write(medium.bytes(task.lba()), command.dataAddress(), moved, durable, task.then(next));
    }

    private void writtenToCache(Task task, StoreStatus status, long errorOffsetBytes) {
        if (status == StoreStatus.OK && !medium.caching().writeBack()) {
            // The cache was switched off after this write began: its status may not promise less than that.
            medium.store().flush(medium.bytes(task.lba()), medium.bytes(task.blocks()), task.then(finish));
        } else {
            StoreErrors.finish(task, medium, status, errorOffsetBytes);
        }
    }
}
