package org.lunette.store.file;

import java.util.Set;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;
import org.lunette.store.ByteSize;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreSpec;

/**
 * What files and block devices have in common when they are opened as a store.
 *
 * @param path as the user wrote it
 * @param direct whether to go past the page cache
 * @param dsync whether each write is to be durable
 * @param thick whether space is taken at the start, and never given back
 */
record OpenRequest(StoreSpec spec, String path, boolean direct, boolean dsync, boolean readOnly, boolean thick) {
    /** A partially written page is read first, if it is not in the cache. */
    private static final int PAGE_BLOCK_BYTES = 4096;

    /** What direct I/O is safe with where the kernel does not tell its demands. */
    private static final FileFacts.DirectAlignment CAUTIOUS = new FileFacts.DirectAlignment(4096, 4096);

    /** What Java puts for each byte of an argument that the locale's character set does not have. */
    private static final char NOT_UNDERSTOOD = '\ufffd';

    /**
     * Checks the options.
     *
     * @param options those that the kind of store knows
     */
    static OpenRequest of(StoreSpec spec, Set<String> options) throws StoreException {
        spec.allowOptions(options);
        if (spec.subject().isEmpty()) {
            throw new StoreException("'" + spec.text() + "': the path is missing: write " + spec.kind() + ":PATH");
        }
        if (spec.subject().indexOf(NOT_UNDERSTOOD) >= 0) {
            throw new StoreException(
                    "'" + spec.text()
                            + "': the path has characters that this locale does not know: set LC_ALL=C.UTF-8, or the path's own");
        }
        return new OpenRequest(
                spec,
                spec.subject(),
                spec.flag("direct"),
                spec.flag("dsync"),
                spec.flag("read-only"),
                spec.flag("thick"));
    }

    StoreException refusal(String why) {
        return new StoreException("'" + spec.text() + "': " + why);
    }

    StoreException refusal(String what, long errno) {
        return refusal(what + ": " + Errno.describe(errno));
    }

    /** Opens the file or device, with further flags. */
    int open(int flags) throws StoreException {
        int access = readOnly ? Libc.O_RDONLY : Libc.O_RDWR;
        int past = (direct ? Libc.O_DIRECT : 0) | (direct && dsync ? Libc.O_DSYNC : 0);
        int fd = Libc.open(path, access | past | flags, 0);
        if (fd >= 0) {
            return fd;
        }
        throw switch (-fd) {
            case Errno.EINVAL ->
                direct
                        ? refusal("the file system takes no direct I/O: leave 'direct' out")
                        : refusal("cannot open it", fd);
            case Errno.ENOENT -> refusal("there is no such file");
            case Errno.EBUSY -> refusal("it is in use: mounted, a part of a volume group or RAID, or served already");
            case Errno.EROFS, Errno.EACCES, Errno.EPERM ->
                readOnly
                        ? refusal("cannot open it", fd)
                        : refusal("cannot open it for writing (" + Errno.describe(fd) + "); 'read-only' may do");
            default -> refusal("cannot open it", fd);
        };
    }

    /** Makes a store of an open descriptor, or refuses to. */
    @FunctionalInterface
    interface Opening {
        Store of(int fd) throws StoreException;
    }

    /** Makes a store of an open descriptor; whatever it fails by, closes that, and tells it as a refusal. */
    Store open(int fd, Opening opening) throws StoreException {
        Store opened = null;
        try {
            opened = opening.of(fd);
            return opened;
        } catch (RuntimeException e) { // for want of memory, say
            throw new StoreException("'" + spec.text() + "': " + e.getMessage(), e);
        } finally {
            if (opened == null) {
                Libc.close(fd);
            }
        }
    }

    /**
     * Makes the store of an open descriptor, which it owns unless this throws.
     *
     * @param punches whether the file or device gives space back
     */
    FileStore store(int fd, FileFacts facts, long sizeBytes, int deviceBlockBytes, boolean punches)
            throws StoreException {
        Disk disk = new DescriptorDisk(fd, facts.isBlockDevice());
        if (dsync && !readOnly) {
            makeDurable(disk);
        }
        TemperatureSensor sensor = TemperatureSensor.ofDevice(facts.device());
        if (!direct) {
            StoreProperties properties = properties(facts, Math.max(PAGE_BLOCK_BYTES, deviceBlockBytes), punches);
            return new FileStore(spec.text(), disk, new BufferedTransfer(disk), properties, dsync, sizeBytes, sensor);
        }
        FileFacts.DirectAlignment alignment = facts.alignment() == null ? CAUTIOUS : facts.alignment();
        int blockBytes = alignment.offsetBytes();
        if (blockBytes == 0 || blockBytes > BounceBuffers.BUFFER_BYTES) {
            throw refusal("the file system takes no direct I/O on it: leave 'direct' out");
        }
        if (sizeBytes % blockBytes != 0) {
            throw refusal(
                    "with 'direct' its size must be a multiple of " + blockBytes + " bytes here, not " + sizeBytes);
        }
        DirectTransfer transfer = new DirectTransfer(disk, blockBytes, alignment.addressBytes());
        StoreProperties properties =
                properties(facts, Math.max(Math.max(PAGE_BLOCK_BYTES, blockBytes), deviceBlockBytes), punches);
        return new FileStore(spec.text(), disk, transfer, properties, false, sizeBytes, sensor);
    }

    /** What was written earlier, without dsync: initiators have no reason any more to flush it. */
    private void makeDurable(Disk disk) throws StoreException {
        int result = disk.fdatasync();
        if (result < 0) {
            throw refusal("cannot make durable what was written before", result);
        }
    }

    private StoreProperties properties(FileFacts facts, int physicalBlockBytes, boolean punches) {
        boolean volatileCache = !dsync && !readOnly;
        return new StoreProperties(
                spec.kind(),
                readOnly,
                volatileCache,
                true,
                physicalBlockBytes,
                facts.isRotational(),
                punches && !thick);
    }

    /** Refuses a size that no store can have. */
    void checkSize(long sizeBytes) throws StoreException {
        if (sizeBytes <= 0) {
            throw refusal("it is empty");
        }
        if (sizeBytes % StoreSpec.SECTOR_BYTES != 0) {
            throw refusal("its size, " + ByteSize.format(sizeBytes) + ", is no multiple of " + StoreSpec.SECTOR_BYTES
                    + " bytes");
        }
    }
}
