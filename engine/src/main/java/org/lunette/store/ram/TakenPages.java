package org.lunette.store.ram;

import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/**
 * Which pages of a RAM disk take memory: a byte for each, itself in memory that is taken as it is written.
 *
 * <p>The kernel could be asked, but it counts a page that was only read as well. Any thread may call; of two that
 * change the same page at once, the later one counts. Pages change one range at a time, so that their number is right;
 * writing a page that is taken already changes nothing, and waits for nobody.
 */
final class TakenPages implements AutoCloseable {
    /** The size of a page; the RAM disk's, whatever the machine's is. */
    static final int PAGE_BYTES = 4096;

    private static final int PAGE_SHIFT = 12;
    /** How far a look for the end of a stretch goes: a disk of terabytes must not hold its thread for seconds. */
    private static final long MAX_LOOK_PAGES = 1 << 20;

    private final Region pages;
    private volatile long count;

    /** @param sizeBytes of the disk */
    TakenPages(long sizeBytes) {
        this.pages = Region.allocate("ram store pages", pagesUpTo(sizeBytes));
    }

    private static long pagesUpTo(long offset) {
        return offset + PAGE_BYTES - 1 >> PAGE_SHIFT;
    }

    /** Notes that all pages of a range have been written. */
    void take(long offset, long length) {
        long end = pages.address() + pagesUpTo(offset + length);
        for (long page = pages.address() + (offset >> PAGE_SHIFT); page < end; page++) {
            if (Memory.getByte(page) == 0) { // mostly not: then its cache line stays shared
                takeFrom(page, end);
                return;
            }
        }
    }

    private synchronized void takeFrom(long first, long end) {
        long more = 0;
        for (long page = first; page < end; page++) {
            if (Memory.getByte(page) == 0) {
                Memory.putByte(page, (byte) 1);
                more++;
            }
        }
        count += more;
    }

    /** How many bytes the pages have that take memory; more than the disk's size, perhaps, by a part of the last. */
    long bytes() {
        return count << PAGE_SHIFT;
    }

    /** Whether the page at this offset takes memory. */
    boolean has(long offset) {
        return Memory.getByte(pages.address() + (offset >> PAGE_SHIFT)) != 0;
    }

    /** Notes that a range of whole pages takes no memory any more. */
    synchronized void giveBack(long offset, long length) {
        long first = pages.address() + (offset >> PAGE_SHIFT);
        long less = 0;
        for (long page = first; page < first + (length >> PAGE_SHIFT); page++) {
            if (Memory.getByte(page) != 0) { // else memory would be taken to say that none is
                Memory.putByte(page, (byte) 0);
                less++;
            }
        }
        count -= less;
    }

    /** As {@link org.lunette.store.Store#extentBytes}. */
    long extentBytes(long offset, long sizeBytes) {
        long first = offset >> PAGE_SHIFT;
        byte kind = Memory.getByte(pages.address() + first);
        long limit = Math.min(pagesUpTo(sizeBytes), first + MAX_LOOK_PAGES);
        long page = first + 1;
        while (page < limit && Memory.getByte(pages.address() + page) == kind) {
            page++;
        }
        long bytes = Math.min(page << PAGE_SHIFT, sizeBytes) - offset;
        return kind == 0 ? -bytes : bytes;
    }

    @Override
    public void close() {
        pages.close();
    }
}
