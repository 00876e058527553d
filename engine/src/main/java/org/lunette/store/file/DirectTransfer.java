package org.lunette.store.file;

import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.store.StoreSpec;

/**
 * Goes past the page cache (O_DIRECT), which demands that offset and length are multiples of the disk's block, and that
 * the address is aligned as well.
 *
 * <p>What is so aligned goes straight. The rest goes by an aligned buffer; where a write covers a part of a block only,
 * the block is read, changed and written back. That must not undo what another write puts into the same block
 * meanwhile: so whoever changes a part of a block has it for himself, while writes of whole blocks go on side by side
 * ({@link RangeLocks}).
 */
final class DirectTransfer implements Transfer {
    private final Disk disk;
    private final int blockBytes;
    private final int addressAlignment;
    private final BounceBuffers buffers;
    private final RangeLocks locks = new RangeLocks();

    /**
     * @param blockBytes what offsets and lengths must be multiples of; a power of two, at most
     *     {@link BounceBuffers#BUFFER_BYTES}
     * @param addressAlignment what addresses must be multiples of; a power of two
     */
    DirectTransfer(Disk disk, int blockBytes, int addressAlignment) {
        this.disk = disk;
        this.blockBytes = blockBytes;
        this.addressAlignment = addressAlignment;
        this.buffers = new BounceBuffers();
    }

    private boolean fits(long address) {
        return (address & addressAlignment - 1) == 0;
    }

    private int withinBlock(long offset) {
        return (int) (offset & blockBytes - 1);
    }

    @Override
    public long read(long offset, long address, int length) {
        int done = 0;
        while (done < length) {
            int left = length - done;
            int straight = withinBlock(offset + done) == 0 && fits(address + done) ? left & -blockBytes : 0;
            int step = straight > 0 ? straight : bufferedStep(offset + done, left);
            long outcome = straight > 0
                    ? readWhole(offset + done, address + done, straight)
                    : readByBuffer(offset + done, address + done, step);
            if (outcome < 0) {
                return Outcome.moved(outcome, done);
            }
            done += step;
        }
        return Outcome.DONE;
    }

    /** As much as one buffer takes, which has room for the beginning of the first block too. */
    private int bufferedStep(long offset, int left) {
        return Math.min(left, BounceBuffers.BUFFER_BYTES - withinBlock(offset));
    }

    private long readByBuffer(long offset, long address, int length) {
        int before = withinBlock(offset);
        int whole = before + length + blockBytes - 1 & -blockBytes;
        long buffer = buffers.take();
        try {
            long outcome = readWhole(offset - before, buffer, whole);
            long there = outcome < 0 ? Outcome.doneBytes(outcome) - before : length;
            if (there < length) {
                return Outcome.failed(Math.max(0, there), Outcome.errno(outcome));
            }
            Memory.copy(buffer + before, address, length); // if the blocks' end failed, it was not asked for
            return Outcome.DONE;
        } finally {
            buffers.giveBack(buffer);
        }
    }

    /** Reads whole blocks. A read that ends within a block has met the end of the file. */
    private long readWhole(long offset, long address, int length) {
        int done = 0;
        while (done < length) {
            long count = disk.pread(address + done, length - done, offset + done);
            if (count < 0) {
                return Outcome.failed(done, -count);
            }
            done += (int) count;
            if (count == 0 || done < length && withinBlock(done) != 0) {
                return Outcome.failed(done, Errno.ENODATA);
            }
        }
        return Outcome.DONE;
    }

    @Override
    public long write(long offset, long address, int length) {
        int done = 0;
        while (done < length) {
            int left = length - done;
            int within = withinBlock(offset + done);
            int step;
            long outcome;
            if (within != 0 || left < blockBytes) {
                step = Math.min(left, blockBytes - within);
                outcome = changeBlock(offset + done, address + done, step);
            } else if (fits(address + done)) {
                step = left & -blockBytes;
                outcome = writeWholeShared(offset + done, address + done, step);
            } else {
                step = Math.min(left, BounceBuffers.BUFFER_BYTES) & -blockBytes;
                outcome = writeByBuffer(offset + done, address + done, step);
            }
            if (outcome < 0) {
                return Outcome.moved(outcome, done);
            }
            done += step;
        }
        return Outcome.DONE;
    }

    /** Writes a part of one block. */
    private long changeBlock(long offset, long address, int length) {
        int before = withinBlock(offset);
        long block = offset - before;
        long buffer = buffers.take();
        locks.lockAlone(block);
        try {
            long outcome = readWhole(block, buffer, blockBytes);
            if (outcome == Outcome.DONE) {
                Memory.copy(address, buffer + before, length);
                outcome = writeWhole(block, buffer, blockBytes);
            }
            return outcome == Outcome.DONE ? outcome : Outcome.failed(0, Outcome.errno(outcome));
        } finally {
            locks.unlockAlone(block);
            buffers.giveBack(buffer);
        }
    }

    private long writeByBuffer(long offset, long address, int length) {
        long buffer = buffers.take();
        try {
            Memory.copy(address, buffer, length);
            return writeWholeShared(offset, buffer, length);
        } finally {
            buffers.giveBack(buffer);
        }
    }

    private long writeWholeShared(long offset, long address, int length) {
        locks.lockShared(offset, length);
        try {
            return writeWhole(offset, address, length);
        } finally {
            locks.unlockShared(offset, length);
        }
    }

    private long writeWhole(long offset, long address, int length) {
        int done = 0;
        while (done < length) {
            long count = disk.pwrite(address + done, length - done, offset + done);
            long blocks = count & -blockBytes; // the rest of a block that was begun is written again
            if (count < 0 || blocks == 0) {
                return Outcome.failed(done, count < 0 ? -count : Errno.EIO);
            }
            done += (int) blocks;
        }
        return Outcome.DONE;
    }

    @Override
    public long punch(long offset, long length) {
        locks.lockShared(offset, length);
        try {
            return Outcome.ofCall(disk.punch(offset, length));
        } finally {
            locks.unlockShared(offset, length);
        }
    }

    @Override
    public int blockBytes() {
        return Math.max(blockBytes, StoreSpec.SECTOR_BYTES);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
