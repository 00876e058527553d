package org.lunette.store.ram;

import java.util.Objects;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreException;
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

    private final RamMemory memory;
    private volatile boolean closed;

    /** The store owns the region and the record of its pages. */
    RamStore(Region region, TakenPages taken, long sizeBytes) {
        this.memory = new RamMemory(region, taken, sizeBytes);
    }

    @Override
    public StoreProperties properties() {
        return PROPERTIES;
    }

    @Override
    public long sizeBytes() {
        return memory.sizeBytes();
    }

    /** Ends an operation that cannot be: its range is beyond the store, or the store is closed. */
    private boolean isRefused(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, Long.MAX_VALUE);
        boolean within = lengthBytes <= memory.sizeBytes() - offsetBytes;
        if (within && !closed) {
            return false;
        }
        completion.ended(within ? StoreStatus.UNREACHABLE : StoreStatus.OUT_OF_RANGE, -1);
        return true;
    }

    @Override
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        if (isRefused(offsetBytes, lengthBytes, completion)) {
            return;
        }
        int done = 0;
        while (done < lengthBytes) {
            long at = offsetBytes + done;
            RamMemory.Stretch stretch = memory.at(at);
            int step = (int) Math.min(lengthBytes - done, stretch.end() - at);
            Memory.copy(stretch.address(at), address + done, step);
            done += step;
        }
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        if (isRefused(offsetBytes, lengthBytes, completion)) {
            return;
        }
        int done = 0;
        while (done < lengthBytes) {
            long at = offsetBytes + done;
            RamMemory.Stretch stretch = memory.at(at);
            int step = (int) Math.min(lengthBytes - done, stretch.end() - at);
            Memory.copy(address + done, stretch.address(at), step);
            stretch.take(at, step); // afterwards: a page with data never counts as given back
            done += step;
        }
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        if (isRefused(offsetBytes, lengthBytes, completion)) {
            return;
        }
        clear(offsetBytes, offsetBytes + lengthBytes);
        completion.ended(StoreStatus.OK, -1);
    }

    private void clear(long from, long to) {
        long at = from;
        while (at < to) {
            RamMemory.Stretch stretch = memory.at(at);
            long end = Math.min(to, stretch.end());
            clear(stretch, at, end);
            at = end;
        }
    }

    private static void clear(RamMemory.Stretch stretch, long from, long to) {
        long first = from + PHYSICAL_BLOCK_BYTES - 1 & -PHYSICAL_BLOCK_BYTES;
        long last = to & -PHYSICAL_BLOCK_BYTES;
        if (first >= last) {
            zero(stretch, from, to);
        } else {
            zero(stretch, from, first);
            stretch.giveBack(first, last - first);
            zero(stretch, last, to);
        }
    }

    private static void zero(RamMemory.Stretch stretch, long from, long to) {
        if (from < to) {
            Memory.fill(stretch.address(from), to - from, (byte) 0);
        }
    }

    @Override
    public synchronized void resize(long toBytes) throws StoreException {
        if (toBytes < memory.sizeBytes()) {
            clear(toBytes, memory.sizeBytes());
            memory.shrink(toBytes);
        } else {
            memory.grow(toBytes);
        }
    }

    @Override
    public long extentBytes(long offsetBytes) {
        Objects.checkIndex(offsetBytes, memory.sizeBytes());
        return closed ? memory.sizeBytes() - offsetBytes : memory.extentBytes(offsetBytes);
    }

    @Override
    public long takenBytes() {
        return memory.takenBytes();
    }

    @Override
    public long availableBytes() {
        return Math.min(memory.sizeBytes() - takenBytes(), MachineMemory.availableBytes());
    }

    /** A write to memory does not fail, and of one that the process does not live to end nothing is left. */
    @Override
    public int atomicWriteBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        closed = true;
        memory.close();
    }
}
