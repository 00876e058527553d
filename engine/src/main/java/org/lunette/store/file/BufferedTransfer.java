package org.lunette.store.file;

import org.lunette.bridge.libc.Errno;
import org.lunette.store.StoreSpec;

/** Goes through the page cache, which takes any offset, address and length. */
final class BufferedTransfer implements Transfer {
    private final Disk disk;

    BufferedTransfer(Disk disk) {
        this.disk = disk;
    }

    @Override
    public long read(long offset, long address, int length) {
        int done = 0;
        while (done < length) {
            long count = disk.pread(address + done, length - done, offset + done);
            if (count <= 0) {
                return Outcome.failed(done, count == 0 ? Errno.ENODATA : -count);
            }
            done += (int) count;
        }
        return Outcome.DONE;
    }

    @Override
    public long write(long offset, long address, int length) {
        int done = 0;
        while (done < length) {
            long count = disk.pwrite(address + done, length - done, offset + done);
            if (count <= 0) {
                return Outcome.failed(done, count == 0 ? Errno.EIO : -count);
            }
            done += (int) count;
        }
        return Outcome.DONE;
    }

    @Override
    public long punch(long offset, long length) {
        return Outcome.ofCall(disk.punch(offset, length));
    }

    @Override
    public int blockBytes() {
        return StoreSpec.SECTOR_BYTES;
    }

    @Override
    public void close() {}
}
