package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** What FORMAT UNIT and SANITIZE leave behind when the process ends in the middle of them. */
@Timeout(60)
class SpoiltMediumTest {
    private static final int BLOCKS = 5000;
    private static final byte[] READ = Cdb.read(0, 1);
    private static final byte[] EXIT_FAILURE_MODE = Cdb.of("48 1f 00 0000 0000 0000 00");
    private static final byte[] FORMAT = Cdb.of("04 00 0000 0000");
    private static final byte[] OVERWRITE_LIST = Cdb.of("01 00 0001 aa");

    private final FakeKeptValues kept = new FakeKeptValues();
    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private LogicalUnit unit = build();
    private Initiator initiator = Initiator.ready(unit, "a");

    private LogicalUnit build() {
        return LogicalUnit.builder("disk0", store).keptValues(kept).build();
    }

    @AfterEach
    void close() {
        store.release();
        unit.close();
    }

    private static byte[] overwrite(String flagsAndAction) {
        return Cdb.of("48" + flagsAndAction + "00 0000 0000 0005 00");
    }

    /** Begins an operation, and ends the process while the store is at its first piece. */
    private void dieWithin(byte[] cdb, byte[] list) {
        store.hold();
        Initiator.Pending pending = initiator.startOut(cdb, list);
        while (!store.isHeld()) {
            Thread.onSpinWait();
        }
        byte[] found = kept.values.get("medium").clone();
        store.release();
        unit.close();
        assertTrue(pending.isDone());
        kept.values.put("medium", found);
        restart();
    }

    private void restart() {
        unit.close();
        unit = build();
        initiator = Initiator.ready(unit, "a");
    }

    private void assertFailed() {
        initiator.none(Cdb.testUnitReady()).check(SenseKey.MEDIUM_ERROR, AdditionalSense.SANITIZE_COMMAND_FAILED);
        initiator.in(READ, 512).check(SenseKey.MEDIUM_ERROR, AdditionalSense.SANITIZE_COMMAND_FAILED);
    }

    @Test
    void halfAFormatIsACorruptOneUntilItIsFormattedAgain() {
        dieWithin(FORMAT, new byte[0]);
        initiator.in(READ, 512).check(SenseKey.MEDIUM_ERROR, AdditionalSense.MEDIUM_FORMAT_CORRUPTED);
        restart();
        initiator.in(READ, 512).check(SenseKey.MEDIUM_ERROR, AdditionalSense.MEDIUM_FORMAT_CORRUPTED);
        initiator.none(FORMAT).good();
        initiator.in(READ, 512).good();
        restart();
        initiator.in(READ, 512).good();
    }

    @Test
    void fromHalfASanitizeOnlyAnotherLeadsOut() {
        dieWithin(overwrite("01"), OVERWRITE_LIST);
        assertFailed();
        initiator.none(EXIT_FAILURE_MODE).invalidCdb(1);
        initiator.none(FORMAT).check(SenseKey.MEDIUM_ERROR, AdditionalSense.SANITIZE_COMMAND_FAILED);
        initiator.out(overwrite("01"), OVERWRITE_LIST).good();
        restart();
        byte[] right = new byte[512];
        Arrays.fill(right, (byte) 0xaa);
        assertArrayEquals(right, initiator.in(READ, 512).good().data());
    }

    @Test
    void anUnrestrictedOneMayBeLeftBehind() {
        dieWithin(overwrite("21"), OVERWRITE_LIST);
        assertFailed();
        initiator.none(EXIT_FAILURE_MODE).good();
        restart();
        initiator.in(READ, 512).good();
    }

    @Test
    void oneThatFailsIsKeptAsFailed() {
        store.failWith(StoreStatus.WRITE_FAILED, 0);
        initiator
                .out(overwrite("01"), OVERWRITE_LIST)
                .check(SenseKey.MEDIUM_ERROR, AdditionalSense.SANITIZE_COMMAND_FAILED);
        store.failWith(StoreStatus.OK, -1);
        restart();
        assertFailed();
    }

    @Test
    void whatCannotBeKeptIsNotBegun() {
        byte[] written = new byte[512];
        Arrays.fill(written, (byte) 0x61);
        initiator.out(Cdb.write(0, 1), written).good();
        byte[] before = store.snapshot();
        kept.endWith(StoreStatus.NO_SPACE);
        initiator.none(FORMAT).check(SenseKey.MEDIUM_ERROR, AdditionalSense.FORMAT_COMMAND_FAILED);
        assertArrayEquals(before, store.snapshot());
        initiator.in(READ, 512).good();
        kept.endWith(StoreStatus.OK);
        initiator.none(FORMAT).good();
    }

    @Test
    void aDamagedValueIsReportedAndNotTakenForReady() {
        for (byte[] wrong : new byte[][] {{}, {4}, {0, 0}, {-1}}) {
            kept.values.put("medium", wrong);
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, this::build);
            assertTrue(refused.getMessage().startsWith("the map's medium "), refused.getMessage());
        }
        kept.values.remove("medium");
    }
}
