package org.lunette.bridge.libc;

/** Linux's error numbers, as they are on x86-64 and arm64, and what they mean. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int ETXTBSY = 26;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOLCK = 37;
    public static final int ENOSYS = 38;
    public static final int ENODATA = 61;
    public static final int ENOLINK = 67;
    public static final int EOVERFLOW = 75;
    public static final int EILSEQ = 84;
    public static final int EOPNOTSUPP = 95;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int EHOSTDOWN = 112;
    public static final int ESTALE = 116;
    public static final int EREMOTEIO = 121;
    public static final int EDQUOT = 122;

    private Errno() {}

    /**
     * The number's name and meaning, for a message: {@code ENOSPC, no space left}.
     *
     * @param errno positive, or negative as {@link Libc}'s calls return it
     */
    public static String describe(long errno) {
        long number = Math.abs(errno);
        String known = number > Integer.MAX_VALUE ? null : known((int) number);
        return known == null ? "errno " + number : known;
    }

    private static String known(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM, not permitted";
            case ENOENT -> "ENOENT, no such file or directory";
            case ESRCH -> "ESRCH, no such process or command";
            case EINTR -> "EINTR, interrupted by a signal";
            case EIO -> "EIO, input/output error";
            case ENXIO -> "ENXIO, no such device or address";
            case EBADF -> "EBADF, the descriptor is not open for this";
            case EAGAIN -> "EAGAIN, not now";
            case ENOMEM -> "ENOMEM, no memory or address space";
            case EACCES -> "EACCES, permission denied";
            case EFAULT -> "EFAULT, bad address";
            case EBUSY -> "EBUSY, in use";
            case EEXIST -> "EEXIST, exists already";
            case ENODEV -> "ENODEV, no such device";
            case ENOTDIR -> "ENOTDIR, a part of the path is no directory";
            case EISDIR -> "EISDIR, it is a directory";
            case EINVAL -> "EINVAL, invalid argument";
            case EMFILE -> "EMFILE, too many open files";
            case ENOTTY -> "ENOTTY, not a request for this device";
            case ETXTBSY -> "ETXTBSY, in use as a program or swap file";
            case EFBIG -> "EFBIG, larger than a file can be here";
            case ENOSPC -> "ENOSPC, no space left";
            case ESPIPE -> "ESPIPE, no offset in a pipe or socket";
            case EROFS -> "EROFS, the file system is read-only";
            case ENAMETOOLONG -> "ENAMETOOLONG, the name is too long";
            case ENOLCK -> "ENOLCK, no locks to be had here";
            case ENOSYS -> "ENOSYS, this kernel has no such call";
            case ENODATA -> "ENODATA, the medium has no such data";
            case ENOLINK -> "ENOLINK, the link to the device is severed";
            case EOVERFLOW -> "EOVERFLOW, too large a value";
            case EILSEQ -> "EILSEQ, protection information does not match";
            case EOPNOTSUPP -> "EOPNOTSUPP, not supported here";
            case ENOTCONN -> "ENOTCONN, not connected";
            case ETIMEDOUT -> "ETIMEDOUT, timed out";
            case EHOSTDOWN -> "EHOSTDOWN, the host is down";
            case ESTALE -> "ESTALE, the file has gone from its server";
            case EREMOTEIO -> "EREMOTEIO, error on the remote side";
            case EDQUOT -> "EDQUOT, the quota is used up";
            default -> null;
        };
    }
}
