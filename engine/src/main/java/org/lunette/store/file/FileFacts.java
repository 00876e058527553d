package org.lunette.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lunette.bridge.libc.Libc;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/**
 * What {@code statx(2)} tells of a file.
 *
 * @param mode the file's type and permissions, {@code st_mode}
 * @param sizeBytes of a regular file
 * @param device MAJOR:MINOR of the block device; for a regular file, of the one that its file system says it is on
 * @param alignment what direct I/O demands; null if the kernel or the file system does not tell
 */
record FileFacts(int mode, long sizeBytes, String device, DirectAlignment alignment) {
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int BLOCK = 0060000;
    private static final int DIRECTORY = 0040000;

    /** What {@code stx_blocks} counts, whatever the file system's own blocks are. */
    private static final int STX_BLOCK_BYTES = 512;

    private static final int STX_MASK = 0x00;
    private static final int STX_NLINK = 0x10;
    private static final int STX_MODE = 0x1c;
    private static final int STX_SIZE = 0x28;
    private static final int STX_BLOCKS = 0x30;
    private static final int STX_RDEV_MAJOR = 0x80;
    private static final int STX_RDEV_MINOR = 0x84;
    private static final int STX_DEV_MAJOR = 0x88;
    private static final int STX_DEV_MINOR = 0x8c;
    private static final int STX_DIO_MEM_ALIGN = 0x98;
    private static final int STX_DIO_OFFSET_ALIGN = 0x9c;

    /**
     * How direct I/O must be aligned: offsets and lengths, and addresses; in bytes, powers of two, or 0 if the file
     * takes none.
     */
    record DirectAlignment(int offsetBytes, int addressBytes) {}

    /** The facts; null if there is no such file or no way to it, and which of the two, opening it will tell. */
    static FileFacts ofPath(String path) {
        return read(Libc.AT_FDCWD, path, 0);
    }

    static FileFacts ofDescriptor(int fd) {
        return read(fd, "", Libc.AT_EMPTY_PATH);
    }

    /** How many bytes a regular file takes of its file system; -1 if it is none, or nothing is told. */
    static long takenBytes(int fd) {
        try (Region region = Region.allocate("file facts", Libc.STATX_BYTES)) {
            long at = region.address();
            boolean told = Libc.statx(fd, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, at) == 0;
            boolean regular = told && (Memory.getShort(at + STX_MODE) & TYPE_MASK) == REGULAR;
            return regular ? Memory.getLong(at + STX_BLOCKS) * STX_BLOCK_BYTES : -1;
        }
    }

    /** Whether a file has a name left; what cannot be told counts as yes. */
    static boolean hasName(int fd) {
        try (Region region = Region.allocate("file facts", Libc.STATX_BYTES)) {
            long at = region.address();
            boolean told = Libc.statx(fd, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, at) == 0;
            return !told || Memory.getInt(at + STX_NLINK) != 0;
        }
    }

    private static FileFacts read(int directory, String path, int flags) {
        try (Region region = Region.allocate("file facts", Libc.STATX_BYTES)) {
            long at = region.address();
            if (Libc.statx(directory, path, flags, Libc.STATX_BASIC_STATS | Libc.STATX_DIOALIGN, at) < 0) {
                return null;
            }
            int mode = Memory.getShort(at + STX_MODE) & 0xffff;
            boolean block = (mode & TYPE_MASK) == BLOCK;
            int major = Memory.getInt(at + (block ? STX_RDEV_MAJOR : STX_DEV_MAJOR));
            int minor = Memory.getInt(at + (block ? STX_RDEV_MINOR : STX_DEV_MINOR));
            boolean tellsAlignment = (Memory.getInt(at + STX_MASK) & Libc.STATX_DIOALIGN) != 0;
            DirectAlignment alignment = tellsAlignment
                    ? new DirectAlignment(
                            Memory.getInt(at + STX_DIO_OFFSET_ALIGN), Memory.getInt(at + STX_DIO_MEM_ALIGN))
                    : null;
            return new FileFacts(mode, Memory.getLong(at + STX_SIZE), major + ":" + minor, alignment);
        }
    }

    boolean isRegular() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    boolean isBlockDevice() {
        return (mode & TYPE_MASK) == BLOCK;
    }

    /** The type, for a message. */
    String type() {
        return switch (mode & TYPE_MASK) {
            case REGULAR -> "a regular file";
            case BLOCK -> "a block device";
            case DIRECTORY -> "a folder";
            default -> "neither a regular file nor a block device";
        };
    }

    /** Whether the medium is known to turn. */
    boolean isRotational() {
        return queueSays("rotational") == 1;
    }

    /** Whether a block device discards blocks and can be told to zero them: then holes may be punched in it. */
    boolean givesSpaceBack() {
        return queueSays("discard_max_bytes") > 0 && queueSays("write_zeroes_max_bytes") > 0;
    }

    /** A number that the kernel tells of the device's queue; 0 if it tells none. A partition's queue is its disk's. */
    private long queueSays(String attribute) {
        for (String folder : new String[] {"queue", "../queue"}) {
            try {
                return Long.parseLong(Files.readString(Path.of("/sys/dev/block", device, folder, attribute))
                        .trim());
            } catch (IOException | NumberFormatException e) {
                // not there: a network file system, a volume manager's own device number
            }
        }
        return 0;
    }
}
