package org.lunette.frontend.scstuser;

import org.lunette.bridge.libc.Libc;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionException;

/**
 * The page-aligned data buffers of one device, which are lent to the kernel by their addresses. Thread-safe.
 *
 * <p>Where the kernel keeps buffers itself, one that it gives back has not been used for a while, and is unmapped.
 * Where it does not, each command needs one, and they are kept here.
 */
final class DataBuffers implements AutoCloseable {
    private static final int BUCKETS = 4096;
    private static final int SIZES = 32;

    /** A buffer, either in use, linked in a bucket, or free, linked in the list of its size. */
    private static final class Buffer {
        final Region region;
        final int size;
        Buffer next;

        Buffer(Region region, int size) {
            this.region = region;
            this.size = size;
        }
    }

    private final String name;
    private final long maxBytes;
    private final boolean keepsFree;
    private final int pageShift = Long.numberOfTrailingZeros(Memory.pageBytes());
    private final Buffer[] inUse = new Buffer[BUCKETS];
    private final Buffer[] free = new Buffer[SIZES];
    private long mappedBytes;

    /**
     * @param name what the memory is counted under
     * @param maxBytes how much there may be, in use and free
     * @param keepsFree whether buffers that come back are kept for the next commands
     */
    DataBuffers(String name, long maxBytes, boolean keepsFree) {
        this.name = name;
        this.maxBytes = maxBytes;
        this.keepsFree = keepsFree;
    }

    /**
     * A buffer of at least {@code lengthBytes}, with whatever contents; its address, or 0 if the limit or the memory is
     * reached.
     */
    synchronized long take(int lengthBytes) {
        if (lengthBytes <= 0) {
            return 0;
        }
        int size = sizeOf(lengthBytes);
        Buffer buffer = free[size];
        if (buffer != null) {
            free[size] = buffer.next;
        } else {
            buffer = map(keepsFree ? Memory.pageBytes() << size : lengthBytes, size);
            if (buffer == null) {
                return 0;
            }
        }
        int bucket = bucketOf(buffer.region.address());
        buffer.next = inUse[bucket];
        inUse[bucket] = buffer;
        return buffer.region.address();
    }

    /** Takes a buffer back; returns false for an address that is none's. */
    synchronized boolean giveBack(long address) {
        int bucket = bucketOf(address);
        Buffer before = null;
        for (Buffer buffer = inUse[bucket]; buffer != null; buffer = buffer.next) {
            if (buffer.region.address() == address) {
                if (before == null) {
                    inUse[bucket] = buffer.next;
                } else {
                    before.next = buffer.next;
                }
                putAside(buffer);
                return true;
            }
            before = buffer;
        }
        return false;
    }

    /** Frees all buffers. Neither the kernel nor a store may hold one. */
    @Override
    public synchronized void close() {
        for (Buffer[] lists : new Buffer[][] {inUse, free}) {
            for (int i = 0; i < lists.length; i++) {
                for (Buffer buffer = lists[i]; buffer != null; buffer = buffer.next) {
                    unmap(buffer);
                }
                lists[i] = null;
            }
        }
    }

    private void putAside(Buffer buffer) {
        if (keepsFree) {
            buffer.next = free[buffer.size];
            free[buffer.size] = buffer;
        } else {
            unmap(buffer);
        }
    }

    private Buffer map(long lengthBytes, int size) {
        long rounded = Memory.roundUpToPages(lengthBytes);
        if (mappedBytes + rounded > maxBytes && !unmapFree(mappedBytes + rounded - maxBytes)) {
            return null;
        }
        Region region;
        try {
            region = Region.allocate(name, rounded);
        } catch (RegionException e) {
            return null;
        }
        Libc.madvise(
                region.address(),
                rounded,
                Libc.MADV_DONTFORK); // copy-on-write would part us from the pages that the kernel pinned
        mappedBytes += rounded;
        return new Buffer(region, size);
    }

    /**
     * Unmaps free buffers, of other sizes than the one wanted, until {@code bytes} are gone; returns whether they are.
     */
    private boolean unmapFree(long bytes) {
        long left = bytes;
        for (int size = SIZES - 1; size >= 0 && left > 0; size--) {
            while (free[size] != null && left > 0) {
                Buffer buffer = free[size];
                free[size] = buffer.next;
                left -= buffer.region.lengthBytes();
                unmap(buffer);
            }
        }
        return left <= 0;
    }

    private void unmap(Buffer buffer) {
        mappedBytes -= buffer.region.lengthBytes();
        buffer.region.close();
    }

    /** The power of two, in pages, that holds so many bytes. */
    private int sizeOf(int lengthBytes) {
        long pages = Memory.roundUpToPages(lengthBytes) >>> pageShift;
        return Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
    }

    private int bucketOf(long address) {
        return (int) (address >>> pageShift) & BUCKETS - 1;
    }
}
