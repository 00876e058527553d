package org.lunette.store.pattern;

import java.util.concurrent.atomic.AtomicLong;
import org.lunette.store.Bounds;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the {@link Pattern}, and takes no other data: a write of anything else fails at the first wrong byte, and the
 * log says what is wrong with it. So whatever carries data between an initiator and a disk is tested at any size, with
 * no memory: a block that arrives in the wrong place, or half of it, is found when it is written.
 *
 * <p>Every operation completes before it returns.
 */
final class PatternStore implements Store {
    private static final int PHYSICAL_BLOCK_BYTES = 4096;
    private static final StoreProperties PROPERTIES =
            new StoreProperties("pattern", false, false, false, PHYSICAL_BLOCK_BYTES, false, false);
    private static final Logger LOG = LoggerFactory.getLogger(PatternStore.class);
    /** What is found beyond this is counted only: a broken path must not fill the disk that has the log. */
    private static final int MAX_LOGGED = 100;

    private final Pattern pattern;
    private final AtomicLong found = new AtomicLong();
    private volatile long sizeBytes;

    PatternStore(Pattern pattern, long sizeBytes) {
        this.pattern = pattern;
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
        pattern.fill(offsetBytes, address, lengthBytes);
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        if (Bounds.areExceeded(sizeBytes, offsetBytes, lengthBytes, completion)) {
            return;
        }
        long wrong = pattern.firstWrong(offsetBytes, address, lengthBytes);
        if (wrong < 0) {
            completion.ended(StoreStatus.OK, -1);
            return;
        }
        report(offsetBytes, address, lengthBytes, wrong);
        completion.ended(StoreStatus.WRITE_FAILED, wrong);
    }

    private void report(long offsetBytes, long address, int lengthBytes, long wrong) {
        long number = found.incrementAndGet();
        if (number <= MAX_LOGGED) {
            LOG.warn(
                    "pattern: a write of {} bytes to byte {}: {}{}",
                    lengthBytes,
                    offsetBytes,
                    new Finding(pattern, sizeBytes).describe(offsetBytes, address, lengthBytes, wrong),
                    number == MAX_LOGGED ? "; no more such writes are logged" : "");
        }
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void close() {
        long writes = found.getAndSet(0);
        if (writes > 0) {
            LOG.warn("pattern: {} writes were not the pattern", writes);
        }
    }
}
