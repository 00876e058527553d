package org.lunette.store.file;

import java.io.File;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/** The {@link Disk} behind a file descriptor, which it owns. */
final class DescriptorDisk implements Disk {
    static final long BLKGETSIZE64 = 0x80081272L;

    private final boolean device;
    private volatile int fd;

    DescriptorDisk(int fd, boolean device) {
        this.fd = fd;
        this.device = device;
    }

    @Override
    public long pread(long address, long length, long offset) {
        return Libc.pread(fd, address, length, offset);
    }

    @Override
    public long pwrite(long address, long length, long offset) {
        return Libc.pwrite(fd, address, length, offset);
    }

    @Override
    public int punch(long offset, long length) {
        return Libc.fallocate(fd, Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE, offset, length);
    }

    @Override
    public long seekData(long offset) {
        return Libc.lseek(fd, offset, Libc.SEEK_DATA); // the descriptor's own offset is nobody's
    }

    @Override
    public long seekHole(long offset) {
        return Libc.lseek(fd, offset, Libc.SEEK_HOLE);
    }

    @Override
    public long sizeBytes() {
        if (!device) {
            FileFacts facts = FileFacts.ofDescriptor(fd);
            return facts == null ? -Errno.EBADF : facts.sizeBytes();
        }
        try (Region answer = Region.allocate("block device answer", Long.BYTES)) {
            int result = Libc.ioctl(fd, BLKGETSIZE64, answer.address());
            return result < 0 ? result : Memory.getLong(answer.address());
        }
    }

    @Override
    public boolean isDevice() {
        return device;
    }

    @Override
    public boolean hasName() {
        return FileFacts.hasName(fd);
    }

    @Override
    public int truncate(long sizeBytes) {
        return Libc.ftruncate(fd, sizeBytes);
    }

    @Override
    public int allocate(long offset, long length) {
        return Libc.fallocate(fd, 0, offset, length);
    }

    @Override
    public long takenBytes() {
        return FileFacts.takenBytes(fd);
    }

    @Override
    public long freeBytes() {
        return new File("/proc/self/fd/" + fd).getUsableSpace(); // whatever the file is called by now
    }

    @Override
    public int fdatasync() {
        return Libc.fdatasync(fd);
    }

    @Override
    public void close() {
        int open = fd;
        fd = -1; // the number may be another file's in a moment
        if (open >= 0) {
            Libc.close(open);
        }
    }
}
