package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreException;

/** A unit that gets another size while it is in use. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResizeTest {
    private final FakeStore store = FakeStore.ofBlocks(100);
    private final LogicalUnit unit =
            LogicalUnit.builder("d", store).blockBytes(1024).build();
    private Initiator a;
    private Initiator b;

    @BeforeEach
    void connect() {
        a = Initiator.ready(unit, "a");
        b = Initiator.ready(unit, "b");
    }

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void growthIsToldToEveryNexusOnceAndTheBlocksAreThere() throws Exception {
        unit.resize(200 * 512);
        assertEquals(100, unit.blocks());
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
        a.none(Cdb.testUnitReady()).good();
        a.in(Cdb.read(99, 1), 1024).good();
        b.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
    }

    @Test
    void lostBlocksAreOutOfRange() throws Exception {
        unit.resize(20 * 1024);
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
        a.none(Cdb.testUnitReady()).good();
        a.in(Cdb.read(20, 1), 1024).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        a.in(Cdb.read(19, 1), 1024).good();
        assertEquals(20 * 1024, store.sizeBytes());
    }

    /** What was promised to a command that is under way is not taken from under it. */
    @Test
    void blocksAreLostOnlyWhenCommandsUnderWayHaveEnded() throws Exception {
        store.hold();
        Initiator.Pending writing = a.startOut(Cdb.write(40, 1), new byte[1024]);
        CompletableFuture<Void> resized = CompletableFuture.runAsync(() -> {
            try {
                unit.resize(20 * 1024);
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        });
        while (unit.blocks() != 20) {
            Thread.sleep(1);
        }
        assertEquals(50 * 1024, store.sizeBytes());
        b.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
        b.in(Cdb.read(40, 1), 1024).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        store.release();
        resized.get(30, TimeUnit.SECONDS);
        writing.reply().good();
        assertEquals(20 * 1024, store.sizeBytes());
    }

    @Test
    void aSizeThatIsNoneIsRefusedAndNobodyHearsOfIt() {
        for (long wrong : new long[] {0, -1024, 512, 1024 + 512}) {
            String refused =
                    assertThrows(StoreException.class, () -> unit.resize(wrong)).getMessage();
            assertTrue(refused.contains("1024"), refused);
        }
        a.none(Cdb.testUnitReady()).good();
        assertEquals(50, unit.blocks());
    }
}
