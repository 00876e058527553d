package org.lunette.bridge.libc;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * System calls by JNA direct mapping.
 *
 * <p>Addresses are {@code long}, lengths and offsets in bytes. A call that fails returns the negative {@code errno}
 * (see {@link Errno}); none throws for what the kernel refuses. No call is checked: the caller vouches for its
 * addresses. All are safe for use by any thread, and what takes addresses and numbers only allocates nothing.
 *
 * <p><b>Interruption.</b> The calls on files ({@code open}, {@code pread} and its kin, {@code ftruncate},
 * {@code fallocate}, {@code fsync}, {@code fdatasync}, {@code flock}) start again when a signal interrupts them.
 * {@link #ioctl} and {@link #poll} return {@link Errno#EINTR}, since only their caller knows what became of the
 * request, or how much of the time is left. {@link #close} is never repeated: Linux has released the descriptor, though
 * it says EINTR.
 */
public final class Libc {
    private static final boolean ARM64 = "aarch64".equals(System.getProperty("os.arch"));

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_DSYNC = 0x1000;
    public static final int O_DIRECT = ARM64 ? 0x10000 : 0x4000;
    public static final int O_DIRECTORY = ARM64 ? 0x4000 : 0x10000;
    private static final int O_CLOEXEC = 0x80000;

    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 0x01;
    public static final int MAP_PRIVATE = 0x02;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;

    public static final int MADV_DONTNEED = 4;
    public static final int MADV_DONTFORK = 10;
    public static final int MADV_HUGEPAGE = 14;

    public static final int POLLIN = 0x01;
    public static final int POLLOUT = 0x04;
    public static final int POLLERR = 0x08;
    public static final int POLLHUP = 0x10;
    public static final int POLLNVAL = 0x20;

    public static final int FALLOC_FL_KEEP_SIZE = 0x01;
    public static final int FALLOC_FL_PUNCH_HOLE = 0x02;
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;

    public static final int SEEK_SET = 0;
    public static final int SEEK_END = 2;
    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;

    public static final int LOCK_SH = 1;
    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;
    public static final int LOCK_UN = 8;

    public static final int AT_FDCWD = -100;
    public static final int AT_EMPTY_PATH = 0x1000;
    public static final int STATX_BASIC_STATS = 0x7ff;
    public static final int STATX_DIOALIGN = 0x2000;
    public static final int STATX_BYTES = 256;

    /** How Java encodes the names of files, which is how the names in the command line were decoded. */
    private static final Charset NAMES = namesCharset();

    private Libc() {}

    private static Charset namesCharset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }

    /**
     * Opens a file; {@code open(2)}. The descriptor is not passed on to programs that this process starts.
     *
     * @param mode the permissions, before umask, of a file that O_CREAT makes
     * @return the descriptor, or the negative errno
     */
    public static int open(String path, int flags, int mode) {
        byte[] name = cString(path);
        if (name == null) {
            return -Errno.EINVAL;
        }
        while (true) {
            int fd = LibcCalls.open(name, flags | O_CLOEXEC, mode);
            if (fd != -1) {
                return fd;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }

    /** Removes a file's name; {@code unlink(2)}. Returns 0, or the negative errno. */
    public static int unlink(String path) {
        byte[] name = cString(path);
        return name == null ? -Errno.EINVAL : result(LibcCalls.unlink(name));
    }

    /** Closes a descriptor; {@code close(2)}. The descriptor is gone, whatever is returned. */
    public static int close(int fd) {
        return result(LibcCalls.close(fd));
    }

    /**
     * Asks a device; {@code ioctl(2)}. Not repeated when interrupted.
     *
     * @param argument an address or a number, as the request demands
     * @return what the device says, 0 or more, or the negative errno
     */
    public static int ioctl(int fd, long request, long argument) {
        return result(LibcCalls.ioctl(fd, request, argument));
    }

    /**
     * Waits for descriptors; {@code poll(2)}. Not repeated when interrupted.
     *
     * @param fds {@code count} structures of 8 bytes: the descriptor (4 bytes), events (2), returned events (2)
     * @param timeoutMs -1 waits for ever
     * @return how many descriptors have events, 0 after the time, or the negative errno
     */
    public static int poll(long fds, int count, int timeoutMs) {
        return result(LibcCalls.poll(fds, count, timeoutMs));
    }

    /** Maps memory where the kernel likes; {@code mmap(2)}. Returns the address, or the negative errno. */
    public static long mmap(long length, int prot, int flags, int fd, long offset) {
        return result(LibcCalls.mmap(0, length, prot, flags, fd, offset));
    }

    /** Unmaps memory; {@code munmap(2)}. Returns 0, or the negative errno. */
    public static int munmap(long address, long length) {
        return result(LibcCalls.munmap(address, length));
    }

    /** Tells how memory will be used; {@code madvise(2)}. Returns 0, or the negative errno. */
    public static int madvise(long address, long length, int advice) {
        return result(LibcCalls.madvise(address, length, advice));
    }

    /**
     * Reads at an offset; {@code pread(2)}. Returns how many bytes, perhaps fewer than asked for, 0 at the end, or the
     * negative errno.
     */
    public static long pread(int fd, long address, long length, long offset) {
        long result;
        do {
            result = result(LibcCalls.pread(fd, address, length, offset));
        } while (result == -Errno.EINTR);
        return result;
    }

    /**
     * Writes at an offset; {@code pwrite(2)}. Returns how many bytes, perhaps fewer than given, or the negative errno.
     */
    public static long pwrite(int fd, long address, long length, long offset) {
        long result;
        do {
            result = result(LibcCalls.pwrite(fd, address, length, offset));
        } while (result == -Errno.EINTR);
        return result;
    }

    /**
     * Reads to several places; {@code preadv(2)}.
     *
     * @param vectors {@code count} structures of 16 bytes: an address (8 bytes) and a length (8)
     * @return how many bytes, perhaps fewer than asked for, 0 at the end, or the negative errno
     */
    public static long preadv(int fd, long vectors, int count, long offset) {
        long result;
        do {
            result = result(LibcCalls.preadv(fd, vectors, count, offset));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Writes from several places; {@code pwritev(2)}. Vectors and result as for {@link #preadv}. */
    public static long pwritev(int fd, long vectors, int count, long offset) {
        long result;
        do {
            result = result(LibcCalls.pwritev(fd, vectors, count, offset));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Allocates, punches or zeroes a range of a file; {@code fallocate(2)}. Returns 0, or the negative errno. */
    public static int fallocate(int fd, int mode, long offset, long length) {
        int result;
        do {
            result = result(LibcCalls.fallocate(fd, mode, offset, length));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Sets a file's length; {@code ftruncate(2)}. Returns 0, or the negative errno. */
    public static int ftruncate(int fd, long length) {
        int result;
        do {
            result = result(LibcCalls.ftruncate(fd, length));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Makes a file's data and metadata durable; {@code fsync(2)}. Returns 0, or the negative errno. */
    public static int fsync(int fd) {
        int result;
        do {
            result = result(LibcCalls.fsync(fd));
        } while (result == -Errno.EINTR);
        return result;
    }

    /**
     * Makes a file's data durable; {@code fdatasync(2)}. Returns 0, or the negative errno.
     *
     * <p>A failure of the kernel's own writing back is reported once to each open file description. What it could not
     * write may be dropped, so a second call may return 0 without the data being on the medium.
     */
    public static int fdatasync(int fd) {
        int result;
        do {
            result = result(LibcCalls.fdatasync(fd));
        } while (result == -Errno.EINTR);
        return result;
    }

    /** Moves or finds an offset; {@code lseek(2)}. Returns the offset, or the negative errno. */
    public static long lseek(int fd, long offset, int whence) {
        return result(LibcCalls.lseek(fd, offset, whence));
    }

    /** Locks or unlocks a file for this open file description; {@code flock(2)}. Returns 0, or the negative errno. */
    public static int flock(int fd, int operation) {
        int result;
        do {
            result = result(LibcCalls.flock(fd, operation));
        } while (result == -Errno.EINTR);
        return result;
    }

    /**
     * Tells about a file; {@code statx(2)}.
     *
     * @param directory what a relative path starts from: a descriptor or {@link #AT_FDCWD}; the descriptor itself with
     *     {@link #AT_EMPTY_PATH} and an empty path
     * @param address room for {@link #STATX_BYTES}
     * @return 0, or the negative errno
     */
    public static int statx(int directory, String path, int flags, int mask, long address) {
        byte[] name = cString(path);
        return name == null ? -Errno.EINVAL : result(LibcCalls.statx(directory, name, flags, mask, address));
    }

    /**
     * Off-heap memory as a direct buffer, big-endian as every new buffer is. Whoever owns the memory keeps it for as
     * long as the buffer, or a slice of it, is in use: the buffer does not.
     */
    public static ByteBuffer asByteBuffer(long address, int lengthBytes) {
        return new Pointer(address).getByteBuffer(0, lengthBytes).order(ByteOrder.BIG_ENDIAN);
    }

    private static int result(int returned) {
        return returned == -1 ? -Native.getLastError() : returned;
    }

    private static long result(long returned) {
        return returned == -1 ? -Native.getLastError() : returned;
    }

    /**
     * A name as the kernel wants it, or null if it has a NUL within. A name that the locale cannot express (a daemon's
     * locale is often plain ASCII) is taken as UTF-8.
     */
    private static byte[] cString(String path) {
        if (path.indexOf('\0') >= 0) {
            return null;
        }
        Charset charset = NAMES.canEncode() && NAMES.newEncoder().canEncode(path) ? NAMES : StandardCharsets.UTF_8;
        byte[] name = path.getBytes(charset);
        return Arrays.copyOf(name, name.length + 1);
    }
}
