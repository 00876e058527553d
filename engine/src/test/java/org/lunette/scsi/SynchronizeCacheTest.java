package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** SYNCHRONIZE CACHE: what it makes durable, when it ends; SBC-4. */
public class SynchronizeCacheTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 256;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");

    private static byte[] filled(int blocks) {
        byte[] data = new byte[blocks * BLOCK];
        Arrays.fill(data, (byte) 7);
        return data;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 16})
    void synchronizeCacheMakesTheRangeDurable(int cdbBytes) {
        initiator.out(Cdb.write(0, 10), filled(10)).good();
        initiator.none(Cdb.synchronizeCache(cdbBytes, 2, 3, 0)).good();
        store.losePower();
        byte[] left = store.snapshot();
        assertArrayEquals(new byte[2 * BLOCK], Arrays.copyOf(left, 2 * BLOCK));
        assertArrayEquals(filled(3), Arrays.copyOfRange(left, 2 * BLOCK, 5 * BLOCK));
        assertArrayEquals(new byte[5 * BLOCK], Arrays.copyOfRange(left, 5 * BLOCK, 10 * BLOCK));
    }

    @Test
    void noBlocksMeansToTheEnd() {
        store.logged();
        initiator.none(Cdb.synchronizeCache(10, 0, 0, 0)).good();
        initiator.none(Cdb.synchronizeCache(16, 250, 0, 2)).good();
        assertEquals(List.of("flush 0 131072", "flush 128000 3072"), store.log);
    }

    @Test
    void aRangeBeyondTheEndIsRefused() {
        for (int cdbBytes : new int[] {10, 16}) {
            initiator
                    .none(Cdb.synchronizeCache(cdbBytes, BLOCKS, 0, 0))
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            initiator
                    .none(Cdb.synchronizeCache(cdbBytes, BLOCKS - 1, 2, 0))
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        }
    }

    @Test
    void aFlushThatFailedIsNeverReportedAsDoneNotEvenWithImmed() {
        store.failWith(StoreStatus.WRITE_FAILED, -1);
        for (int immed : new int[] {0, 2}) {
            initiator
                    .none(Cdb.synchronizeCache(10, 0, 0, immed))
                    .check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
        }
    }

    @Test
    void theStatusWaitsForTheStore() {
        store.hold();
        Initiator.Pending sync = initiator.startIn(Cdb.synchronizeCache(10, 0, 0, 0), 0);
        assertFalse(sync.isDone());
        store.release();
        sync.reply().good();
    }

    // ---- START STOP UNIT ----

    private Reply startStop(int flags) {
        byte[] cdb = Cdb.of("1b 00 00 00 00 00");
        cdb[4] = (byte) flags;
        return initiator.none(cdb);
    }

    @Test
    void stoppingFlushesAndLeavesTheUnitToTheOtherHosts() {
        Initiator other = Initiator.ready(unit, "b");
        initiator.out(Cdb.write(0, 1), filled(1)).good();
        startStop(0).good();
        store.losePower();
        for (Initiator one : List.of(other, initiator)) {
            one.none(Cdb.testUnitReady()).good();
            assertEquals(0, one.in(Cdb.requestSense(false), 252).good().u16(12));
            assertArrayEquals(filled(1), one.in(Cdb.read(0, 1), BLOCK).good().data());
            one.out(Cdb.write(0, 1), filled(1)).good();
        }
        startStop(1).good();
    }

    @Test
    void onlyStoppingFlushesAndNotWithNoFlush() {
        store.logged();
        startStop(4).good();
        startStop(1).good();
        startStop(5).good();
        assertEquals(List.of(), store.log);
        startStop(0).good();
        assertEquals(List.of("flush 0 131072"), store.log);
    }

    @Test
    void aFlushThatFailsIsToldToWhoStops() {
        store.failWith(StoreStatus.WRITE_FAILED, -1);
        startStop(0).check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
    }

    @Test
    void ejectionAndPowerConditionsAreRefused() {
        startStop(2).invalidCdb(4);
        startStop(3).invalidCdb(4);
        startStop(0x30).invalidCdb(4);
    }
}
