package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.libc.Errno;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/**
 * The store contract on a model of a disk with blocks of 4096 bytes, which checks alignment and transfers less than
 * asked for.
 */
class DirectTransferStoreTest extends StoreContract {
    private static final int BLOCK_BYTES = 4096;
    private static final StoreProperties PROPERTIES =
            new StoreProperties("file", false, true, true, BLOCK_BYTES, false, true);

    private ModelDisk disk;

    @Override
    protected boolean isResizable() {
        return false; // that is for whoever made the device
    }

    @Override
    protected Store open() {
        disk = new ModelDisk(SIZE_BYTES, BLOCK_BYTES, random);
        return on(disk, SIZE_BYTES);
    }

    private static Store on(Disk disk, long sizeBytes) {
        return new FileStore(
                "model", disk, new DirectTransfer(disk, BLOCK_BYTES, BLOCK_BYTES), PROPERTIES, false, sizeBytes, null);
    }

    @Override
    protected StoreProperties expectedProperties() {
        return PROPERTIES;
    }

    @Test
    void whatIsAlignedGoesStraight() {
        ModelDisk whole = new ModelDisk(8 << 20, BLOCK_BYTES, null);
        try (Store aligned = on(whole, 8 << 20);
                StoreCalls alignedCalls = new StoreCalls(aligned, 4 << 20)) {
            alignedCalls.write(BLOCK_BYTES, new byte[3 << 20]);
            assertEquals(1, whole.writes(), "3 MiB in one call");
            assertEquals(0, whole.reads());
            alignedCalls.read(BLOCK_BYTES, 3 << 20);
            assertEquals(1, whole.reads());
            alignedCalls.write(BLOCK_BYTES, new byte[512]);
            assertEquals(2, whole.reads(), "a part of a block is read first");
            assertEquals(2, whole.writes());
        }
    }

    /**
     * Whole blocks are written by one, a part of each by another; afterwards the rest of each block is the first one's.
     */
    @Test
    void changingAPartOfABlockDoesNotUndoAWriteOfTheWhole() throws Exception {
        int rounds = 1500;
        int blocks = 4;
        CyclicBarrier round = new CyclicBarrier(2);
        inParallel(List.of(() -> writeWholes(round, rounds, blocks), () -> writeParts(round, rounds, blocks)));
    }

    private Void writeParts(CyclicBarrier round, int rounds, int blocks) throws Exception {
        try (StoreCalls own = new StoreCalls(store, BLOCK_BYTES)) {
            for (int i = 1; i <= rounds; i++) {
                round.await();
                for (int block = 0; block < blocks; block++) {
                    own.write((long) block * BLOCK_BYTES + 512, filled(512, -i));
                }
                round.await();
            }
            return null;
        }
    }

    private Void writeWholes(CyclicBarrier round, int rounds, int blocks) throws Exception {
        try {
            for (int i = 1; i <= rounds; i++) {
                round.await();
                calls.write(0, filled(blocks * BLOCK_BYTES, i));
                round.await();
                byte[] seen = calls.read(0, blocks * BLOCK_BYTES);
                for (int at = 0; at < seen.length; at += BLOCK_BYTES) {
                    assertArrayEquals(
                            filled(512, i), Arrays.copyOfRange(seen, at, at + 512), "before the part, round " + i);
                    assertArrayEquals(
                            filled(3072, i),
                            Arrays.copyOfRange(seen, at + 1024, at + 4096),
                            "after the part, round " + i);
                }
            }
            return null;
        } finally {
            round.reset(); // lets the other end, if this has failed
        }
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void anErrorIsToldWithItsOffsetAndWhatLiesBeforeItIsTransferred() {
        disk.failFrom(10 * BLOCK_BYTES, Errno.EIO);
        StoreCalls.Ended ended = calls.read(0, new byte[20 * BLOCK_BYTES], 0);
        assertEquals(StoreStatus.READ_FAILED, ended.status());
        assertEquals(10 * BLOCK_BYTES, ended.errorOffsetBytes());
        ended = calls.read(100, new byte[20 * BLOCK_BYTES], 3);
        assertEquals(10 * BLOCK_BYTES, ended.errorOffsetBytes(), "by a buffer too");
        ended = calls.read(10 * BLOCK_BYTES + 700, new byte[5], 0);
        assertEquals(10 * BLOCK_BYTES + 700, ended.errorOffsetBytes(), "nothing before what was asked for");
        ended = calls.read(10 * BLOCK_BYTES - 700, new byte[700], 0);
        assertEquals(StoreStatus.OK, ended.status());
        ended = calls.write(9 * BLOCK_BYTES + 5, new byte[2 * BLOCK_BYTES], 0, false);
        assertEquals(StoreStatus.WRITE_FAILED, ended.status());
        assertEquals(10 * BLOCK_BYTES, ended.errorOffsetBytes());
    }

    @Test
    void moreTransfersAtOnceThanBuffersWaitForEachOther() throws Exception {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < 2 * BounceBuffers.BUFFERS; t++) {
            int own = t;
            tasks.add(() -> {
                try (StoreCalls mine = new StoreCalls(store, 1000)) {
                    for (int i = 0; i < 50; i++) {
                        mine.write(1000L * own, filled(1000, own + i));
                        assertArrayEquals(filled(1000, own + i), mine.read(1000L * own, 1000));
                    }
                    return null;
                }
            });
        }
        inParallel(tasks);
    }
}
