package org.lunette.store.file;

import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Region;

/**
 * Where a file or device takes no space: makes holes and finds them. Safe for use by any thread.
 *
 * <p>Whole blocks of a range are punched; of a block that the range has a part of, that part is written with zeros.
 */
final class Holes implements AutoCloseable {
    private final Disk disk;
    private final Transfer transfer;
    private final int blockBytes;
    private final Region zeros;

    /** @param blockBytes a power of two, of which the disk punches multiples */
    Holes(Disk disk, Transfer transfer, int blockBytes) {
        this.disk = disk;
        this.transfer = transfer;
        this.blockBytes = blockBytes;
        this.zeros = Region.allocate("zeros", 2L * blockBytes);
    }

    /** Makes a range read as zeros, with as much of it a hole as can be; returns an {@link Outcome}. */
    long make(long offset, long length) {
        long end = offset + length;
        long first = offset + blockBytes - 1 & -blockBytes;
        long last = end & -blockBytes;
        if (first >= last) { // less than two blocks
            return transfer.write(offset, zeros.address(), (int) length);
        }
        long outcome = transfer.write(offset, zeros.address(), (int) (first - offset));
        if (outcome == Outcome.DONE) {
            outcome = after(first - offset, transfer.punch(first, last - first));
        }
        if (outcome == Outcome.DONE) {
            outcome = after(last - offset, transfer.write(last, zeros.address(), (int) (end - last)));
        }
        return outcome;
    }

    private static long after(long bytes, long outcome) {
        return outcome == Outcome.DONE ? outcome : Outcome.moved(outcome, bytes);
    }

    /** As {@link org.lunette.store.Store#extentBytes}. What the disk does not tell of takes space. */
    long extentBytes(long offset, long end) {
        long data = disk.seekData(offset);
        if (data == -Errno.ENXIO) {
            return offset - end;
        }
        if (data > offset) {
            return offset - Math.min(data, end);
        }
        long hole = data < 0 ? end : disk.seekHole(offset);
        return (hole <= offset ? end : Math.min(hole, end)) - offset;
    }

    @Override
    public void close() {
        zeros.close();
    }
}
