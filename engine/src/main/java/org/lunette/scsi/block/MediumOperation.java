package org.lunette.scsi.block;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One format or sanitize operation under way, on a thread of its own: waits until no other command works on the medium,
 * then does pass after pass, piece by piece. Neither a reset nor the loss of its nexus ends it; only {@link #stop}
 * does.
 *
 * <p>A command that waits for its end is told so, or, once it is aborted, that it is: it never holds up a reset.
 */
final class MediumOperation implements Runnable, StoreCompletion {
    private static final Logger LOG = LoggerFactory.getLogger(MediumOperation.class);
    /** How often a waiting thread looks whether the command was aborted: nobody would tell it. */
    private static final long LOOK_MS = 20;

    private static final double PROGRESS_UNITS = 65536.0;

    /**
     * What is to be done.
     *
     * @param during what the unit is meanwhile
     * @param need what that needs
     * @param ifFailed what it is after a failure
     * @param failure what the initiator is told of that
     * @param fill the memory that the passes write from; closed at the end
     */
    record Job(
            Readiness.State during,
            Need need,
            Readiness.State ifFailed,
            AdditionalSense failure,
            FillPattern fill,
            List<MediumPass> passes) {}

    private final String name;
    private final Job job;
    private final Readiness readiness;
    private final Readiness.State before;
    private final KeptReadiness kept;
    private final Pace pace;
    private final long totalBytes;
    private Task waiting;
    private long doneBytes;

    // Guarded by this object's monitor.
    private boolean othersEnded;
    private boolean stopped;
    private boolean pieceEnded;
    private StoreStatus status;

    /** @param waiting the command that ends with the operation; null if it ends before */
    MediumOperation(
            String name,
            Job job,
            Readiness readiness,
            Readiness.State before,
            KeptReadiness kept,
            Pace pace,
            Task waiting) {
        this.name = name;
        this.job = job;
        this.readiness = readiness;
        this.before = before;
        this.kept = kept;
        this.pace = pace;
        this.waiting = waiting;
        this.totalBytes = Math.max(
                1, job.passes().stream().mapToLong(MediumPass::lengthBytes).sum());
    }

    /** No command works on the medium any more. */
    synchronized void othersEnded() {
        othersEnded = true;
        notifyAll();
    }

    /** Ends it after the piece that is under way: the unit closes. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    @Override
    public synchronized void ended(StoreStatus how, long errorOffsetBytes) {
        status = how;
        pieceEnded = true;
        notifyAll();
    }

    @Override
    public void run() {
        boolean begun = false;
        boolean done = false;
        try {
            await(() -> othersEnded || stopped);
            begun = !isStopped() && keep(job.ifFailed());
            done = begun && perform() && keep(Readiness.State.READY);
        } catch (RuntimeException | Error e) {
            LOG.error("{}: an operation on the medium failed", name, e);
        } finally {
            conclude(begun, done);
        }
    }

    /** Whether a restart from now on finds the medium in this state. */
    private boolean keep(Readiness.State state) {
        synchronized (this) {
            pieceEnded = false;
        }
        kept.save(state, this);
        await(() -> pieceEnded);
        if (status != StoreStatus.OK) {
            LOG.warn("{}: it cannot be kept that the medium is {}: {}", name, state, status);
        }
        return status == StoreStatus.OK;
    }

    private boolean perform() {
        for (MediumPass pass : job.passes()) {
            pass.prepare().run();
            long offset = 0;
            do {
                long length = Math.min(pass.pieceBytes(), pass.lengthBytes() - offset);
                if (!performPiece(pass.action(), offset, length)) {
                    return false;
                }
                offset += length;
                doneBytes += length;
                if (waiting != null) {
                    waiting.progressed();
                }
                readiness.progress((int) Math.min(PROGRESS_UNITS - 1, doneBytes * PROGRESS_UNITS / totalBytes));
            } while (offset < pass.lengthBytes());
        }
        return true;
    }

    private boolean performPiece(MediumPass.Action action, long offset, long length) {
        synchronized (this) {
            pieceEnded = false;
        }
        long goOnNs = pace.wrote(action.start(offset, length, this));
        await(() -> pieceEnded); // even if stopped: the store works with our memory
        if (status != StoreStatus.OK) {
            LOG.warn("{}: an operation on the medium failed at byte {}: {}", name, offset, status);
            return false;
        }
        await(() -> stopped || System.nanoTime() - goOnNs >= 0);
        return !isStopped();
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Waits for a condition that the monitor guards, and lets an aborted command go meanwhile. */
    private void await(BooleanSupplier condition) {
        boolean waits = true;
        while (waits) {
            letAbortedGo();
            synchronized (this) {
                if (!condition.getAsBoolean()) {
                    waitABit();
                }
                waits = !condition.getAsBoolean();
            }
        }
    }

    private void waitABit() {
        try {
            wait(LOOK_MS);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    private void letAbortedGo() {
        if (waiting != null && waiting.endedByAbort()) {
            waiting = null;
        }
    }

    private void conclude(boolean begun, boolean done) {
        try {
            job.fill().close();
        } finally {
            Readiness.State spoilt = begun ? job.ifFailed() : before;
            readiness.end(done ? Readiness.State.READY : spoilt);
            letAbortedGo();
            if (waiting != null) {
                tell(done);
            }
        }
    }

    private void tell(boolean done) {
        if (done) {
            waiting.good();
        } else if (isStopped()) {
            waiting.fail(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE);
        } else {
            waiting.fail(SenseKey.MEDIUM_ERROR, job.failure());
        }
    }
}
