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

    /** Makes a range read as zeros and gives its space back; the negative errno if it cannot, or not all of it. */
    int punch(long offset, long length);

    /** The first offset from {@code offset} on that has data; the negative errno, ENXIO if there is no more. */
    long seekData(long offset);

    /** The first offset from {@code offset} on that has none; the end is one. Or the negative errno. */
    long seekHole(long offset);

    /** The size in bytes by now; the negative errno if it cannot be told. */
    long sizeBytes();

    /** Whether it is a device, whose size is not ours to change. */
    boolean isDevice();

    /** Whether a file still has a name: without one it is gone once it is closed. */
    boolean hasName();

    /** Gives a file another size, by holes; the negative errno if it cannot have it. */
    int truncate(long sizeBytes);

    /** Takes space for a range of a file, which grows to its end; the negative errno if there is none. */
    int allocate(long offset, long length);

    /** How many bytes take space on the file system; -1 for what is no regular file. */
    long takenBytes();

    /** How many bytes the file system has left for this user. */
    long freeBytes();

    /** Makes durable what was written; what {@link org.lunette.bridge.libc.Libc#fdatasync} says of failures holds. */
    int fdatasync();

    /** Gives the descriptor and its lock back. Later calls fail with EBADF. */
    void close();
}
