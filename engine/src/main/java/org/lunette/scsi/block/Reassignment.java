package org.lunette.scsi.block;

import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/** One REASSIGN BLOCKS under way: block by block, reads it, and writes zeros where that fails. */
final class Reassignment implements StoreCompletion {
    private final Task task;
    private final Medium medium;
    private final Scratch scratch;
    private final Region piece;
    private final long[] lbas;
    // 1 while a thread is in turn(); more while the store has also ended an operation. So a store that ends operations
    // at once makes a loop here, and not a recursion.
    private final AtomicInteger turns = new AtomicInteger();

    private boolean onStoresThread;
    private int next;
    private boolean reading;
    private StoreStatus status = StoreStatus.OK;
    private long errorOffsetBytes;

    Reassignment(Task task, Medium medium, Scratch scratch, Region piece, long[] lbas) {
        this.task = task;
        this.medium = medium;
        this.scratch = scratch;
        this.piece = piece;
        this.lbas = lbas;
    }

    void start() {
        turns.set(1);
        takeTurns();
    }

    @Override
    public void ended(StoreStatus how, long errorOffset) {
        status = how;
        errorOffsetBytes = errorOffset;
        if (turns.getAndIncrement() == 0) {
            onStoresThread = true;
            takeTurns();
        }
    }

    private void takeTurns() {
        boolean goesOn;
        do {
            goesOn = turn();
        } while (goesOn && turns.decrementAndGet() != 0);
    }

    /** Goes on with this block or the next one; returns false when the task has ended. */
    private boolean turn() {
        boolean rewrites = reading && status == StoreStatus.READ_FAILED;
        if (status != StoreStatus.OK && !rewrites) {
            scratch.giveBack(piece);
            StoreErrors.finish(task, medium, status, errorOffsetBytes);
            return false;
        }
        if (!rewrites && next == lbas.length || task.command().isAborted()) {
            scratch.giveBack(piece);
            if (!task.endedByAbort()) {
                task.good();
            }
            return false;
        }
        reading = !rewrites;
        return rewrites ? perform(lbas[next - 1]) : perform(lbas[next++]);
    }

    /** Reads or rewrites a block; returns false if the store refused that by an exception, and the task has ended. */
    private boolean perform(long lba) {
        try {
            if (reading) {
                medium.store().read(medium.bytes(lba), piece.address(), medium.blockBytes(), this);
            } else {
                Memory.fill(piece.address(), medium.blockBytes(), (byte) 0);
                medium.store().write(medium.bytes(lba), piece.address(), medium.blockBytes(), true, this);
            }
            return true;
        } catch (RuntimeException | Error e) {
            scratch.giveBack(piece); // the store has nothing under way, and will not come back
            if (!onStoresThread) {
                throw e;
            }
            // There nobody else would end the task.
            task.fail(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            return false;
        }
    }
}
