package org.lunette.scsi.unit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.lunette.scsi.block.Medium;
import org.lunette.scsi.block.SelfTests;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.TaskSet;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.store.ByteSize;
import org.lunette.store.StoreException;

/**
 * Changes of a unit's capacity; SBC-4, 4.5. A unit that grows has its new blocks before anybody hears of them. One that
 * shrinks takes no more commands to what it loses, and loses it when those under way have ended.
 */
final class Resizing {
    private static final long MAX_WAIT_S = 30;

    private final Medium medium;
    private final TaskSet tasks;
    private final NexusTable nexuses;
    private final Readiness readiness;
    private final SelfTests selfTests;

    Resizing(Medium medium, TaskSet tasks, NexusTable nexuses, Readiness readiness, SelfTests selfTests) {
        this.medium = medium;
        this.tasks = tasks;
        this.nexuses = nexuses;
        this.readiness = readiness;
        this.selfTests = selfTests;
    }

    /** As {@link LogicalUnit#capacityChanged}. */
    boolean sizeChanged() {
        return raisedIf(medium.sizeChanged());
    }

    /** As {@link LogicalUnit#resize}. */
    synchronized void resize(long toBytes) throws StoreException {
        if (toBytes <= 0) {
            throw new StoreException(
                    "a size of " + toBytes + " bytes is none: it has at least a block of " + medium.blockBytes());
        }
        if (toBytes % medium.blockBytes() != 0) {
            throw new StoreException(
                    "a size of " + toBytes + " bytes is no multiple of its block of " + medium.blockBytes());
        }
        try {
            if (medium.blocksIn(toBytes) < medium.blocks()) {
                clear(medium.blocksIn(toBytes));
            }
            medium.store().resize(toBytes);
        } finally {
            sizeChanged(); // also back to what it was, where the store could not do it
        }
    }

    private void clear(long fromBlock) throws StoreException {
        Readiness.State state = readiness.state();
        if (state == Readiness.State.FORMATTING || state == Readiness.State.SANITIZING) {
            throw new StoreException("it is being formatted or sanitized, and can be made smaller when that has ended");
        }
        raisedIf(medium.limit(fromBlock));
        selfTests.reset(); // afterwards: one that begins now tests what is left
        CountDownLatch ended = new CountDownLatch(1);
        tasks.whenEnded(command -> true, null, ended::countDown);
        if (!isReached(ended)) {
            throw new StoreException("commands under way have not ended in " + MAX_WAIT_S + " s, so it keeps its "
                    + ByteSize.format(medium.store().sizeBytes()));
        }
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(MAX_WAIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean raisedIf(boolean changed) {
        if (changed) {
            nexuses.raise(UnitAttention.CAPACITY_CHANGED, NexusScope.ALL);
        }
        return changed;
    }
}
