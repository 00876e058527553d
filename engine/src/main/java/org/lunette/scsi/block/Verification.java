package org.lunette.scsi.block;

import org.lunette.bridge.memory.Memory;
import org.lunette.scsi.task.Task;

/** Reads a range piece by piece, and compares. */
class Verification extends StoreWork {
    private final Scratch.Loan scratch;
    private final long dataBytes;
    private final long lengthBytes;

    private long doneBytes;
    private int readingBytes;

    /**
     * @param scratch where to read to; given back in the end
     * @param dataBytes the data to compare with: none, a single block for each block, or as long as the range
     */
    Verification(Task task, Medium medium, Scratch.Loan scratch, long dataBytes, long lengthBytes) {
        super(task, medium);
        this.scratch = scratch;
        this.dataBytes = dataBytes;
        this.lengthBytes = lengthBytes;
    }

    @Override
    boolean proceed() {
        long miscompare = dataBytes == 0 ? -1 : firstMiscompare();
        doneBytes += readingBytes;
        readingBytes = 0;
        if (miscompare >= 0) {
            return miscompare(miscompare);
        }
        if (doneBytes == lengthBytes) {
            return verified();
        }
        readingBytes = (int) Math.min(Scratch.PIECE_BYTES, lengthBytes - doneBytes);
        medium.store().read(medium.bytes(task.lba()) + doneBytes, scratch.address(), readingBytes, this);
        return true;
    }

    /** What is done when all is well; as {@link #proceed}, and called again after an operation that it asks for. */
    boolean verified() {
        return good();
    }

    @Override
    final void release() {
        scratch.giveBack();
    }

    /** The offset in the data of the first byte that differs from what was read; -1 if there is none. */
    private long firstMiscompare() {
        long data = task.command().dataAddress();
        boolean oneBlock = dataBytes < lengthBytes || dataBytes == medium.blockBytes();
        int step = oneBlock ? medium.blockBytes() : readingBytes;
        for (int at = 0; at < readingBytes; at += step) {
            long from = oneBlock ? 0 : doneBytes;
            int offset = firstDifference(data + from, scratch.address() + at, step);
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
