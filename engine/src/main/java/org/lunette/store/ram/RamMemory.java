package org.lunette.store.ram;

import java.util.Arrays;
import net.openhft.chronicle.bytes.PointerBytesStore;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionException;
import org.lunette.store.ByteSize;
import org.lunette.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a RAM disk, and the record of which of its pages are taken. It grows by a further stretch, since what
 * is there cannot be moved while others read it; what it shrinks by stays mapped, without pages, until it grows again.
 *
 * <p>Any thread may call. Whoever uses a range sees to it that the disk is not closed, nor shrunk, meanwhile.
 */
final class RamMemory implements AutoCloseable {
    /** Half of what a process can address on x86-64 and arm64. */
    static final long MAX_BYTES = 1L << 46;

    private static final Logger LOG = LoggerFactory.getLogger(RamMemory.class);

    /** A stretch of whole pages, from an offset of the disk. */
    static final class Stretch {
        private final long start;
        private final Region region;
        private final PointerBytesStore bytes;
        private final TakenPages taken;

        private Stretch(long start, Region region, TakenPages taken) {
            this.start = start;
            this.region = region;
            this.bytes = region.asBytesStore();
            this.taken = taken;
        }

        /** The offset on the disk at which it ends. */
        long end() {
            return start + region.lengthBytes();
        }

        /** Where a byte of the disk lies. */
        long address(long offset) {
            return bytes.addressForRead(offset - start);
        }

        /** As {@link TakenPages#take}. */
        void take(long offset, long length) {
            taken.take(offset - start, length);
        }

        /** Whether the page at an offset is taken. */
        boolean has(long offset) {
            return taken.has(offset - start);
        }

        /** Gives whole pages back: they read as zeros. */
        void giveBack(long offset, long length) {
            taken.giveBack(offset - start, length);
            region.discard(offset - start, length);
        }
    }

    private volatile Stretch[] stretches;
    private volatile long sizeBytes;

    /** Owns the region and the record of its pages. */
    RamMemory(Region region, TakenPages taken, long sizeBytes) {
        this.stretches = new Stretch[] {new Stretch(0, region, taken)};
        this.sizeBytes = sizeBytes;
    }

    /**
     * Refuses a size that no RAM disk can have, and warns of one that this machine cannot fill.
     *
     * @param name of the disk, for messages
     */
    static void checkSize(String name, long sizeBytes) throws StoreException {
        if (sizeBytes > MAX_BYTES) {
            throw new StoreException("'" + name + "': a RAM disk can have " + ByteSize.format(MAX_BYTES) + " at most");
        }
        long machineBytes = MachineMemory.totalBytes();
        if (sizeBytes > machineBytes) {
            LOG.warn(
                    "{} is larger than this machine's memory of {} MiB: when it fills, the kernel kills",
                    name,
                    machineBytes >> 20);
        }
    }

    /** The size of the disk. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** The stretch that a byte of the disk lies in. */
    Stretch at(long offset) {
        Stretch[] all = stretches;
        int i = all.length - 1;
        while (all[i].start > offset) {
            i--;
        }
        return all[i];
    }

    /** As {@link org.lunette.store.Store#extentBytes}. */
    long extentBytes(long offset) {
        Stretch stretch = at(offset);
        long end = Math.min(stretch.end(), sizeBytes);
        return stretch.taken.extentBytes(offset - stretch.start, end - stretch.start);
    }

    /** How many bytes are taken. */
    long takenBytes() {
        long taken = 0;
        for (Stretch stretch : stretches) {
            taken += stretch.taken.bytes();
        }
        return Math.min(taken, sizeBytes);
    }

    /** Makes the disk smaller. What it loses takes no memory any more, and nobody uses it. */
    synchronized void shrink(long toBytes) {
        sizeBytes = toBytes;
    }

    /** Makes the disk larger; what is new reads as zeros. */
    synchronized void grow(long toBytes) throws StoreException {
        checkSize("ram", toBytes);
        Stretch[] all = stretches;
        long end = all[all.length - 1].end();
        if (toBytes > end) {
            Stretch[] more = Arrays.copyOf(all, all.length + 1);
            more[all.length] = stretch(end, toBytes - end);
            stretches = more;
        }
        sizeBytes = toBytes;
    }

    /** At least half as long as what is there already, so that there are never many; what is not used costs nothing. */
    private static Stretch stretch(long start, long leastBytes) throws StoreException {
        long bytes = Math.max(leastBytes, Math.min(start / 2, MAX_BYTES - start));
        TakenPages taken = null;
        try {
            taken = new TakenPages(bytes);
            return new Stretch(start, Region.allocate(RamStore.REGION_NAME, bytes), taken);
        } catch (RegionException e) {
            if (taken != null) {
                taken.close();
            }
            throw new StoreException("a RAM disk cannot grow: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        for (Stretch stretch : stretches) {
            stretch.taken.close();
            stretch.region.close();
        }
    }
}
