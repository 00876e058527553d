package org.lunette.store.file;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.lunette.bridge.memory.Region;

/**
 * A fixed number of page-aligned buffers for transfers that are not aligned. Whoever wants one while all are in use,
 * waits; each holder has one only, so no two wait for each other.
 */
final class BounceBuffers {
    static final String REGION_NAME = "file store bounce buffers";
    static final int BUFFER_BYTES = 256 << 10;
    static final int BUFFERS = 16;

    private final Region region = Region.allocate(REGION_NAME, (long) BUFFERS * BUFFER_BYTES);
    private final Semaphore available = new Semaphore(BUFFERS);

    /** Bit i is set while buffer i is free. */
    private final AtomicLong free = new AtomicLong((1L << BUFFERS) - 1);

    /** The address of a buffer of {@link #BUFFER_BYTES}, the caller's until given back. */
    long take() {
        available.acquireUninterruptibly();
        while (true) {
            long bits = free.get();
            long lowest = Long.lowestOneBit(bits);
            if (lowest != 0 && free.compareAndSet(bits, bits & ~lowest)) {
                return region.address() + (long) Long.numberOfTrailingZeros(lowest) * BUFFER_BYTES;
            }
        }
    }

    void giveBack(long address) {
        long bit = 1L << (address - region.address()) / BUFFER_BYTES;
        long bits;
        do {
            bits = free.get();
        } while (!free.compareAndSet(bits, bits | bit));
        available.release();
    }

    void close() {
        region.close();
    }
}
