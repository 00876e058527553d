package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

class CompareAndWriteTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 1024;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final byte[] old = new byte[255 * BLOCK];
    private final byte[] next = new byte[255 * BLOCK];

    CompareAndWriteTest() {
        Random random = new Random(1);
        random.nextBytes(old);
        random.nextBytes(next);
        initiator.out(Cdb.write(20, 255), old).good();
    }

    private static byte[] cdb(long lba, int blocks, int flags) {
        return Cdb.ranged(0x89, 16, lba, blocks, flags);
    }

    private static byte[] both(byte[] first, byte[] second, int blocks) {
        byte[] data = Arrays.copyOf(first, 2 * blocks * BLOCK);
        System.arraycopy(second, 0, data, blocks * BLOCK, blocks * BLOCK);
        return data;
    }

    private byte[] stored(int blocks) {
        return Arrays.copyOfRange(store.snapshot(), 20 * BLOCK, (20 + blocks) * BLOCK);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 128, 129, 255})
    void equalBlocksAreReplaced(int blocks) {
        Reply reply = initiator.out(cdb(20, blocks, 0), both(old, next, blocks)).good();
        assertEquals(2L * blocks * BLOCK, reply.transferBytes());
        byte[] expected = old.clone();
        System.arraycopy(next, 0, expected, 0, blocks * BLOCK);
        assertArrayEquals(expected, stored(255));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstByteThatDiffersIsReportedAndNothingWritten(boolean descriptors) {
        if (descriptors) {
            byte[] list = Cdb.of("00000000 0a0a 04 10 00 40 00 00 ffff 0000");
            initiator.out(Cdb.modeSelect(6, list.length), list).good();
        }
        for (int offset : new int[] {0, 511, 65535, 65536, 255 * BLOCK - 1}) {
            byte[] wrong = old.clone();
            wrong[offset]++;
            Reply reply = initiator.out(cdb(20, 255, 0), both(wrong, next, 255));
            reply.check(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION);
            assertEquals(offset, reply.information());
            assertEquals(descriptors ? 0x72 : 0xf0, reply.sense()[0] & 0xff);
            assertArrayEquals(old, stored(255));
        }
    }

    @Test
    void anotherAmountOfDataThanTwiceTheBlocksIsRefused() {
        initiator.out(cdb(20, 1, 0), new byte[4 * BLOCK]).invalidCdb(13);
        initiator.out(cdb(20, 3, 0), new byte[4 * BLOCK]).invalidCdb(13);
        initiator.out(cdb(20, 0, 0), new byte[4 * BLOCK]).invalidCdb(13);
        initiator.none(cdb(20, 1, 0)).invalidCdb(13);
        initiator.none(cdb(20, 0, 0)).good();
        Initiator.Pending less =
                initiator.prepare(cdb(20, 1, 0), DataDirection.OUT, both(old, next, 1), 2 * BLOCK, 3 * BLOCK);
        initiator.send(less).reply().invalidCdb(13);
        assertArrayEquals(old, stored(255));
    }

    @Test
    void theLimitIsThatOfTheBlockLimitsPage() {
        LogicalUnit small =
                LogicalUnit.builder("s", store).maxTransferBytes(9 * BLOCK).build();
        Initiator other = Initiator.ready(small, "b");
        assertEquals(4, other.in(Cdb.vpd(0xb0, 64), 64).good().u8(5));
        assertEquals(255, initiator.in(Cdb.vpd(0xb0, 64), 64).good().u8(5));
        other.out(cdb(20, 5, 0), both(old, next, 5)).invalidCdb(13);
        other.out(cdb(20, 4, 0), both(old, next, 4)).good();
    }

    @Test
    void whatIsBeyondTheEndOrProtectedIsRefused() {
        AdditionalSense outOfRange = AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE;
        initiator.out(cdb(BLOCKS - 1, 2, 0), both(old, next, 2)).check(SenseKey.ILLEGAL_REQUEST, outOfRange);
        initiator.none(cdb(-1, 0, 0)).check(SenseKey.ILLEGAL_REQUEST, outOfRange);
        initiator.out(cdb(20, 1, 0x20), both(old, next, 1)).invalidCdb(1);
    }

    @Test
    void withFuaOrWithoutACacheTheWriteIsDurable() {
        store.logged();
        initiator.out(cdb(20, 1, Cdb.DPO), both(old, next, 1)).good();
        initiator.out(cdb(20, 1, Cdb.FUA), both(next, old, 1)).good();
        byte[] list = Cdb.of("00000000 0812 00" + "00".repeat(17));
        initiator.out(Cdb.modeSelect(6, list.length), list).good();
        initiator.out(cdb(20, 1, 0), both(old, next, 1)).good();
        String read = "read 10240 512";
        String durably = "write durably 10240 512";
        assertEquals(
                List.of(read, "write 10240 512", read, durably, "flush 0 " + BLOCKS * BLOCK, read, durably), store.log);
    }

    @Test
    void aStoreThatFailsIsReported() {
        store.failWith(StoreStatus.WRITE_FAILED, 20 * BLOCK);
        Reply reply = initiator.out(cdb(20, 1, 0), both(old, next, 1));
        reply.check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
        assertEquals(20, reply.information());
        store.failWith(StoreStatus.OK, -1);
        for (int i = 0; i < 70; i++) { // more than there are pieces of memory
            store.hold();
            Initiator.Pending pending = initiator.startOut(cdb(20, 1, 0), both(old, next, 1));
            store.throwing(new IllegalStateException("gone"));
            store.release();
            pending.reply().check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            store.throwing(null);
        }
        initiator.out(cdb(20, 1, 0), both(old, next, 1)).good();
    }
}
