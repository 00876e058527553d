package org.lunette.store.file;

/**
 * How a transfer ended, in one number: {@link #DONE}, or negative, with the errno and how many bytes went well before
 * it. So a transfer needs no object for its result.
 */
final class Outcome {
    /** Every byte was transferred. */
    static final long DONE = 0;

    private static final int ERRNO_BITS = 12; // the kernel's MAX_ERRNO is 4095

    private Outcome() {}

    static long failed(long doneBytes, long errno) {
        return -(doneBytes << ERRNO_BITS | errno);
    }

    /** Of a system call that returns 0, or the negative errno, and does not tell how far it came. */
    static long ofCall(int result) {
        return result < 0 ? failed(0, -result) : DONE;
    }

    static int errno(long outcome) {
        return (int) (-outcome & (1 << ERRNO_BITS) - 1);
    }

    static long doneBytes(long outcome) {
        return -outcome >> ERRNO_BITS;
    }

    /** The same failure, {@code bytes} further on. */
    static long moved(long outcome, long bytes) {
        return failed(doneBytes(outcome) + bytes, errno(outcome));
    }
}
