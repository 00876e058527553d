package org.lunette.scsi.copy;

import java.util.OptionalInt;
import org.lunette.store.EncryptedStore;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;

/** A store whose changes are told to a {@link WriteWatch} before they are made; else it is the store that it wraps. */
public class WatchedStore implements Store {
    private final Store inner;
    private final WriteWatch watch = new WriteWatch();

    private WatchedStore(Store inner) {
        this.inner = inner;
    }

    /** Wraps a store; the result can do what it can. */
    public static WatchedStore of(Store inner) {
        return inner instanceof EncryptedStore encrypted
                ? new WatchedEncryptedStore(encrypted)
                : new WatchedStore(inner);
    }

    private static final class WatchedEncryptedStore extends WatchedStore implements EncryptedStore {
        private final EncryptedStore encrypted;

        WatchedEncryptedStore(EncryptedStore encrypted) {
            super(encrypted);
            this.encrypted = encrypted;
        }

        @Override
        public void eraseKeys(StoreCompletion completion) {
            watch().changing(0, sizeBytes());
            encrypted.eraseKeys(completion);
        }
    }

    /** Who is told. */
    public WriteWatch watch() {
        return watch;
    }

    @Override
    public StoreProperties properties() {
        return inner.properties();
    }

    @Override
    public long sizeBytes() {
        return inner.sizeBytes();
    }

    @Override
    public long sizeBelowBytes() throws StoreException {
        return inner.sizeBelowBytes();
    }

    @Override
    public void resize(long toBytes) throws StoreException {
        long lostBytes = sizeBytes() - toBytes;
        if (lostBytes > 0) {
            watch.changing(toBytes, lostBytes);
        }
        inner.resize(toBytes);
    }

    @Override
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        inner.read(offsetBytes, address, lengthBytes, completion);
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        watch.changing(offsetBytes, lengthBytes);
        inner.write(offsetBytes, address, lengthBytes, durable, completion);
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        inner.flush(offsetBytes, lengthBytes, completion);
    }

    @Override
    public void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        watch.changing(offsetBytes, lengthBytes);
        inner.unmap(offsetBytes, lengthBytes, completion);
    }

    @Override
    public long extentBytes(long offsetBytes) {
        return inner.extentBytes(offsetBytes);
    }

    @Override
    public long takenBytes() {
        return inner.takenBytes();
    }

    @Override
    public long availableBytes() {
        return inner.availableBytes();
    }

    @Override
    public int atomicWriteBytes() {
        return inner.atomicWriteBytes();
    }

    @Override
    public OptionalInt temperatureC() {
        return inner.temperatureC();
    }

    @Override
    public void close() {
        inner.close();
    }
}
