package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** READ and WRITE in every length, with what they refuse; SBC-4. */
public class ReadWriteTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 2048;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");

    private static byte[] random(int bytes) {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        return data;
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 10, 12, 16})
    void whatIsWrittenIsRead(int cdbBytes) {
        byte[] data = random(8 * BLOCK);
        Reply written = initiator.out(Cdb.write(cdbBytes, 100, 8, 0), data).good();
        assertEquals(data.length, written.transferBytes());
        assertArrayEquals(
                data,
                initiator.in(Cdb.read(cdbBytes, 100, 8, 0), data.length).good().data());
        assertArrayEquals(
                data, Arrays.copyOfRange(store.snapshot(), 100 * BLOCK, 108 * BLOCK), "at its place in the store");
        byte[] around = initiator.in(Cdb.read(99, 10), 10 * BLOCK).good().data();
        assertArrayEquals(new byte[BLOCK], Arrays.copyOf(around, BLOCK), "the block before");
        assertArrayEquals(new byte[BLOCK], Arrays.copyOfRange(around, 9 * BLOCK, 10 * BLOCK), "the block after");
    }

    @Test
    void noBlocksMeans256InASixByteCdb() {
        byte[] data = random(256 * BLOCK);
        initiator.out(Cdb.write(6, 0, 0, 0), data).good();
        assertArrayEquals(
                data, initiator.in(Cdb.read(6, 0, 0, 0), data.length).good().data());
    }

    @Test
    void aSixByteCdbHas21BitsOfLba() {
        byte[] cdb = Cdb.of("08 e0 00 05 01 00");
        assertEquals(BLOCK, initiator.in(cdb, BLOCK).good().transferBytes(), "the upper 3 bits are reserved");
        initiator
                .in(Cdb.of("08 1f ff ff 01 00"), BLOCK)
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12, 16})
    void zeroBlocksAreNoErrorWithinTheCapacityOnly(int cdbBytes) {
        assertEquals(
                0, initiator.none(Cdb.read(cdbBytes, BLOCKS - 1, 0, 0)).good().transferBytes());
        initiator.none(Cdb.write(cdbBytes, BLOCKS - 1, 0, 0)).good();
        outOfRange(initiator.none(Cdb.read(cdbBytes, BLOCKS, 0, 0)));
        outOfRange(initiator.none(Cdb.write(cdbBytes, BLOCKS, 0, 0)));
    }

    private static void outOfRange(Reply reply) {
        reply.check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        assertEquals(0, reply.transferBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {BLOCKS, 0x8000_0000L, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE, -1L})
    void anLbaBeyondTheLastIsOutOfRange(long lba) {
        outOfRange(initiator.in(Cdb.read(lba, 1), BLOCK));
        outOfRange(initiator.out(Cdb.write(lba, 1), random(BLOCK)));
        outOfRange(initiator.none(Cdb.write(lba, 0)));
        outOfRange(initiator.in(Cdb.read(lba, 0xffff_ffffL), BLOCK));
    }

    @Test
    void aRangeThatCrossesTheEndIsOutOfRangeAndWritesNothing() {
        byte[] data = random(2 * BLOCK);
        outOfRange(initiator.out(Cdb.write(BLOCKS - 1, 2), data));
        outOfRange(initiator.in(Cdb.read(BLOCKS - 1, 2), 2 * BLOCK));
        assertArrayEquals(new byte[BLOCKS * BLOCK], store.snapshot());
        initiator.out(Cdb.write(BLOCKS - 2, 2), data).good();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12, 16})
    void protectionInformationIsRefused(int cdbBytes) {
        for (int protect = 1; protect <= 7; protect++) {
            initiator.in(Cdb.read(cdbBytes, 0, 1, protect << 5), BLOCK).invalidCdb(1);
            initiator
                    .out(Cdb.write(cdbBytes, 0, 1, protect << 5), random(BLOCK))
                    .invalidCdb(1);
        }
        assertArrayEquals(new byte[BLOCKS * BLOCK], store.snapshot());
    }

    @Test
    void nacaIsTakenAndGroupNumbersAreTolerated() {
        byte[] naca = Cdb.read(16, 0, 1, 0);
        naca[15] = 0x04;
        initiator.in(naca, BLOCK).good();
        byte[] group = Cdb.read(16, 0, 1, 0);
        group[14] = 0x1f;
        group[15] = (byte) 0xc0;
        initiator.in(group, BLOCK).good();
    }

    @Test
    void theLongestTransferIsTheOneThatPageB0hReports() {
        LogicalUnit small =
                LogicalUnit.builder("small", store).maxTransferBytes(16 * BLOCK).build();
        Initiator other = Initiator.ready(small, "b");
        assertEquals(16, other.in(Cdb.vpd(0xb0, 64), 64).good().u32(8));
        other.in(Cdb.read(0, 16), 16 * BLOCK).good();
        other.out(Cdb.write(0, 16), random(16 * BLOCK)).good();
        other.in(Cdb.read(0, 17), 17 * BLOCK).invalidCdb(10);
        other.out(Cdb.write(10, 0, 17, 0), random(17 * BLOCK)).invalidCdb(7);
    }

    // ---- residuals ----

    @Test
    void aBufferShorterThanTheTransferLengthGetsWhatFits() {
        byte[] data = random(4 * BLOCK);
        initiator.out(Cdb.write(0, 4), data).good();
        Reply reply = initiator.in(Cdb.read(0, 4), 1000).good();
        assertEquals(4 * BLOCK, reply.transferBytes(), "an overflow of what is beyond 1000 bytes");
        assertArrayEquals(Arrays.copyOf(data, 1000), reply.data());
        assertEquals(4 * BLOCK, initiator.none(Cdb.read(0, 4)).good().transferBytes(), "no room at all");
    }

    @Test
    void aBufferLongerThanTheTransferLengthIsLeftAloneBeyondIt() {
        Reply reply = initiator.in(Cdb.read(0, 2), 10 * BLOCK).good();
        assertEquals(2 * BLOCK, reply.transferBytes());
        assertEquals(2 * BLOCK, reply.data().length);
    }

    @Test
    void aWriteWithLessDataWritesTheWholeBlocksThatCame() {
        byte[] data = random(2 * BLOCK + 100);
        Reply reply = initiator.out(Cdb.write(8, 4), data).good();
        assertEquals(4 * BLOCK, reply.transferBytes());
        byte[] expected = new byte[4 * BLOCK];
        System.arraycopy(data, 0, expected, 0, 2 * BLOCK);
        assertArrayEquals(expected, Arrays.copyOfRange(store.snapshot(), 8 * BLOCK, 12 * BLOCK));
        assertEquals(BLOCK, initiator.none(Cdb.write(0, 1)).good().transferBytes(), "no data at all");
    }

    @Test
    void aWriteWithMoreDataWritesItsBlocksOnly() {
        byte[] data = random(4 * BLOCK);
        Reply reply = initiator.out(Cdb.write(0, 2), data).good();
        assertEquals(2 * BLOCK, reply.transferBytes());
        assertArrayEquals(new byte[2 * BLOCK], Arrays.copyOfRange(store.snapshot(), 2 * BLOCK, 4 * BLOCK));
    }

    @Test
    void aWrongDirectionMovesNothing() {
        byte[] data = random(BLOCK);
        Reply read = initiator.out(Cdb.read(0, 1), data);
        assertEquals(BLOCK, read.good().transferBytes());
        initiator.in(Cdb.write(0, 1), BLOCK).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        assertArrayEquals(new byte[BLOCKS * BLOCK], store.snapshot());
    }

    // ---- durability ----

    @Test
    void aWriteWithFuaSurvivesPowerLossAndOneWithoutNeedNot() {
        byte[] data = random(BLOCK);
        initiator.out(Cdb.write(10, 0, 1, 0), data).good();
        initiator.out(Cdb.write(10, 1, 1, Cdb.FUA), data).good();
        initiator.out(Cdb.write(12, 2, 1, Cdb.FUA | Cdb.DPO), data).good();
        initiator.out(Cdb.write(16, 3, 1, Cdb.FUA), data).good();
        store.losePower();
        byte[] left = store.snapshot();
        assertArrayEquals(new byte[BLOCK], Arrays.copyOf(left, BLOCK));
        for (int block = 1; block <= 3; block++) {
            assertArrayEquals(data, Arrays.copyOfRange(left, block * BLOCK, (block + 1) * BLOCK), "block " + block);
        }
    }

    @Test
    void aReadWithFuaMakesWhatItReturnsDurable() {
        byte[] data = random(BLOCK);
        initiator.out(Cdb.write(5, 1), data).good();
        assertArrayEquals(
                data, initiator.in(Cdb.read(10, 5, 1, Cdb.FUA), BLOCK).good().data());
        store.losePower();
        assertArrayEquals(data, initiator.in(Cdb.read(5, 1), BLOCK).good().data());
    }

    @Test
    void dpoAndFuaDoNotSlowDownAStoreWithoutACache() {
        FakeStore durable = new FakeStore(64 * BLOCK, FakeStore.properties(false, false)).logged();
        Initiator other = Initiator.ready(LogicalUnit.builder("d", durable).build(), "b");
        other.in(Cdb.read(10, 0, 1, Cdb.FUA | Cdb.DPO), BLOCK).good();
        other.out(Cdb.write(10, 0, 1, 0), random(BLOCK)).good();
        assertEquals(List.of("read 0 512", "write durably 0 512"), durable.log);
    }

    @Test
    void aWriteThatEndsAfterTheCacheWasSwitchedOffIsDurable() {
        byte[] data = random(BLOCK);
        store.hold();
        Initiator.Pending write = initiator.startOut(Cdb.write(0, 1), data);
        Initiator other = Initiator.ready(unit, "b");
        byte[] list = Cdb.of("00000000 0812 00 0000000000000000000000000000000000");
        Initiator.Pending select = other.startOut(Cdb.modeSelect(6, list.length), list);
        assertFalse(select.isDone(), "MODE SELECT waits for the flush");
        store.releaseBackwards(); // so the flush finds nothing yet
        select.reply().good();
        write.reply().good();
        store.losePower();
        assertArrayEquals(data, Arrays.copyOf(store.snapshot(), BLOCK));
    }

    // ---- errors of the store ----

    @ParameterizedTest
    @EnumSource(
            value = StoreStatus.class,
            names = {"OK"},
            mode = EnumSource.Mode.EXCLUDE)
    void aStoreErrorBecomesSenseData(StoreStatus status) {
        store.failWith(status, 7 * BLOCK + 100);
        Reply read = initiator.in(Cdb.read(5, 8), 8 * BLOCK);
        Reply write = initiator.out(Cdb.write(5, 8), random(8 * BLOCK));
        String expected = switch (status) {
            case OUT_OF_RANGE -> "05/21/00";
            case READ_FAILED -> "03/11/00";
            case WRITE_FAILED -> "03/0c/00";
            case NO_SPACE -> "07/27/07";
            case READ_ONLY -> "07/27/00";
            default -> "02/04/00";
        };
        for (Reply reply : List.of(read, write)) {
            assertEquals(ScsiStatus.CHECK_CONDITION, reply.status());
            assertEquals(expected, reply.senseCodes());
            assertEquals(0, reply.transferBytes());
            if (status == StoreStatus.READ_FAILED || status == StoreStatus.WRITE_FAILED) {
                assertEquals(7, reply.information(), "the LBA of the first failed block");
            }
        }
        store.failWith(StoreStatus.OK, 0);
        initiator.in(Cdb.read(5, 8), 8 * BLOCK).good();
    }

    @Test
    void anUnknownPlaceOfAnErrorIsNotMadeUp() {
        store.failWith(StoreStatus.READ_FAILED, -1);
        Reply reply = initiator.in(Cdb.read(5, 1), BLOCK);
        reply.check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        assertEquals(0x70, reply.sense()[0], "VALID is 0");
    }

    @Test
    void anLbaAbove32BitsIsReportedInDescriptorFormatOnly() {
        long blocks = 1L << 40;
        FakeStore hollow = FakeStore.hollow(blocks * BLOCK, FakeStore.properties(false, true));
        Initiator big = Initiator.ready(LogicalUnit.builder("big", hollow).build(), "b");
        big.in(Cdb.read(blocks - 1, 1), BLOCK).good();
        hollow.failWith(StoreStatus.READ_FAILED, (blocks - 1) * BLOCK);
        Reply fixed = big.in(Cdb.read(blocks - 1, 1), BLOCK);
        assertEquals(0x70, fixed.sense()[0], "VALID is 0, since the LBA does not fit");
        byte[] descriptorSense = Cdb.of("00000000 0a0a 04 10 00 40 00 00 ffff 0000");
        big.out(Cdb.modeSelect(6, descriptorSense.length), descriptorSense).good();
        assertEquals(
                blocks - 1,
                big.in(Cdb.read(blocks - 1, 1), BLOCK)
                        .check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR)
                        .information());
    }

    @Test
    void aFlushThatFailsEndsAReadWithFua() {
        initiator.out(Cdb.write(0, 1), random(BLOCK)).good();
        store.failWith(StoreStatus.WRITE_FAILED, 0);
        initiator.in(Cdb.read(10, 0, 1, Cdb.FUA), BLOCK).check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
    }

    /** A store that has shrunk meanwhile, for one: what asks it for a second step is its own thread. */
    @Test
    void aStoreThatRefusesTheSecondStepByAnExceptionLeavesNoCommandWithoutStatus() {
        store.hold();
        Initiator.Pending read = initiator.startIn(Cdb.read(10, 0, 1, Cdb.FUA), BLOCK);
        store.throwing(new IndexOutOfBoundsException("the store has shrunk"));
        assertThrows(IndexOutOfBoundsException.class, store::release);
        read.reply().check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        assertEquals(0, unit.taskCount());
        store.throwing(null);
        initiator.in(Cdb.read(10, 0, 1, Cdb.FUA), BLOCK).good();
    }

    // ---- write protection ----

    @Test
    void aReadOnlyUnitOrStoreRefusesEveryWrite() {
        FakeStore readOnly = new FakeStore(64 * BLOCK, FakeStore.properties(true, false));
        Initiator byStore = Initiator.ready(LogicalUnit.builder("r", readOnly).build(), "b");
        Initiator byUnit =
                Initiator.ready(LogicalUnit.builder("u", store).readOnly(true).build(), "c");
        for (Initiator one : List.of(byStore, byUnit)) {
            for (int cdbBytes : new int[] {6, 10, 12, 16}) {
                one.out(Cdb.write(cdbBytes, 0, 1, 0), random(BLOCK))
                        .check(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
            }
            one.in(Cdb.read(0, 1), BLOCK).good();
            assertEquals(0x90, one.in(Cdb.modeSense(6, 0, 0, 0x3f, 0, 255), 255).u8(2), "WP and DPOFUA");
        }
        assertArrayEquals(new byte[BLOCKS * BLOCK], store.snapshot());
    }

    // ---- abort ----

    @Test
    void anAbortedCommandThatHasNotReachedTheStoreNeverDoes() {
        store.logged();
        Initiator.Pending write = initiator.prepare(Cdb.write(0, 1), DataDirection.OUT, random(BLOCK), BLOCK, BLOCK);
        write.abort();
        initiator.send(write).reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(List.of(), store.log);
    }

    @Test
    void anAbortBetweenTwoStepsOfACommandEndsIt() {
        store.logged();
        store.hold();
        Initiator.Pending read = initiator.startIn(Cdb.read(10, 0, 1, Cdb.FUA), BLOCK);
        read.abort();
        store.release();
        read.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(List.of("flush 0 512"), store.log);
    }

    // ---- block sizes ----

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 4096, 65536})
    void blocksMayBeOfSeveralSizes(int blockBytes) {
        FakeStore other = new FakeStore(64L * blockBytes + 100, FakeStore.properties(false, true));
        LogicalUnit disk =
                LogicalUnit.builder("d", other).blockBytes(blockBytes).build();
        assertEquals(64, disk.blocks(), "a rest that is no block does not count");
        Initiator one = Initiator.ready(disk, "b");
        byte[] data = random(blockBytes);
        one.out(Cdb.write(63, 1), data).good();
        assertArrayEquals(data, one.in(Cdb.read(63, 1), blockBytes).good().data());
        outOfRange(one.in(Cdb.read(64, 1), blockBytes));
        assertArrayEquals(data, Arrays.copyOfRange(other.snapshot(), 63 * blockBytes, 64 * blockBytes));
    }

    @Test
    void whatCannotBeAUnitIsRefusedWithAReason() {
        assertRefused(LogicalUnit.builder("x", store).blockBytes(520), "520");
        assertRefused(LogicalUnit.builder("x", store).blockBytes(256), "512");
        assertRefused(LogicalUnit.builder("x", FakeStore.ofBlocks(1)).blockBytes(4096), "less than a logical block");
        assertRefused(LogicalUnit.builder("x", store).maxTasks(1000), "power of two");
        assertRefused(LogicalUnit.builder("x", store).maxTransferBytes(100), "100 bytes");
        assertThrows(
                IllegalArgumentException.class,
                () -> LogicalUnit.builder("x", store).inquiry("TOO LONG A VENDOR", "P", "1"));
    }

    private static void assertRefused(LogicalUnit.Builder builder, String word) {
        String message =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertEquals(true, message.contains(word), message);
    }
}
