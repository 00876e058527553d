package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lunette.bridge.libc.Errno;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/**
 * The store contract on a model of a disk that transfers less than asked for, and what becomes of a disk's failures.
 */
class BufferedTransferStoreTest extends StoreContract {
    private static final StoreProperties PROPERTIES = new StoreProperties("file", false, true, true, 4096, false, true);

    private ModelDisk disk;

    @Override
    protected boolean isResizable() {
        return false; // that is for whoever made the device
    }

    @Override
    protected Store open() {
        disk = new ModelDisk(SIZE_BYTES, 1, random);
        return new FileStore("model", disk, new BufferedTransfer(disk), PROPERTIES, false, SIZE_BYTES, null);
    }

    @Override
    protected StoreProperties expectedProperties() {
        return PROPERTIES;
    }

    @ParameterizedTest
    @CsvSource({
        Errno.EIO + ", READ_FAILED, WRITE_FAILED",
        Errno.ENODATA + ", READ_FAILED, WRITE_FAILED",
        Errno.EILSEQ + ", READ_FAILED, WRITE_FAILED",
        Errno.ENOSPC + ", READ_FAILED, NO_SPACE",
        Errno.EDQUOT + ", READ_FAILED, NO_SPACE",
        Errno.EROFS + ", READ_FAILED, READ_ONLY",
        Errno.EBADF + ", READ_FAILED, READ_ONLY",
        Errno.ENXIO + ", UNREACHABLE, UNREACHABLE",
        Errno.ENODEV + ", UNREACHABLE, UNREACHABLE",
        Errno.ESTALE + ", UNREACHABLE, UNREACHABLE",
        Errno.ENOLINK + ", UNREACHABLE, UNREACHABLE",
        "4000, READ_FAILED, WRITE_FAILED"
    })
    void anErrorHasItsStatusAndOffset(int errno, StoreStatus read, StoreStatus written) {
        disk.failFrom(3000, errno);
        StoreCalls.Ended ended = calls.read(1000, new byte[5000], 0);
        assertEquals(read, ended.status());
        assertEquals(3000, ended.errorOffsetBytes());
        ended = calls.write(2000, new byte[5000], 0, true);
        assertEquals(written, ended.status());
        assertEquals(3000, ended.errorOffsetBytes());
        assertEquals(StoreStatus.OK, calls.read(0, new byte[3000], 0).status());
    }

    @Test
    void onlyADurableWriteIsSynced() {
        calls.write(0, new byte[100]);
        assertEquals(0, disk.syncs());
        calls.write(0, new byte[100], 0, true);
        assertEquals(1, disk.syncs());
        calls.flush();
        assertEquals(2, disk.syncs());
    }

    @Test
    void onceAFlushHasFailedNoneClaimsThatAllIsSafe() {
        byte[] lost = {1, 2, 3};
        calls.write(0, lost);
        disk.failNextSync(Errno.EIO);
        assertEquals(StoreStatus.WRITE_FAILED, calls.flush().status());
        assertEquals(
                StoreStatus.WRITE_FAILED,
                calls.flush().status(),
                "the kernel says 0 now, but may have dropped the data");
        assertEquals(-1, calls.flush().errorOffsetBytes());
        assertArrayEquals(lost, calls.read(0, 3));
    }

    @Test
    void aDurableWriteIsJudgedByItself() {
        disk.failNextSync(Errno.ENOSPC);
        StoreCalls.Ended ended = calls.write(0, new byte[100], 0, true);
        assertEquals(StoreStatus.NO_SPACE, ended.status());
        assertEquals(-1, ended.errorOffsetBytes());
        assertEquals(
                StoreStatus.OK,
                calls.write(0, new byte[100], 0, true).status(),
                "synced without failure since it began");
        assertEquals(
                StoreStatus.NO_SPACE, calls.flush().status(), "but what else was lost with the first, nobody knows");
    }

    @Test
    void withoutAVolatileCacheEveryWriteIsSyncedAndAFlushHasNothingToDo() {
        StoreProperties through = new StoreProperties("file", false, false, true, 4096, false, true);
        ModelDisk synced = new ModelDisk(1 << 20, 1, null);
        try (Store dsync = new FileStore("model", synced, new BufferedTransfer(synced), through, true, 1 << 20, null);
                StoreCalls dsyncCalls = new StoreCalls(dsync, 4096)) {
            synced.failNextSync(Errno.EIO);
            assertEquals(
                    StoreStatus.WRITE_FAILED,
                    dsyncCalls.write(0, new byte[100], 0, false).status());
            assertEquals(
                    StoreStatus.OK, dsyncCalls.write(0, new byte[100], 0, false).status());
            assertEquals(2, synced.syncs());
            assertEquals(StoreStatus.OK, dsyncCalls.flush().status(), "each write that succeeded is durable");
            assertEquals(2, synced.syncs());
        }
    }
}
