package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** VERIFY, with and without data; SBC-4. */
public class VerifyTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 4096;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final byte[] data = new byte[1000 * BLOCK];

    public VerifyTest() {
        new Random(1).nextBytes(data);
        initiator.out(Cdb.write(10, 1000), data).good();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12, 16})
    void equalDataVerifies(int cdbBytes) {
        assertEquals(
                data.length,
                initiator.out(Cdb.verify(cdbBytes, 10, 1000, 1), data).good().transferBytes());
        assertEquals(0, initiator.none(Cdb.verify(cdbBytes, 10, 1000, 0)).good().transferBytes(), "without data");
        initiator.none(Cdb.verify(cdbBytes, 10, 0, 1)).good();
    }

    @Test
    void theFirstByteThatDiffersIsReported() {
        for (int offset : new int[] {0, 1, 511, 512, 65535, 65536, 65537, data.length - 1}) {
            byte[] wrong = data.clone();
            wrong[offset] ^= 0x10;
            wrong[data.length - 1] ^= 0x01;
            Reply reply = initiator.out(Cdb.verify(16, 10, 1000, 1), wrong);
            reply.check(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION);
            assertEquals(offset, reply.information());
            initiator.none(Cdb.verify(16, 10, 1000, 0)).good();
        }
    }

    @Test
    void oneBlockOfDataMayBeComparedWithEach() {
        byte[] block = Arrays.copyOf(data, BLOCK);
        byte[] same = new byte[300 * BLOCK];
        for (int i = 0; i < 300; i++) {
            System.arraycopy(block, 0, same, i * BLOCK, BLOCK);
        }
        initiator.out(Cdb.write(2000, 300), same).good();
        assertEquals(
                BLOCK, initiator.out(Cdb.verify(10, 2000, 300, 3), block).good().transferBytes());
        byte[] other = block.clone();
        other[77]++;
        initiator.out(Cdb.write(2299, 1), other).good();
        Reply reply = initiator.out(Cdb.verify(10, 2000, 300, 3), block);
        reply.check(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION);
        assertEquals(77, reply.information());
        initiator.out(Cdb.verify(10, 2000, 299, 3), block).good();
    }

    @Test
    void onlyTheWholeBlocksThatCameAreCompared() {
        byte[] less = Arrays.copyOf(data, 5 * BLOCK + 17);
        less[5 * BLOCK]++;
        assertEquals(
                10 * BLOCK,
                initiator.out(Cdb.verify(10, 10, 10, 1), less).good().transferBytes());
        less[5 * BLOCK - 1]++;
        initiator
                .out(Cdb.verify(10, 10, 10, 1), less)
                .check(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION);
    }

    @Test
    void whatIsNotPossibleIsRefused() {
        initiator.none(Cdb.verify(10, 0, 1, 2)).invalidCdb(1);
        initiator.none(Cdb.ranged(0x2f, 10, 0, 1, 0x20)).invalidCdb(1);
        initiator
                .none(Cdb.verify(16, BLOCKS, 0, 0))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        LogicalUnit small =
                LogicalUnit.builder("s", store).maxTransferBytes(8 * BLOCK).build();
        Initiator other = Initiator.ready(small, "b");
        other.out(Cdb.verify(12, 10, 9, 1), data).invalidCdb(6);
        other.out(Cdb.verify(12, 10, 8, 1), data).good();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12, 16})
    void theMaximumTransferLengthHoldsWhateverIsCompared(int cdbBytes) {
        LogicalUnit small =
                LogicalUnit.builder("s", store).maxTransferBytes(8 * BLOCK).build();
        Initiator other = Initiator.ready(small, "b");
        int field = cdbBytes == 10 ? 7 : cdbBytes == 12 ? 6 : 10;
        byte[] zeros = new byte[9 * BLOCK];
        other.none(Cdb.verify(cdbBytes, 2000, 9, 0)).invalidCdb(field);
        other.out(Cdb.verify(cdbBytes, 2000, 9, 1), zeros).invalidCdb(field);
        other.out(Cdb.verify(cdbBytes, 2000, 9, 3), zeros).invalidCdb(field);
        other.none(Cdb.verify(cdbBytes, 2000, 8, 0)).good();
        other.out(Cdb.verify(cdbBytes, 2000, 8, 1), zeros).good();
        other.out(Cdb.verify(cdbBytes, 2000, 8, 3), zeros).good();
    }

    @Test
    void aStoreThatThrowsCostsNoMemoryForLater() {
        store.throwing(new IndexOutOfBoundsException("the store has shrunk"));
        for (int i = 0; i < 65; i++) {
            Initiator.Pending verify = initiator.prepare(Cdb.verify(10, 0, 1, 0), DataDirection.NONE, null, 0, 0);
            assertThrows(IndexOutOfBoundsException.class, () -> initiator.send(verify)); // the ring ends the command
        }
        store.throwing(null);
        initiator.none(Cdb.verify(10, 0, 1, 0)).good();
    }

    @Test
    void aStoreThatThrowsToItsOwnThreadLeavesNoCommandWithoutStatus() {
        for (int i = 0; i < 65; i++) {
            store.hold();
            Initiator.Pending verify = initiator.startIn(Cdb.verify(16, 10, 1000, 0), 0);
            store.throwing(new IndexOutOfBoundsException("the store has shrunk"));
            store.release(); // of the first piece; the next is asked for by the store's thread
            verify.reply().check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            store.throwing(null);
        }
        initiator.none(Cdb.verify(16, 10, 1000, 0)).good();
    }

    @Test
    void aMediumErrorIsFoundWithoutData() {
        store.failWith(StoreStatus.READ_FAILED, 20 * BLOCK);
        Reply reply = initiator.none(Cdb.verify(10, 10, 100, 0));
        reply.check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        assertEquals(20, reply.information());
    }

    @Test
    void aVerifyOfAHugeRangeNeitherRecursesNorOutlivesItsAbort() {
        FakeStore hollow = FakeStore.hollow(8L << 30, FakeStore.properties(false, true));
        LogicalUnit big =
                LogicalUnit.builder("big", hollow).maxTransferBytes(1 << 30).build();
        Initiator other = Initiator.ready(big, "b");
        other.none(Cdb.verify(16, 0, 2 << 20, 0)).good(); // 16384 pieces, each read at once
        hollow.hold();
        Initiator.Pending verify = other.startIn(Cdb.verify(16, 0, 2 << 20, 0), 0);
        verify.abort();
        hollow.logged().release();
        verify.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(List.of(), hollow.log, "no read after the one that was under way");
    }

    @Test
    void manyVerifyAtOnceOnAnAsynchronousStore() {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            store.by(executor);
            List<Initiator.Pending> pending = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                pending.add(initiator.startOut(Cdb.verify(16, 10, 1000, 1), data));
            }
            pending.forEach(p -> p.reply().good());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void moreAtOnceThanThereIsMemoryForAreBusyAndTheMemoryIsFreedInTheEnd() {
        long before = RegionCounts.openBytes("scsi-scratch");
        store.hold();
        List<Initiator.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            pending.add(initiator.startIn(Cdb.verify(10, 0, 1, 0), 0));
        }
        initiator.none(Cdb.verify(10, 0, 1, 0)).is(ScsiStatus.BUSY);
        store.release();
        pending.forEach(p -> p.reply().good());
        initiator.none(Cdb.verify(10, 0, 1, 0)).good();
        unit.close();
        assertEquals(before, RegionCounts.openBytes("scsi-scratch"));
    }
}
