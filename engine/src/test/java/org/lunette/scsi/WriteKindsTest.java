package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreProperties;

/** ORWRITE, WRITE ATOMIC, WRITE AND VERIFY, and PRE-FETCH. */
public class WriteKindsTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 2048;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final Initiator initiator =
            Initiator.ready(LogicalUnit.builder("disk0", store).build(), "a");
    private final Random random = new Random(1);

    private byte[] randomBytes(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] stored(int lba, int blocks) {
        return Arrays.copyOfRange(store.snapshot(), lba * BLOCK, (lba + blocks) * BLOCK);
    }

    private static byte[] orWrite(long lba, int blocks, int flags) {
        return Cdb.ranged(0x8b, 16, lba, blocks, flags);
    }

    private static byte[] writeAtomic(long lba, int blocks) {
        return Cdb.ranged(0x9c, 16, lba, blocks, 0);
    }

    private static byte[] writeAndVerify(int cdbBytes, long lba, int blocks, int flags) {
        return Cdb.ranged(cdbBytes == 10 ? 0x2e : cdbBytes == 12 ? 0xae : 0x8e, cdbBytes, lba, blocks, flags);
    }

    // ---- ORWRITE ----

    @ParameterizedTest
    @ValueSource(ints = {1, 128, 129, 1000})
    void orWriteSetsBits(int blocks) {
        byte[] first = randomBytes(blocks * BLOCK);
        byte[] second = randomBytes(blocks * BLOCK);
        initiator.out(Cdb.write(7, blocks), first).good();
        assertEquals(
                blocks * BLOCK,
                initiator.out(orWrite(7, blocks, 0), second).good().transferBytes());
        for (int i = 0; i < first.length; i++) {
            first[i] |= second[i];
        }
        assertArrayEquals(first, stored(7, blocks));
        assertArrayEquals(new byte[BLOCK], stored(7 + blocks, 1));
    }

    @Test
    void orWriteTakesTheWholeBlocksThatCameAndFlushesForFua() {
        byte[] data = randomBytes(2 * BLOCK + 5);
        assertEquals(4 * BLOCK, initiator.out(orWrite(0, 4, 0), data).good().transferBytes());
        assertArrayEquals(Arrays.copyOf(data, 2 * BLOCK), stored(0, 2));
        assertArrayEquals(new byte[BLOCK], stored(2, 1));
        initiator.none(orWrite(0, 4, 0)).good();
        initiator.none(orWrite(0, 0, 0)).good();
        store.logged();
        initiator.out(orWrite(4, 1, Cdb.FUA), randomBytes(BLOCK)).good();
        assertEquals(List.of("read 2048 512", "write 2048 512", "flush 2048 512"), store.log);
        initiator.none(orWrite(4, 1, 0x40)).invalidCdb(1);
    }

    // ---- WRITE ATOMIC ----

    @Test
    void writeAtomicKeepsToItsLimits() {
        Reply limits = initiator.in(Cdb.vpd(0xb0, 64), 64).good();
        assertEquals(8, limits.u32(44), "as much as the store writes at once");
        assertEquals(8, limits.u32(48), "alignment");
        assertEquals(8, limits.u32(52), "granularity");
        assertEquals(0, limits.u64(56), "no boundaries");
        byte[] data = randomBytes(8 * BLOCK);
        assertEquals(8 * BLOCK, initiator.out(writeAtomic(16, 8), data).good().transferBytes());
        assertArrayEquals(data, stored(16, 8));
        initiator.out(writeAtomic(17, 8), data).invalidCdb(2);
        initiator.out(writeAtomic(16, 4), data).invalidCdb(12);
        initiator.out(writeAtomic(16, 16), randomBytes(16 * BLOCK)).invalidCdb(12);
        byte[] bounded = writeAtomic(16, 8);
        bounded[11] = 8;
        initiator.out(bounded, data).invalidCdb(11);
        initiator.none(writeAtomic(17, 0)).good();
        initiator
                .none(writeAtomic(BLOCKS, 0))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        assertArrayEquals(data, stored(16, 8));
    }

    @Test
    void aPartOfTheDataIsNotWrittenAtomically() {
        initiator.out(writeAtomic(16, 8), randomBytes(7 * BLOCK)).invalidCdb(12);
        assertArrayEquals(new byte[8 * BLOCK], stored(16, 8));
    }

    @Test
    void aStoreThatWritesLessThanABlockAtOnceHasNoWriteAtomic() {
        StoreProperties sectors = new StoreProperties("fake", false, true, false, 512, false, false);
        LogicalUnit unit = LogicalUnit.builder("d", new FakeStore(1 << 20, sectors))
                .blockBytes(4096)
                .build();
        assertNull(unit.opcodes().find(0x9c, 0));
        Reply limits = Initiator.ready(unit, "b").in(Cdb.vpd(0xb0, 64), 64).good();
        for (int at = 44; at < 64; at += 4) {
            assertEquals(0, limits.u32(at));
        }
    }

    // ---- WRITE AND VERIFY ----

    @ParameterizedTest
    @ValueSource(ints = {10, 12, 16})
    void whatIsVerifiedWasWrittenToTheMedium(int cdbBytes) {
        for (int flags : new int[] {0, 2, 0x12}) {
            byte[] data = randomBytes(300 * BLOCK);
            assertEquals(
                    data.length,
                    initiator
                            .out(writeAndVerify(cdbBytes, 5, 300, flags), data)
                            .good()
                            .transferBytes());
            store.losePower();
            assertArrayEquals(data, stored(5, 300));
        }
        initiator.out(writeAndVerify(cdbBytes, 5, 1, 4), new byte[BLOCK]).invalidCdb(1);
        initiator.out(writeAndVerify(cdbBytes, 5, 1, 0x80), new byte[BLOCK]).invalidCdb(1);
        initiator.none(writeAndVerify(cdbBytes, 5, 0, 2)).good();
        initiator
                .none(writeAndVerify(cdbBytes, BLOCKS, 0, 2))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
    }

    @Test
    void onlyTheWholeBlocksThatCameAreWrittenAndVerified() {
        byte[] data = randomBytes(BLOCK + 300);
        assertEquals(
                3 * BLOCK,
                initiator.out(writeAndVerify(10, 0, 3, 2), data).good().transferBytes());
        assertArrayEquals(Arrays.copyOf(data, BLOCK), stored(0, 1));
        assertArrayEquals(new byte[2 * BLOCK], stored(1, 2));
        assertEquals(
                3 * BLOCK, initiator.none(writeAndVerify(10, 0, 3, 2)).good().transferBytes());
    }

    @Test
    void aMediumThatKeepsSomethingElseIsFound() {
        FakeStore forgetful = FakeStore.hollow(BLOCKS * BLOCK, FakeStore.properties(false, true));
        Initiator other = Initiator.ready(LogicalUnit.builder("d", forgetful).build(), "b");
        byte[] data = randomBytes(BLOCK);
        other.out(writeAndVerify(16, 0, 1, 0), data).good();
        other.out(writeAndVerify(16, 0, 1, 2), data)
                .check(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION);
    }

    // ---- PRE-FETCH ----

    @ParameterizedTest
    @ValueSource(ints = {10, 16})
    void preFetchIsGoodWithinTheMedium(int cdbBytes) {
        int code = cdbBytes == 10 ? 0x34 : 0x90;
        initiator.none(Cdb.ranged(code, cdbBytes, 0, BLOCKS, 0)).good();
        initiator.none(Cdb.ranged(code, cdbBytes, BLOCKS - 1, 0, 2)).good();
        initiator
                .none(Cdb.ranged(code, cdbBytes, BLOCKS, 0, 0))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        initiator
                .none(Cdb.ranged(code, cdbBytes, 1, BLOCKS, 2))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
    }
}
