package org.lunette.store.ram;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.store.EncryptedStore;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/**
 * Blocks in memory, where they lie encrypted. The keys are random and nowhere but in this process's heap; what the JDK
 * made of keys that were replaced stays there until the garbage collector has used the place again.
 *
 * <p>Pages are dealt with one by one, and each belongs to one of a few lanes, which has a cipher with keys of its own
 * and lets one thread in. Every operation completes before it returns.
 */
final class EncryptedRamStore implements EncryptedStore {
    private static final int PAGE_BYTES = PageCipher.PAGE_BYTES;
    private static final int SECTOR_BYTES = PageCipher.SECTOR_BYTES;
    private static final int LANES = 64;

    private static final StoreProperties PROPERTIES =
            new StoreProperties("ram", false, false, false, PAGE_BYTES, false, true);

    /** Deals with a page, or a part of one, in its lane. */
    @FunctionalInterface
    private interface OnPage {
        void perform(EncryptedRamStore store, PageCipher lane, long page, int from, int to, long address);
    }

    private static final OnPage READ = EncryptedRamStore::readPage;
    private static final OnPage WRITE = EncryptedRamStore::writePage;
    private static final OnPage UNMAP = EncryptedRamStore::unmapPage;

    private final SecureRandom random = new SecureRandom();
    private final PageCipher[] lanes = new PageCipher[LANES];
    private final RamMemory memory;
    private volatile boolean closed;

    /** The store owns the region and the record of its pages. */
    EncryptedRamStore(Region region, TakenPages taken, long sizeBytes) {
        this.memory = new RamMemory(region, taken, sizeBytes);
        for (int i = 0; i < LANES; i++) {
            lanes[i] = new PageCipher(newKeys());
        }
    }

    private byte[] newKeys() {
        byte[] keys = new byte[PageCipher.KEYS_BYTES];
        random.nextBytes(keys);
        return keys;
    }

    @Override
    public StoreProperties properties() {
        return PROPERTIES;
    }

    @Override
    public long sizeBytes() {
        return memory.sizeBytes();
    }

    @Override
    public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
        perform(READ, offsetBytes, lengthBytes, address, completion);
    }

    @Override
    public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
        perform(WRITE, offsetBytes, lengthBytes, address, completion);
    }

    @Override
    public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public void unmap(long offsetBytes, long lengthBytes, StoreCompletion completion) {
        perform(UNMAP, offsetBytes, lengthBytes, 0, completion);
    }

    private void perform(OnPage what, long offsetBytes, long lengthBytes, long address, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, Long.MAX_VALUE);
        boolean within = lengthBytes <= memory.sizeBytes() - offsetBytes;
        if (!within || closed) {
            completion.ended(within ? StoreStatus.UNREACHABLE : StoreStatus.OUT_OF_RANGE, -1);
            return;
        }
        perform(what, offsetBytes, offsetBytes + lengthBytes, address);
        completion.ended(StoreStatus.OK, -1);
    }

    private void perform(OnPage what, long from, long end, long address) {
        long at = from;
        while (at < end) {
            long page = at & -PAGE_BYTES;
            int fromByte = (int) (at - page);
            int to = (int) Math.min(PAGE_BYTES, end - page);
            PageCipher lane = lanes[(int) (page / PAGE_BYTES) & LANES - 1];
            synchronized (lane) {
                what.perform(this, lane, page, fromByte, to, address + (at - from));
            }
            at = page + to;
        }
    }

    @Override
    public synchronized void resize(long toBytes) throws StoreException {
        if (toBytes < memory.sizeBytes()) {
            perform(UNMAP, toBytes, memory.sizeBytes(), 0);
            memory.shrink(toBytes);
        } else {
            memory.grow(toBytes);
        }
    }

    private void readPage(PageCipher lane, long page, int from, int to, long address) {
        if (!memory.at(page).has(page)) {
            Memory.fill(address, to - from, (byte) 0);
            return;
        }
        int first = from & -SECTOR_BYTES;
        int last = to + SECTOR_BYTES - 1 & -SECTOR_BYTES;
        Memory.copy(memory.at(page).address(page + first), lane.encrypted(), 0, last - first);
        lane.decrypt((page + first) / SECTOR_BYTES, last - first);
        Memory.copy(lane.plain(), from - first, address, to - from);
    }

    private void writePage(PageCipher lane, long page, int from, int to, long address) {
        if (from > 0 || to < PAGE_BYTES) {
            readPage(lane, page);
        }
        Memory.copy(address, lane.plain(), from, to - from);
        encryptPage(lane, page);
    }

    private void unmapPage(PageCipher lane, long page, int from, int to, long address) {
        if (!memory.at(page).has(page)) {
            return;
        }
        if (from == 0 && to == PAGE_BYTES) {
            memory.at(page).giveBack(page, PAGE_BYTES);
        } else {
            readPage(lane, page);
            Arrays.fill(lane.plain(), from, to, (byte) 0);
            encryptPage(lane, page);
        }
    }

    /** Makes the lane's plain bytes those of a page. */
    private void readPage(PageCipher lane, long page) {
        if (memory.at(page).has(page)) {
            Memory.copy(memory.at(page).address(page), lane.encrypted(), 0, PAGE_BYTES);
            lane.decrypt(page / SECTOR_BYTES, PAGE_BYTES);
        } else {
            Arrays.fill(lane.plain(), (byte) 0);
        }
    }

    private void encryptPage(PageCipher lane, long page) {
        lane.encrypt(page / SECTOR_BYTES, PAGE_BYTES);
        Memory.copy(lane.encrypted(), 0, memory.at(page).address(page), PAGE_BYTES);
        memory.at(page).take(page, PAGE_BYTES);
    }

    @Override
    public long extentBytes(long offsetBytes) {
        Objects.checkIndex(offsetBytes, memory.sizeBytes());
        return closed ? memory.sizeBytes() - offsetBytes : memory.extentBytes(offsetBytes);
    }

    @Override
    public void eraseKeys(StoreCompletion completion) {
        if (closed) {
            completion.ended(StoreStatus.UNREACHABLE, -1);
            return;
        }
        for (PageCipher lane : lanes) {
            byte[] keys = newKeys();
            synchronized (lane) {
                lane.rekey(keys);
            }
        }
        completion.ended(StoreStatus.OK, -1);
    }

    @Override
    public long takenBytes() {
        return memory.takenBytes();
    }

    @Override
    public long availableBytes() {
        return Math.min(memory.sizeBytes() - takenBytes(), MachineMemory.availableBytes());
    }

    @Override
    public int atomicWriteBytes() {
        return Integer.MAX_VALUE; // a power failure takes all of it
    }

    @Override
    public void close() {
        closed = true;
        memory.close();
    }
}
