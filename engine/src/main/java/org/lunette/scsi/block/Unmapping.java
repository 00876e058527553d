package org.lunette.scsi.block;

import org.lunette.scsi.task.Task;

/** Gives the space of ranges back, piece by piece. */
final class Unmapping extends StoreWork {
    /** The most that the store is asked for at once; the end of a piece is a multiple of it. */
    private static final long PIECE_BYTES = 64L << 20;

    private final long[] ranges;
    private final int count;
    private int range;
    private long doneBlocks;

    /**
     * @param ranges the first LBA of a range, the number of its blocks, and so on
     * @param count how many numbers of these count
     */
    Unmapping(Task task, Medium medium, long[] ranges, int count) {
        super(task, medium);
        this.ranges = ranges;
        this.count = count;
    }

    @Override
    boolean proceed() {
        while (range < count && doneBlocks == ranges[range + 1]) {
            range += 2;
            doneBlocks = 0;
        }
        if (range == count) {
            return settle(false, task.lba(), task.blocks());
        }
        long from = medium.bytes(ranges[range] + doneBlocks);
        long rest = medium.bytes(ranges[range + 1] - doneBlocks);
        long lengthBytes = Math.min(rest, PIECE_BYTES - (from & PIECE_BYTES - 1));
        doneBlocks += medium.blocksIn(lengthBytes);
        medium.store().unmap(from, lengthBytes, this);
        return true;
    }
}
