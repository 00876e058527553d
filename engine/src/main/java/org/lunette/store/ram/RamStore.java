package org.lunette.store.ram;

import java.util.Objects;
import net.openhft.chronicle.bytes.PointerBytesStore;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/**
 * Blocks in memory.
 *
 * <p>There is no cache before the memory, and a flush would make nothing safer: so the store has no volatile cache, and
 * flush does nothing. Of course all of it is gone with the process; that is what the kind says. Every operation
 * completes before it returns.
 */
final class RamStore implements Store {
    static final String REGION_NAME = "ram store";

    /** Memory is taken page by page. */
    private static final int PHYSICAL_BLOCK_BYTES = 4096;

    private static final StoreProperties PROPERTIES =
            new StoreProperties("ram", false, false, false, PHYSICAL_BLOCK_BYTES, false, true);

    private final Region region;
    private final PointerBytesStore bytes;
    private final TakenPages taken;
    private final long sizeBytes;
    private volatile boolean closed;

    /** The store owns the region and the record of its pages. */
    RamStore(Region region, TakenPages taken, long sizeBytes) {
        this.region = region;
        this.bytes = region.asBytesStore();
        this.taken = taken;
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
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
        if (closed) {
            completion.ended(StoreStatus.UNREACHABLE, -1);
            return;
        }
        Memory.copy(bytes.addressForRead(offsetBytes), address, lengthBytes);
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
        if (closed) {
            completion.ended(StoreStatus.UNREACHABLE, -1);
            return;
        }
        Memory.copy(address, bytes.addressForWrite(offsetBytes), lengthBytes);
        taken.take(offsetBytes, lengthBytes); // afterwards: a page with data never counts as given back
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
        if (closed) {
            completion.ended(StoreStatus.UNREACHABLE, -1);
            return;
        }
        long end = offsetBytes + lengthBytes;
        long first = offsetBytes + PHYSICAL_BLOCK_BYTES - 1 & -PHYSICAL_BLOCK_BYTES;
        long last = end & -PHYSICAL_BLOCK_BYTES;
        if (first >= last) {
            zero(offsetBytes, end);
        } else {
            zero(offsetBytes, first);
            taken.giveBack(first, last - first);
            region.discard(first, last - first);
            zero(last, end);
        }
        completion.ended(StoreStatus.OK, -1);
    }

    private void zero(long from, long to) {
        if (from < to) {
            Memory.fill(bytes.addressForWrite(from), to - from, (byte) 0);
        }
    }

    @Override
    public long extentBytes(long offsetBytes) {
        Objects.checkIndex(offsetBytes, sizeBytes);
        return closed ? sizeBytes - offsetBytes : taken.extentBytes(offsetBytes, sizeBytes);
    }

    @Override
    public long takenBytes() {
        return Math.min(taken.bytes(), sizeBytes);
    }

    @Override
    public long availableBytes() {
        return Math.min(sizeBytes - takenBytes(), MachineMemory.availableBytes());
    }

    /** A write to memory does not fail, and of one that the process does not live to end nothing is left. */
    @Override
    public int atomicWriteBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        closed = true;
        taken.close();
        region.close();
    }
}
