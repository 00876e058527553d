package org.lunette.store.file;

/** Brings whole ranges to a {@link Disk} and back. Safe for use by any thread; results are {@link Outcome}s. */
interface Transfer {
    long read(long offset, long address, int length);

    long write(long offset, long address, int length);

    /** Gives the space of whole blocks back: they read as zeros. */
    long punch(long offset, long length);

    /** What the disk's size must be a multiple of. */
    int blockBytes();

    /** Frees what the transfer holds; none is under way. */
    void close();
}
