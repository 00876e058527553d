package org.lunette.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/**
 * Calls a store from a test as if it were synchronous, with arrays for memory, and watches that each call completes
 * once.
 */
public final class StoreCalls implements AutoCloseable {
    public static final String REGION_NAME = "test memory";

    /** Room beyond the largest transfer, to see that nothing is written there, and to shift addresses. */
    private static final int MARGIN_BYTES = 4096;

    private static final byte UNTOUCHED = (byte) 0xa5;
    private static final long PATIENCE_S = 60;

    private final Store store;
    private final int maxBytes;
    private final Region region;
    private final List<Ended> all = Collections.synchronizedList(new ArrayList<>());

    public StoreCalls(Store store, int maxBytes) {
        this.store = store;
        this.maxBytes = maxBytes;
        this.region = Region.allocate(REGION_NAME, maxBytes + 2L * MARGIN_BYTES);
    }

    /** How one call ended. */
    public static final class Ended implements StoreCompletion {
        private final CountDownLatch latch = new CountDownLatch(1);
        private final AtomicInteger times = new AtomicInteger();
        private volatile StoreStatus status;
        private volatile long errorOffsetBytes;

        @Override
        public void ended(StoreStatus status, long errorOffsetBytes) {
            this.status = status;
            this.errorOffsetBytes = errorOffsetBytes;
            times.incrementAndGet();
            latch.countDown();
        }

        public StoreStatus status() {
            return status;
        }

        public long errorOffsetBytes() {
            return errorOffsetBytes;
        }

        private Ended await() {
            try {
                if (!latch.await(PATIENCE_S, TimeUnit.SECONDS)) {
                    throw new AssertionError("the store has not completed the call in " + PATIENCE_S + " s");
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return this;
        }
    }

    private Ended newCall() {
        Ended ended = new Ended();
        all.add(ended);
        return ended;
    }

    /**
     * Reads to an array through memory that starts {@code shift} bytes (below 4096) after a page. Its surroundings must
     * stay as they were.
     */
    public Ended read(long offset, byte[] to, int shift) {
        long address = region.address() + MARGIN_BYTES + shift;
        int after = MARGIN_BYTES - shift;
        Memory.fill(region.address(), region.lengthBytes(), UNTOUCHED);
        Ended ended = newCall();
        store.read(offset, address, to.length, ended);
        ended.await();
        Memory.copy(address, to, 0, to.length);
        assertUntouched(region.address(), MARGIN_BYTES + shift);
        assertUntouched(address + to.length, after);
        return ended;
    }

    private void assertUntouched(long from, int length) {
        for (long at = from; at < from + length; at++) {
            if (Memory.getByte(at) != UNTOUCHED) {
                throw new AssertionError(
                        "the store wrote to memory that it was not lent, " + (at - from) + " of " + length);
            }
        }
    }

    /** Writes an array through memory that starts {@code shift} bytes after a page. */
    public Ended write(long offset, byte[] from, int shift, boolean durable) {
        if (from.length > maxBytes) {
            throw new IllegalArgumentException(from.length + " bytes");
        }
        long address = region.address() + MARGIN_BYTES + shift;
        Memory.copy(from, 0, address, from.length);
        Ended ended = newCall();
        store.write(offset, address, from.length, durable, ended);
        return ended.await();
    }

    public Ended unmap(long offset, long length) {
        Ended ended = newCall();
        store.unmap(offset, length, ended);
        return ended.await();
    }

    public Ended flush() {
        Ended ended = newCall();
        store.flush(0, store.sizeBytes(), ended);
        return ended.await();
    }

    /** Reads what must be readable. */
    public byte[] read(long offset, int length) {
        byte[] bytes = new byte[length];
        assertEquals(StoreStatus.OK, read(offset, bytes, 0).status());
        return bytes;
    }

    /** Writes what must be writable. */
    public void write(long offset, byte[] bytes) {
        assertEquals(StoreStatus.OK, write(offset, bytes, 0, false).status());
    }

    /** Frees the memory, and looks that no call completed twice. The store may be closed before. */
    @Override
    public void close() {
        region.close();
        for (Ended ended : all) {
            assertEquals(1, ended.times.get(), "completions of one call");
        }
    }
}
