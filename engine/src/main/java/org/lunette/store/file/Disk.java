package org.lunette.store.file;

/**
 * An open file or block device, as the kernel shows it: each call may do less than it was asked to, and reports the
 * negative errno.
 *
 * <p>Safe for use by any thread. An interface, so that tests can let it fail.
 */
interface Disk {
    /** Reads up to {@code length} bytes; 0 at the end. */
    long pread(long address, long length, long offset);

    /** Writes up to {@code length} bytes. */
    long pwrite(long address, long length, long offset);

    /** Makes durable what was written; what {@link org.lunette.bridge.libc.Libc#fdatasync} says of failures holds. */
    int fdatasync();

    /** Gives the descriptor and its lock back. Later calls fail with EBADF. */
    void close();
}
