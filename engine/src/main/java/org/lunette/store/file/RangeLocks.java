package org.lunette.store.file;

import java.util.concurrent.locks.StampedLock;

/**
 * Lets writers of whole blocks into a range side by side, and one who changes a part of a block alone.
 *
 * <p>A lock stands for every 64th MiB of the store. A writer takes the locks of all that his range touches, in the
 * order of the locks and not of the range, so that no two can wait for each other. Nothing is allocated while nobody
 * waits.
 */
final class RangeLocks {
    private static final int STRIPE_SHIFT = 20;
    private static final int LOCKS = 64;

    private final StampedLock[] locks = new StampedLock[LOCKS];

    RangeLocks() {
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new StampedLock();
        }
    }

    private static int lockOf(long offset) {
        return (int) (offset >>> STRIPE_SHIFT) & LOCKS - 1;
    }

    void lockAlone(long offset) {
        locks[lockOf(offset)].writeLock();
    }

    void unlockAlone(long offset) {
        locks[lockOf(offset)].tryUnlockWrite();
    }

    void lockShared(long offset, long length) {
        long stripes = stripes(offset, length);
        while (stripes != 0) {
            locks[Long.numberOfTrailingZeros(stripes)].readLock();
            stripes &= stripes - 1;
        }
    }

    void unlockShared(long offset, long length) {
        long stripes = stripes(offset, length);
        while (stripes != 0) {
            locks[Long.numberOfTrailingZeros(stripes)].tryUnlockRead();
            stripes &= stripes - 1;
        }
    }

    /** Bit i is set if lock i stands for a part of the range. */
    static long stripes(long offset, long length) {
        long count = (offset + length - 1 >>> STRIPE_SHIFT) - (offset >>> STRIPE_SHIFT) + 1;
        return count >= LOCKS ? -1 : Long.rotateLeft((1L << count) - 1, lockOf(offset));
    }
}
