package org.lunette.store.file;

import java.util.BitSet;
import java.util.Random;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/**
 * A disk in memory that does what a kernel may do: transfers less than it was asked to, insists on alignment, fails at
 * an offset, and reports a failure to write back once.
 */
final class ModelDisk implements Disk {
    private static final int HOLE_BYTES = 4096;

    private final Region region;
    private final long sizeBytes;
    private final int alignment;
    private final Random shortening;

    private final BitSet holes = new BitSet();
    private long failsFrom = Long.MAX_VALUE;
    private int failure;
    private int pendingSyncFailure;
    private int reads;
    private int writes;
    private int syncs;

    /**
     * @param alignment what offsets, lengths and addresses must be multiples of
     * @param shortening makes transfers shorter, by multiples of the alignment; null leaves them whole
     */
    ModelDisk(long sizeBytes, int alignment, Random shortening) {
        this.region = Region.allocate("model disk", sizeBytes);
        this.sizeBytes = sizeBytes;
        this.alignment = alignment;
        this.shortening = shortening;
        this.holes.set(0, (int) (sizeBytes / HOLE_BYTES));
    }

    /** From now on all that touches bytes from {@code offset} on fails; what lies before it is transferred. */
    synchronized void failFrom(long offset, int errno) {
        failsFrom = offset;
        failure = errno;
    }

    /** The next fdatasync fails, those after it do not: as Linux has it. */
    synchronized void failNextSync(int errno) {
        pendingSyncFailure = errno;
    }

    synchronized int reads() {
        return reads;
    }

    synchronized int writes() {
        return writes;
    }

    synchronized int syncs() {
        return syncs;
    }

    @Override
    public synchronized long pread(long address, long length, long offset) {
        reads++;
        long count = allowed(address, length, offset);
        if (count > 0) {
            Memory.copy(region.address() + offset, address, count);
        }
        return count;
    }

    @Override
    public synchronized long pwrite(long address, long length, long offset) {
        writes++;
        long count = allowed(address, length, offset);
        if (count > 0) {
            Memory.copy(address, region.address() + offset, count);
            holes.clear((int) (offset / HOLE_BYTES), (int) ((offset + count - 1) / HOLE_BYTES) + 1);
        }
        return count;
    }

    private long allowed(long address, long length, long offset) {
        if (address % alignment != 0 || length % alignment != 0 || offset % alignment != 0) {
            return -Errno.EINVAL;
        }
        if (offset >= failsFrom) {
            return -failure;
        }
        long count = Math.min(Math.min(length, sizeBytes - offset), failsFrom - offset);
        if (shortening != null && count > alignment && shortening.nextBoolean()) {
            count = alignment * (1L + shortening.nextInt((int) (count / alignment)));
        }
        return count;
    }

    @Override
    public synchronized int punch(long offset, long length) {
        if (offset % alignment != 0 || length % alignment != 0) {
            return -Errno.EINVAL;
        }
        if (offset + length > failsFrom) {
            return -failure;
        }
        Memory.fill(region.address() + offset, length, (byte) 0);
        holes.set((int) (offset / HOLE_BYTES), (int) ((offset + length) / HOLE_BYTES));
        return 0;
    }

    @Override
    public synchronized long seekData(long offset) {
        long data = (long) holes.nextClearBit((int) (offset / HOLE_BYTES)) * HOLE_BYTES;
        return data >= sizeBytes ? -Errno.ENXIO : Math.max(offset, data);
    }

    @Override
    public synchronized long seekHole(long offset) {
        int hole = holes.nextSetBit((int) (offset / HOLE_BYTES));
        return hole < 0 ? sizeBytes : Math.max(offset, (long) hole * HOLE_BYTES);
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean isDevice() {
        return true;
    }

    @Override
    public boolean hasName() {
        return true;
    }

    @Override
    public int truncate(long toBytes) {
        return -Errno.EINVAL;
    }

    @Override
    public int allocate(long offset, long length) {
        return -Errno.EINVAL;
    }

    @Override
    public synchronized long takenBytes() {
        return sizeBytes - (long) holes.cardinality() * HOLE_BYTES;
    }

    @Override
    public long freeBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public synchronized int fdatasync() {
        syncs++;
        int result = -pendingSyncFailure;
        pendingSyncFailure = 0;
        return result;
    }

    @Override
    public synchronized void close() {
        region.close();
    }
}
