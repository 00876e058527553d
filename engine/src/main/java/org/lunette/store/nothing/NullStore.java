package org.lunette.store.nothing;

import org.lunette.bridge.memory.Memory;
import org.lunette.store.Bounds;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/**
 * Reads zeros and forgets what is written.
 *
 * <p>A read fills its memory, though a benchmark would rather not pay for it: buffers are used again, and what was left
 * in one may be another initiator's data.
 */
final class NullStore implements Store {
    private static final int PHYSICAL_BLOCK_BYTES = 4096;
    private static final StoreProperties PROPERTIES =
            new StoreProperties("null", false, false, false, PHYSICAL_BLOCK_BYTES, false, false);

    private volatile long sizeBytes;

    NullStore(long sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    @Override
    public StoreProperties properties() {
        return PROPERTIES;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void resize(long toBytes) {
        sizeBytes = toBytes;
    }

    @Override
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        if (Bounds.areExceeded(sizeBytes, offsetBytes, lengthBytes, completion)) {
            return;
        }
        Memory.fill(address, lengthBytes, (byte) 0);
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        if (Bounds.areExceeded(sizeBytes, offsetBytes, lengthBytes, completion)) {
            return;
        }
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void close() {}
}
