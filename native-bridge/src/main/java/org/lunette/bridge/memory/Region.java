package org.lunette.bridge.memory;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import net.openhft.chronicle.bytes.PointerBytesStore;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;

/**
 * A page-aligned stretch of off-heap memory, zero-filled when allocated, counted under a name.
 *
 * <p>Pages are taken from the machine when they are first written. The owner closes it, exactly once and only when
 * neither the kernel nor another thread holds its address; nothing else frees it. Closing is safe from any thread, and
 * a second close does nothing.
 */
public final class Region implements AutoCloseable {
    private static final long MAX_BYTES = Long.MAX_VALUE - Memory.pageBytes();

    private final String name;
    private final long address;
    private final long lengthBytes;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Region(String name, long address, long lengthBytes) {
        this.name = name;
        this.address = address;
        this.lengthBytes = lengthBytes;
    }

    /**
     * Allocates a region.
     *
     * @param name what the memory is for; regions are counted by it, see {@link RegionCounts}
     * @param lengthBytes at least 1; rounded up to whole pages
     * @throws RegionException if the kernel has no address space or memory for it
     */
    public static Region allocate(String name, long lengthBytes) {
        if (lengthBytes <= 0 || lengthBytes > MAX_BYTES) {
            throw new IllegalArgumentException("a region of " + lengthBytes + " bytes");
        }
        long rounded = Memory.roundUpToPages(lengthBytes);
        int flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE;
        long address = Libc.mmap(rounded, Libc.PROT_READ | Libc.PROT_WRITE, flags, -1, 0);
        if (address < 0) {
            throw new RegionException("cannot map " + rounded + " bytes for " + name + ": " + Errno.describe(address));
        }
        RegionCounts.added(name, rounded);
        return new Region(name, address, rounded);
    }

    /** The first byte's address, a multiple of {@link Memory#pageBytes()}. */
    public long address() {
        return address;
    }

    /** The length in bytes, whole pages. */
    public long lengthBytes() {
        return lengthBytes;
    }

    /** What the memory is for. */
    public String name() {
        return name;
    }

    /** Fills a range with zeros, and gives the machine's pages that lie within it back; they are taken when written. */
    public void discard(long offsetBytes, long lengthBytesOfRange) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytesOfRange, lengthBytes);
        long start = address + offsetBytes;
        long end = start + lengthBytesOfRange;
        long firstPage = Memory.roundUpToPages(start);
        long lastPage = end & -Memory.pageBytes();
        if (firstPage >= lastPage || Libc.madvise(firstPage, lastPage - firstPage, Libc.MADV_DONTNEED) < 0) {
            Memory.fill(start, lengthBytesOfRange, (byte) 0);
            return;
        }
        Memory.fill(start, firstPage - start, (byte) 0);
        Memory.fill(lastPage, end - lastPage, (byte) 0);
    }

    /** This memory as a Chronicle store, bounds-checked and 64-bit; valid until this region is closed. */
    public PointerBytesStore asBytesStore() {
        PointerBytesStore store = new PointerBytesStore();
        store.set(address, lengthBytes);
        return store;
    }

    /** This memory as a direct buffer, big-endian, valid until this region is closed; for lengths below 2 GiB. */
    public ByteBuffer asByteBuffer() {
        return Libc.asByteBuffer(address, Math.toIntExact(lengthBytes));
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            int result = Libc.munmap(address, lengthBytes);
            if (result < 0) {
                throw new IllegalStateException("cannot unmap the region " + name + ": " + Errno.describe(result));
            }
            RegionCounts.removed(name, lengthBytes);
        }
    }
}
