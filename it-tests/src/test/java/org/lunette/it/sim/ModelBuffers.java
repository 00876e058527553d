package org.lunette.it.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.lunette.bridge.memory.Memory;

/**
 * The data buffers that the model has been lent: SCST's cache of them, and those it has for one command only. Guards
 * that they stay what they are for as long as they are lent.
 */
final class ModelBuffers {
    private static final byte IDLE = (byte) 0xc5;
    private static final int GUARD_BYTES = 64;

    /** A buffer of the cache. */
    static final class Cached {
        final int handle;
        final long address;
        final int bytes;
        boolean idle;

        Cached(int handle, long address, int bytes) {
            this.handle = handle;
            this.address = address;
            this.bytes = bytes;
        }
    }

    private final KernelMemory memory;
    private final Consumer<String> violations;
    private final List<Cached> cache = new ArrayList<>();
    private final TreeMap<Long, Integer> lent = new TreeMap<>();

    ModelBuffers(KernelMemory memory, Consumer<String> violations) {
        this.memory = memory;
        this.violations = violations;
    }

    /** The length that the cache gives a buffer for so many bytes: a power of two pages. */
    static int cachedBytes(int bytes) {
        long pages = Memory.roundUpToPages(bytes) / Memory.pageBytes();
        long rounded = Long.highestOneBit(pages) == pages ? pages : Long.highestOneBit(pages) << 1;
        return (int) (rounded * Memory.pageBytes());
    }

    /** An idle buffer of the cache for so many bytes, now in use; or null. */
    Cached takeIdle(int bytes) {
        int wanted = cachedBytes(bytes);
        for (Cached buffer : cache) {
            if (buffer.idle && buffer.bytes == wanted) {
                checkIdle(buffer);
                buffer.idle = false;
                return buffer;
            }
        }
        return null;
    }

    /** Takes a new buffer into the cache, in use by the command that has that handle. */
    Cached addCached(int handle, long address, int bytes) {
        lend(address, bytes);
        Cached buffer = new Cached(handle, address, bytes);
        cache.add(buffer);
        return buffer;
    }

    void putIdle(Cached buffer) {
        buffer.idle = true;
        byte[] guard = new byte[GUARD_BYTES];
        Arrays.fill(guard, IDLE);
        if (!memory.write(guard, GUARD_BYTES, buffer.address)
                || !memory.write(guard, GUARD_BYTES, buffer.address + buffer.bytes - GUARD_BYTES)) {
            violations.accept("a cached buffer is not mapped at the end of its command");
        }
    }

    /** Takes the idle buffers out of the cache, at most {@code limit}. */
    List<Cached> purge(int limit) {
        List<Cached> purged = new ArrayList<>();
        for (Iterator<Cached> all = cache.iterator(); all.hasNext() && purged.size() < limit; ) {
            Cached buffer = all.next();
            if (buffer.idle) {
                checkIdle(buffer);
                all.remove();
                giveUp(buffer.address);
                purged.add(buffer);
            }
        }
        return purged;
    }

    private void checkIdle(Cached buffer) {
        byte[] head = memory.read(buffer.address, GUARD_BYTES);
        byte[] tail = memory.read(buffer.address + buffer.bytes - GUARD_BYTES, GUARD_BYTES);
        if (head == null || tail == null) {
            violations.accept("a cached buffer was unmapped before ON_CACHED_MEM_FREE");
            return;
        }
        for (int i = 0; i < GUARD_BYTES; i++) {
            if (head[i] != IDLE || tail[i] != IDLE) {
                violations.accept("a cached buffer was written to while it was the kernel's");
                return;
            }
        }
    }

    /** Notes that a buffer was lent; it must not overlap any other that still is. */
    void lend(long address, int bytes) {
        Long below = lent.floorKey(address + bytes - 1);
        if (below != null && below + lent.get(below) > address) {
            violations.accept("a buffer was lent twice");
        }
        lent.put(address, bytes);
    }

    /** Notes that a buffer is the handler's again. */
    void giveUp(long address) {
        lent.remove(address);
    }

    int cachedCount() {
        return cache.size();
    }

    int lentCount() {
        return lent.size();
    }

    /** The pages that are lent, in bytes. */
    long lentBytes() {
        return lent.values().stream().mapToLong(Memory::roundUpToPages).sum();
    }
}
