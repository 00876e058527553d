package org.lunette.store.mirror;

import java.util.Objects;
import java.util.OptionalInt;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionException;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two stores that must be alike: each operation goes to both, and a read ends with failure at the first byte in which
 * they differ, which the log shows. To try a store against one that is known to be right.
 *
 * <p>Where ranges overlap and one is written, operations wait for each other: else the two could differ by right.
 */
final class MirrorStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorStore.class);
    private static final String REGION_NAME = "mirror store";

    private final Store first;
    private final Store second;
    private final StoreProperties properties;
    private final OverlapQueue queue = new OverlapQueue();
    private final Divergence divergence = new Divergence();

    /** Both are this store's from now on. */
    MirrorStore(Store first, Store second) {
        this.first = first;
        this.second = second;
        StoreProperties one = first.properties();
        StoreProperties other = second.properties();
        this.properties = new StoreProperties(
                "mirror",
                one.readOnly() || other.readOnly(),
                one.volatileCache() || other.volatileCache(),
                one.blocking() || other.blocking(),
                Math.max(one.physicalBlockBytes(), other.physicalBlockBytes()),
                one.rotational() || other.rotational(),
                one.thin() && other.thin());
    }

    @Override
    public StoreProperties properties() {
        return properties;
    }

    @Override
    public long sizeBytes() {
        return Math.min(first.sizeBytes(), second.sizeBytes());
    }

    @Override
    public long sizeBelowBytes() throws StoreException {
        return Math.min(first.sizeBelowBytes(), second.sizeBelowBytes());
    }

    @Override
    public void resize(long toBytes) throws StoreException {
        long before = first.sizeBytes();
        first.resize(toBytes);
        try {
            second.resize(toBytes);
        } catch (StoreException e) {
            first.resize(before);
            throw e;
        }
    }

    /** One operation on both, in its turn. */
    private abstract class OnBoth extends OverlapQueue.Operation {
        private final String name;
        private final long offsetBytes;
        private final long lengthBytes;
        private final StoreCompletion completion;

        OnBoth(String name, long offsetBytes, long lengthBytes, boolean writes, StoreCompletion completion) {
            super(offsetBytes, lengthBytes, writes);
            this.name = name;
            this.offsetBytes = offsetBytes;
            this.lengthBytes = lengthBytes;
            this.completion = completion;
        }

        /** Performs it on one store. */
        abstract void perform(Store store, boolean isFirst, StoreCompletion ended);

        /** Told of the end, before anybody else may have the range. */
        void finish(Both.Half one, Both.Half other) {
            Both.tell(completion, one, other);
        }

        @Override
        void start() {
            Both both = new Both() {
                @Override
                void ended(Half one, Half other) {
                    divergence.reportStatus(name, offsetBytes, lengthBytes, one, other);
                    queue.leave(OnBoth.this);
                    finish(one, other);
                }
            };
            perform(first, true, both.ofFirst());
            perform(second, false, both.ofSecond());
        }
    }

    private final class Read extends OnBoth {
        private final long offsetBytes;
        private final long address;
        private final int lengthBytes;
        private final StoreCompletion completion;
        private final Region other;

        Read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion, Region other) {
            super("a read", offsetBytes, lengthBytes, false, completion);
            this.offsetBytes = offsetBytes;
            this.address = address;
            this.lengthBytes = lengthBytes;
            this.completion = completion;
            this.other = other;
        }

        @Override
        void perform(Store store, boolean isFirst, StoreCompletion ended) {
            store.read(offsetBytes, isFirst ? address : other.address(), lengthBytes, ended);
        }

        @Override
        void finish(Both.Half one, Both.Half another) {
            boolean bothRead = one.status() == StoreStatus.OK && another.status() == StoreStatus.OK;
            int alike = bothRead ? Divergence.alikeBytes(address, other.address(), lengthBytes) : lengthBytes;
            if (alike < lengthBytes) {
                divergence.reportData(offsetBytes, address, other.address(), alike, lengthBytes);
            }
            other.close();
            if (alike < lengthBytes) {
                completion.ended(StoreStatus.READ_FAILED, offsetBytes + alike);
            } else {
                Both.tell(completion, one, another);
            }
        }
    }

    @Override
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, Long.MAX_VALUE);
        Region other;
        try {
            other = Region.allocate(REGION_NAME, Math.max(1, lengthBytes));
        } catch (RegionException e) {
            LOG.error("mirror: no memory to compare {} bytes", lengthBytes, e);
            completion.ended(StoreStatus.READ_FAILED, -1);
            return;
        }
        queue.enter(new Read(offsetBytes, address, lengthBytes, completion, other));
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, Long.MAX_VALUE);
        queue.enter(new OnBoth("a write", offsetBytes, lengthBytes, true, completion) {
            @Override
            void perform(Store store, boolean isFirst, StoreCompletion ended) {
                store.write(offsetBytes, address, lengthBytes, durable, ended);
            }
        });
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        queue.enter(new OnBoth("a flush", offsetBytes, 0, false, completion) {
            @Override
            void perform(Store store, boolean isFirst, StoreCompletion ended) {
                store.flush(offsetBytes, lengthBytes, ended);
            }
        });
    }

    @Override
    public void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        if (!properties.thin()) {
            Store.super.unmap(offsetBytes, lengthBytes, completion);
            return;
        }
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, Long.MAX_VALUE);
        queue.enter(new OnBoth("an unmapping", offsetBytes, lengthBytes, true, completion) {
            @Override
            void perform(Store store, boolean isFirst, StoreCompletion ended) {
                store.unmap(offsetBytes, lengthBytes, ended);
            }
        });
    }

    /** The first one's: two stores that read alike may take space differently. */
    @Override
    public long extentBytes(long offsetBytes) {
        return first.extentBytes(offsetBytes);
    }

    @Override
    public long takenBytes() {
        return first.takenBytes();
    }

    @Override
    public long availableBytes() {
        return Math.min(first.availableBytes(), second.availableBytes());
    }

    @Override
    public int atomicWriteBytes() {
        return Math.min(first.atomicWriteBytes(), second.atomicWriteBytes());
    }

    @Override
    public OptionalInt temperatureC() {
        OptionalInt temperature = first.temperatureC();
        return temperature.isPresent() ? temperature : second.temperatureC();
    }

    @Override
    public void close() {
        divergence.summarize();
        first.close();
        second.close();
    }
}
