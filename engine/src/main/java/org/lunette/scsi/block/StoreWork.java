package org.lunette.scsi.block;

import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/**
 * A task's work on the medium that takes several store operations, one after another. After each it is looked whether
 * the operation failed, and whether the task was aborted; then it has ended, and nothing more is done.
 */
abstract class StoreWork implements StoreCompletion {
    final Task task;
    final Medium medium;

    private final int use;
    // 1 while a thread takes turns; more while the store has also ended an operation. So a store that ends operations
    // at once makes a loop here, and not a recursion.
    private final AtomicInteger turns = new AtomicInteger();

    private boolean onStoresThread;
    private boolean flushed;
    private StoreStatus status = StoreStatus.OK;
    private long errorOffsetBytes;

    StoreWork(Task task, Medium medium) {
        this.task = task;
        this.medium = medium;
        this.use = task.command().use();
    }

    final void start() {
        turns.set(1);
        takeTurns();
    }

    /**
     * Takes what the last operation has brought, and asks the store for the next one, with this as its completion; or
     * ends the task by one of the methods below. Returns whether the task goes on.
     */
    abstract boolean proceed();

    /** Whether a failure of the last operation is no failure of the work, which goes on then. */
    boolean expects(StoreStatus failure) {
        return false;
    }

    /** Gives back what the work has borrowed; may be called again. */
    void release() {
        // Nothing, unless a kind of work borrows.
    }

    /** Ends the task with GOOD; returns false. */
    final boolean good() {
        release();
        task.good();
        return false;
    }

    /** Ends the task with MISCOMPARE at that offset in its data; returns false. */
    final boolean miscompare(long offsetBytes) {
        release();
        task.fail(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION, offsetBytes);
        return false;
    }

    /**
     * What comes last after plain writes to a range: makes them durable if FUA or a cache that is switched off demands
     * it, then ends the task with GOOD. Returns whether the task goes on.
     */
    final boolean settle(boolean fua, long lba, long blocks) {
        boolean durable =
                !medium.properties().volatileCache() || !fua && medium.caching().writeBack();
        if (flushed || durable) {
            return good();
        }
        flushed = true;
        medium.store().flush(medium.bytes(lba), medium.bytes(blocks), this);
        return true;
    }

    @Override
    public final void ended(StoreStatus how, long errorOffset) {
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

    private boolean turn() {
        if (status != StoreStatus.OK && !expects(status)) {
            release();
            StoreErrors.finish(task, medium, status, errorOffsetBytes);
            return false;
        }
        if (task.command().isAborted()) {
            release();
            task.endedByAbort();
            return false;
        }
        task.progressed();
        try {
            return proceed();
        } catch (RuntimeException | Error e) {
            release(); // the store has nothing under way, and will not come back
            if (!onStoresThread) {
                throw e;
            }
            // There nobody else would end the command, if it has not ended.
            task.command().failUse(use, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            return false;
        }
    }
}
