package org.lunette.frontend.iscsi.session;

import java.util.ArrayDeque;
import java.util.function.LongFunction;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionException;

/**
 * Keeps {@link DataBuffer}s in size classes of powers of two, and bounds them in total. Thread-safe.
 *
 * <p>A buffer given back is kept for the next command of its class, until another class needs its memory.
 */
public final class DataBufferPool implements AutoCloseable {
    /** The name that buffers are counted by. */
    public static final String REGION_NAME = "iscsi data";
    /** The largest buffer. */
    public static final int MAX_BUFFER_BYTES = 64 << 20;

    private static final int MIN_SHIFT = 12;
    private static final int CLASSES = Integer.numberOfTrailingZeros(MAX_BUFFER_BYTES) - MIN_SHIFT + 1;

    private final long limitBytes;
    private final LongFunction<Region> regions;
    private final ArrayDeque<DataBuffer>[] free;
    private long heldBytes;
    private volatile long usedBytes;
    private boolean closed;

    /** A pool of at most {@code limitBytes}, counted with the room for headers. */
    public DataBufferPool(long limitBytes) {
        this(limitBytes, lengthBytes -> Region.allocate(REGION_NAME, lengthBytes));
    }

    DataBufferPool(long limitBytes, LongFunction<Region> regions) {
        this.limitBytes = limitBytes;
        this.regions = regions;
        this.free = classes();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ArrayDeque<DataBuffer>[] classes() {
        ArrayDeque[] classes = new ArrayDeque[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            classes[i] = new ArrayDeque<DataBuffer>();
        }
        return classes;
    }

    /**
     * A buffer with room for {@code lengthBytes}, held by one reference. What is in it is undefined.
     *
     * @return null if that would exceed the limit, or the machine has no memory
     */
    public synchronized DataBuffer acquire(int lengthBytes) {
        int sizeClass = sizeClass(lengthBytes);
        DataBuffer buffer = free[sizeClass].pollLast();
        if (buffer == null) {
            buffer = allocate(sizeClass);
        }
        if (buffer != null) {
            usedBytes += fullBytes(buffer.capacityBytes());
            buffer.acquired();
        }
        return buffer;
    }

    /** What is not in use of the limit, in bytes. */
    long unusedBytes() {
        return limitBytes - usedBytes;
    }

    /** A buffer with the page in front of its data. */
    private static long fullBytes(int capacityBytes) {
        return capacityBytes + Memory.pageBytes();
    }

    /** What a command with {@code lengthBytes} of data takes from the pool. */
    static int capacityFor(int lengthBytes) {
        return 1 << MIN_SHIFT + sizeClass(lengthBytes);
    }

    private static int sizeClass(int lengthBytes) {
        if (lengthBytes < 1 || lengthBytes > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException("a buffer of " + lengthBytes + " bytes");
        }
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(lengthBytes - 1) - MIN_SHIFT);
    }

    private DataBuffer allocate(int sizeClass) {
        int capacityBytes = 1 << MIN_SHIFT + sizeClass;
        long bytes = fullBytes(capacityBytes);
        if (closed || !makeRoom(bytes)) {
            return null;
        }
        try {
            DataBuffer buffer = new DataBuffer(this, regions.apply(bytes), sizeClass, capacityBytes);
            heldBytes += bytes;
            return buffer;
        } catch (RegionException e) {
            PeerLog.warn(REGION_NAME, e.getMessage());
            return null; // the command is answered with TASK SET FULL or BUSY
        }
    }

    /** Frees unused buffers, the largest first, until {@code bytes} more are within the limit. */
    private boolean makeRoom(long bytes) {
        for (int i = CLASSES - 1; i >= 0 && heldBytes + bytes > limitBytes; i--) {
            DataBuffer unused;
            while (heldBytes + bytes > limitBytes && (unused = free[i].pollFirst()) != null) {
                discard(unused);
            }
        }
        return heldBytes + bytes <= limitBytes;
    }

    private void discard(DataBuffer buffer) {
        heldBytes -= fullBytes(buffer.capacityBytes());
        buffer.free();
    }

    synchronized void giveBack(DataBuffer buffer) {
        usedBytes -= fullBytes(buffer.capacityBytes());
        if (closed) {
            discard(buffer);
        } else {
            free[buffer.sizeClass()].addLast(buffer);
        }
    }

    /** What the pool has from the machine, in bytes: buffers in use and kept ones. */
    public synchronized long heldBytes() {
        return heldBytes;
    }

    /** Frees the kept buffers now, and each buffer still in use when it is given back. */
    @Override
    public synchronized void close() {
        closed = true;
        for (ArrayDeque<DataBuffer> kept : free) {
            for (DataBuffer buffer = kept.pollLast(); buffer != null; buffer = kept.pollLast()) {
                discard(buffer);
            }
        }
    }
}
