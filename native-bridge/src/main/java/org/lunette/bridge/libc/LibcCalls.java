package org.lunette.bridge.libc;

import com.sun.jna.Native;

/**
 * The functions as libc declares them on 64-bit Linux: {@code int} is 32 bits, {@code long}, {@code size_t},
 * {@code off_t} and pointers are 64. Those that are variadic in C ({@code open}, {@code ioctl}) are declared with the
 * arguments they are always called with: on x86-64 and arm64 Linux the two pass integers alike.
 *
 * <p>JNA keeps each call's errno per thread, so {@link Native#getLastError} tells of the caller's own last call.
 */
final class LibcCalls {
    static {
        Native.register(LibcCalls.class, "c");
    }

    private LibcCalls() {}

    static native int open(byte[] path, int flags, int mode);

    static native int unlink(byte[] path);

    static native int close(int fd);

    static native int ioctl(int fd, long request, long argument);

    static native int poll(long fds, long count, int timeoutMs);

    static native long mmap(long address, long length, int prot, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native int madvise(long address, long length, int advice);

    static native long pread(int fd, long address, long length, long offset);

    static native long pwrite(int fd, long address, long length, long offset);

    static native long preadv(int fd, long vectors, int count, long offset);

    static native long pwritev(int fd, long vectors, int count, long offset);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int ftruncate(int fd, long length);

    static native int fsync(int fd);

    static native int fdatasync(int fd);

    static native long lseek(int fd, long offset, int whence);

    static native int flock(int fd, int operation);

    static native int statx(int directory, byte[] path, int flags, int mask, long address);
}
