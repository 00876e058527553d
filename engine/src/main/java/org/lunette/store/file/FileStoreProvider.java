package org.lunette.store.file;

import java.util.Set;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;
import org.lunette.store.ByteSize;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProvider;
import org.lunette.store.StoreSpec;

/** Opens regular files as stores, and makes them. */
public final class FileStoreProvider implements StoreProvider {
    private static final String SIZE = "size";
    private static final Set<String> OPTIONS = Set.of(SIZE, "direct", "dsync", "read-only", "thick");

    /** A disk's contents are for nobody but their owner. */
    private static final int MODE_OF_NEW = 0600;

    @Override
    public String kind() {
        return "file";
    }

    @Override
    public String usage() {
        return "PATH[,size=SIZE][,direct][,dsync][,read-only][,thick] - a file; made or grown to SIZE";
    }

    @Override
    public Store open(StoreSpec spec) throws StoreException {
        OpenRequest request = OpenRequest.of(spec, OPTIONS);
        long wantedBytes = spec.has(SIZE) ? spec.size(spec.options().get(SIZE)) : 0;
        FileFacts facts = FileFacts.ofPath(request.path());
        if (facts != null && !facts.isRegular()) {
            String instead = facts.isBlockDevice() ? ": use block:" + request.path() : "";
            throw request.refusal("it is " + facts.type() + instead);
        }
        if (facts == null && wantedBytes == 0) {
            throw request.refusal("there is no such file, or no way to it; with ',size=SIZE' it would be made");
        }
        boolean made = facts == null && !request.readOnly() && make(request, wantedBytes);
        try {
            return openExisting(request, wantedBytes);
        } catch (StoreException e) {
            if (made) {
                discard(request);
            }
            throw e;
        }
    }

    /**
     * Makes the file, and makes its name durable as well: a durable write must not vanish with its file. Returns
     * whether it did; if not, somebody else was faster.
     */
    private static boolean make(OpenRequest request, long sizeBytes) throws StoreException {
        int fd = Libc.open(request.path(), Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL, MODE_OF_NEW);
        if (fd == -Errno.EEXIST) {
            return false;
        }
        if (fd < 0) {
            throw request.refusal("cannot make it", fd);
        }
        try {
            setSize(request, fd, sizeBytes);
            syncFolderOf(request);
            return true;
        } catch (StoreException e) {
            discard(request);
            throw e;
        } finally {
            Libc.close(fd);
        }
    }

    /** Removes a file that was made in vain, unless somebody else has begun to use it. */
    private static void discard(OpenRequest request) {
        int fd = Libc.open(request.path(), Libc.O_RDWR, 0);
        if (fd >= 0) {
            if (Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) == 0) {
                Libc.unlink(request.path());
            }
            Libc.close(fd);
        }
    }

    private static void setSize(OpenRequest request, int fd, long sizeBytes) throws StoreException {
        int result = Libc.ftruncate(fd, sizeBytes);
        if (result < 0) {
            throw request.refusal("cannot give it a size of " + ByteSize.format(sizeBytes), result);
        }
        result = Libc.fsync(fd);
        if (result < 0) {
            throw request.refusal("cannot make its size durable", result);
        }
    }

    private static void syncFolderOf(OpenRequest request) throws StoreException {
        int slash = request.path().lastIndexOf('/');
        String folder = slash < 0 ? "." : request.path().substring(0, slash + 1);
        int fd = Libc.open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY, 0);
        int result = fd < 0 ? fd : Libc.fsync(fd);
        if (fd >= 0) {
            Libc.close(fd);
        }
        if (result < 0) {
            throw request.refusal("cannot make its name in " + folder + " durable", result);
        }
    }

    private static Store openExisting(OpenRequest request, long wantedBytes) throws StoreException {
        return request.open(request.open(0), fd -> openLocked(request, fd, wantedBytes));
    }

    private static Store openLocked(OpenRequest request, int fd, long wantedBytes) throws StoreException {
        lock(request, fd);
        FileFacts facts = FileFacts.ofDescriptor(fd);
        if (facts == null || !facts.isRegular()) {
            throw request.refusal("it is no regular file any more");
        }
        long sizeBytes = sizeFor(request, fd, facts.sizeBytes(), wantedBytes);
        if (request.thick() && !request.readOnly()) {
            takeSpace(request, fd, sizeBytes);
        }
        // A reader cannot try, nor will it give space back; but what takes none is told.
        return request.store(fd, facts, sizeBytes, 0, request.readOnly() || punches(fd, sizeBytes));
    }

    private static void takeSpace(OpenRequest request, int fd, long sizeBytes) throws StoreException {
        int result = Libc.fallocate(fd, 0, 0, sizeBytes);
        if (result < 0) {
            throw request.refusal("cannot take " + ByteSize.format(sizeBytes) + " of space for 'thick'", result);
        }
    }

    /** Whether the file system makes holes: it is asked for one behind the end of the file, where nothing is lost. */
    private static boolean punches(int fd, long sizeBytes) {
        return Libc.fallocate(fd, Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE, sizeBytes, 4096) == 0;
    }

    /** Readers may share a file, a writer has it for himself. */
    private static void lock(OpenRequest request, int fd) throws StoreException {
        int result = Libc.flock(fd, (request.readOnly() ? Libc.LOCK_SH : Libc.LOCK_EX) | Libc.LOCK_NB);
        if (result == -Errno.EAGAIN) {
            throw request.refusal("the file is in use: another store, or another program, has locked it");
        }
        if (result < 0) {
            throw request.refusal("cannot lock the file", result);
        }
    }

    private static long sizeFor(OpenRequest request, int fd, long presentBytes, long wantedBytes)
            throws StoreException {
        if (wantedBytes == 0) {
            request.checkSize(presentBytes);
            return presentBytes;
        }
        if (wantedBytes < presentBytes) {
            throw request.refusal(
                    "the file has " + ByteSize.format(presentBytes)
                            + " and would lose its end: leave the size out, or shorten the file by 'truncate' if that is meant");
        }
        if (wantedBytes > presentBytes) {
            if (request.readOnly()) {
                throw request.refusal(
                        "the file has " + ByteSize.format(presentBytes) + " only, and 'read-only' forbids to grow it");
            }
            setSize(request, fd, wantedBytes);
        }
        return wantedBytes;
    }
}
