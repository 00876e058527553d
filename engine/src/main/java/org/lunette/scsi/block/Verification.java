package org.lunette.scsi.block;

import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/** One VERIFY under way: reads the range piece by piece, and compares. */
final class Verification implements StoreCompletion {
    private final Task task;
    private final Medium medium;
    private final Scratch scratch;
    private final Region piece;
    private final long dataBytes;
    private final long lengthBytes;
    // 1 while a thread is in turn(); more while the store has also ended a read. So a store that ends reads at once
    // makes a loop here, and not a recursion.
    private final AtomicInteger turns = new AtomicInteger();

    private boolean onStoresThread;
    private long doneBytes;
    private int readingBytes;
    private StoreStatus status = StoreStatus.OK;
    private long errorOffsetBytes;

    /** @param dataBytes the data to compare with: none, a single block for each block, or as long as the range */
    Verification(Task task, Medium medium, Scratch scratch, Region piece, long dataBytes, long lengthBytes) {
        this.task = task;
        this.medium = medium;
        this.scratch = scratch;
        this.piece = piece;
        this.dataBytes = dataBytes;
        this.lengthBytes = lengthBytes;
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

    /** Looks at what was read, and reads on; returns false when the task has ended. */
    private boolean turn() {
        if (status != StoreStatus.OK) {
            scratch.giveBack(piece);
            StoreErrors.finish(task, medium, status, errorOffsetBytes);
            return false;
        }
        long miscompare = dataBytes == 0 ? -1 : firstMiscompare();
        doneBytes += readingBytes;
        if (miscompare >= 0) {
            scratch.giveBack(piece);
            task.fail(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION, miscompare);
            return false;
        }
        if (doneBytes == lengthBytes || task.command().isAborted()) {
            scratch.giveBack(piece);
            if (!task.endedByAbort()) {
                task.good();
            }
            return false;
        }
        readingBytes = (int) Math.min(Scratch.PIECE_BYTES, lengthBytes - doneBytes);
        return read();
    }

    /** Reads the next piece; returns false if the store refused that by an exception, and the task has ended. */
    private boolean read() {
        try {
            medium.store().read(medium.bytes(task.lba()) + doneBytes, piece.address(), readingBytes, this);
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

    /** The offset in the data of the first byte that differs from what was read; -1 if there is none. */
    private long firstMiscompare() {
        long data = task.command().dataAddress();
        boolean oneBlock = dataBytes < lengthBytes || dataBytes == medium.blockBytes();
        int step = oneBlock ? medium.blockBytes() : readingBytes;
        for (int at = 0; at < readingBytes; at += step) {
            long from = oneBlock ? 0 : doneBytes;
            int offset = firstDifference(data + from, piece.address() + at, step);
            if (offset >= 0) {
                return from + offset;
            }
        }
        return -1;
    }

    private static int firstDifference(long a, long b, int lengthBytes) {
        for (int i = 0; i < lengthBytes; i += Long.BYTES) {
            if (Memory.getLong(a + i) != Memory.getLong(b + i)) {
                int at = i;
                while (Memory.getByte(a + at) == Memory.getByte(b + at)) {
                    at++;
                }
                return at;
            }
        }
        return -1;
    }
}
