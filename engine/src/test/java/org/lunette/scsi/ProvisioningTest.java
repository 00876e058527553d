package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/** UNMAP, WRITE SAME and GET LBA STATUS, and what the pages say of them. */
public class ProvisioningTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 4096;
    private static final AdditionalSense OUT_OF_RANGE = AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE;

    private final FakeStore store = FakeStore.thin(BLOCKS);
    private final Initiator initiator =
            Initiator.ready(LogicalUnit.builder("disk0", store).build(), "a");
    private final Initiator thick = Initiator.ready(
            LogicalUnit.builder("thick", FakeStore.ofBlocks(BLOCKS)).build(), "b");
    private final byte[] filled = new byte[BLOCKS * BLOCK];

    public ProvisioningTest() {
        new Random(1).nextBytes(filled);
    }

    private void fill() {
        initiator.out(Cdb.write(0, BLOCKS), filled).good();
    }

    /** A parameter list with pairs of LBA and number of blocks. */
    private static byte[] list(long... ranges) {
        ByteBuffer list = ByteBuffer.allocate(8 + 8 * ranges.length);
        list.putShort((short) (6 + 8 * ranges.length)).putShort((short) (8 * ranges.length));
        list.position(8);
        for (int i = 0; i < ranges.length; i += 2) {
            list.putLong(ranges[i]).putInt((int) ranges[i + 1]).putInt(0);
        }
        return list.array();
    }

    private static byte[] unmap(int listBytes) {
        byte[] cdb = Cdb.of("42 00 00000000 00 0000 00");
        ByteBuffer.wrap(cdb).putShort(7, (short) listBytes);
        return cdb;
    }

    private Reply unmap(long... ranges) {
        byte[] list = list(ranges);
        return initiator.out(unmap(list.length), list);
    }

    private static byte[] writeSame(int cdbBytes, long lba, long blocks, int flags) {
        return Cdb.ranged(cdbBytes == 10 ? 0x41 : 0x93, cdbBytes, lba, blocks, flags);
    }

    private static byte[] status(long lba, int allocationBytes) {
        return Cdb.ranged(0x9e, 16, lba, allocationBytes, 0x12);
    }

    private void zeroed(int lba, int blocks) {
        Arrays.fill(filled, lba * BLOCK, (lba + blocks) * BLOCK, (byte) 0);
    }

    // ---- UNMAP ----

    @Test
    void unmappedBlocksReadAsZerosAndOthersStay() {
        fill();
        assertEquals(8 + 3 * 16, unmap(8, 16, 100, 0, 1001, 3).good().transferBytes());
        zeroed(8, 16);
        zeroed(1001, 3);
        assertArrayEquals(filled, store.snapshot());
    }

    @Test
    void neighbouringDescriptorsGiveBackWholePhysicalBlocks() {
        fill();
        long[] ranges = new long[2 * 256];
        for (int i = 0; i < 256; i++) {
            ranges[2 * i] = i;
            ranges[2 * i + 1] = 1;
        }
        unmap(ranges).good();
        Reply reply = initiator.in(status(0, 40), 40).good();
        assertEquals("0 256 1", descriptor(reply, 0));
        assertEquals("256 3840 0", descriptor(reply, 1));
    }

    @Test
    void nothingIsUnmappedIfADescriptorIsWrong() {
        fill();
        unmap(0, 8, BLOCKS, 1).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
        unmap(0, 8, BLOCKS - 1, 2).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
        unmap(0, 8, -1, 1).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
        unmap(0, 8, 1, 0xffff_ffffL).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
        unmap(BLOCKS, 0, 5, 0).good();
        assertArrayEquals(filled, store.snapshot());
    }

    @Test
    void theLimitsOfTheBlockLimitsPageHold() {
        FakeStore hollow =
                FakeStore.hollow(8L << 30, new StoreProperties("fake", false, true, false, 4096, false, true));
        Initiator big = Initiator.ready(LogicalUnit.builder("big", hollow).build(), "c");
        Reply limits = big.in(Cdb.vpd(0xb0, 64), 64).good();
        long most = limits.u32(20);
        long descriptors = limits.u32(24);
        assertEquals(1 << 20, most);
        assertEquals(256, descriptors);
        byte[] full = list(0, most - 1, 0, 1);
        hollow.logged();
        big.out(unmap(full.length), full).good();
        assertEquals("unmap 0 " + (64 << 20), hollow.log.get(0), "in pieces");
        byte[] more = list(0, most, 0, 1);
        big.out(unmap(more.length), more).invalidParameter(8 + 16 + 8);
        byte[] many = list(new long[2 * 257]);
        big.out(unmap(many.length), many).invalidParameter(2);
        byte[] all = list(new long[2 * 256]);
        big.out(unmap(all.length), all).good();
    }

    @Test
    void parameterListsOfAnyLengthAreHandled() {
        fill();
        byte[] list = list(8, 8, 16, 8);
        initiator.none(unmap(0)).good();
        for (int length = 1; length < 8; length++) {
            initiator
                    .out(unmap(length), Arrays.copyOf(list, length))
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        initiator
                .out(unmap(40), Arrays.copyOf(list, 39))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        initiator.out(unmap(8), Arrays.copyOf(list, 8)).good();
        assertArrayEquals(filled, store.snapshot());
        initiator.out(unmap(30), Arrays.copyOf(list, 30)).good();
        zeroed(8, 8);
        assertArrayEquals(filled, store.snapshot(), "a part of a descriptor is ignored");
        byte[] anchor = unmap(list.length);
        anchor[1] = 1;
        initiator.out(anchor, list).invalidCdb(1);
    }

    @Test
    void anUnmapThatOverlapsAnExclusiveCommandWaits() {
        store.hold();
        Initiator.Pending exclusive = initiator.startOut(Cdb.ranged(0x8b, 16, 100, 8, 0), new byte[8 * BLOCK]);
        byte[] list = list(0, 8, 200, 8); // what lies between counts
        Initiator.Pending unmap = initiator.startOut(unmap(list.length), list);
        store.logged();
        store.release();
        exclusive.reply().good();
        unmap.reply().good();
        assertEquals(List.of("write 51200 4096", "unmap 0 4096", "unmap 102400 4096"), store.log);
    }

    @Test
    void afterItsAbortAnUnmapGoesNoFurther() {
        fill();
        store.hold();
        byte[] list = list(0, 8, 200, 8);
        Initiator.Pending unmap = initiator.startOut(unmap(list.length), list);
        unmap.abort();
        store.release();
        unmap.reply().is(ScsiStatus.TASK_ABORTED);
        zeroed(0, 8);
        assertArrayEquals(filled, store.snapshot());
    }

    @Test
    void aFailureInTheMiddleIsReported() {
        store.hold();
        byte[] list = list(0, 8, 200, 8);
        Initiator.Pending unmap = initiator.startOut(unmap(list.length), list);
        store.failWith(StoreStatus.WRITE_FAILED, 200 * BLOCK);
        store.release();
        Reply reply = unmap.reply();
        reply.check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
        assertEquals(200, reply.information());
    }

    // ---- WRITE SAME ----

    @ParameterizedTest
    @ValueSource(ints = {10, 16})
    void oneBlockIsWrittenManyTimes(int cdbBytes) {
        fill();
        byte[] block = Arrays.copyOf(filled, BLOCK);
        for (int[] range : new int[][] {{3, 1}, {100, 128}, {300, 129}, {1000, 1000}}) {
            Reply reply = initiator.out(writeSame(cdbBytes, range[0], range[1], 0), block);
            assertEquals(BLOCK, reply.good().transferBytes());
            for (int i = range[0]; i < range[0] + range[1]; i++) {
                System.arraycopy(block, 0, filled, i * BLOCK, BLOCK);
            }
            assertArrayEquals(filled, store.snapshot());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 16})
    void noBlocksAreAllToTheEndWhereNothingCanBeUnmapped(int cdbBytes) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) 7);
        thick.out(writeSame(cdbBytes, BLOCKS - 700, 0, 0), block).good();
        assertArrayEquals(
                new byte[BLOCK],
                thick.in(Cdb.read(BLOCKS - 701, 1), BLOCK).good().data());
        for (int lba : new int[] {BLOCKS - 700, BLOCKS - 1}) {
            assertArrayEquals(block, thick.in(Cdb.read(lba, 1), BLOCK).good().data());
        }
        assertEquals(0, thick.in(Cdb.vpd(0xb0, 64), 64).good().u8(4), "WSNZ");
        byte[] before = store.snapshot();
        initiator.out(writeSame(cdbBytes, 5, 0, 0), block).invalidCdb(cdbBytes == 10 ? 7 : 10);
        initiator.out(writeSame(cdbBytes, 5, 0, 8), new byte[BLOCK]).invalidCdb(cdbBytes == 10 ? 7 : 10);
        assertArrayEquals(before, store.snapshot());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 16})
    void onlyZerosAreUnmapped(int cdbBytes) {
        fill();
        store.logged();
        initiator.out(writeSame(cdbBytes, 7, 18, 8), new byte[BLOCK]).good();
        assertEquals(List.of("unmap 3584 9216"), store.log);
        zeroed(7, 18);
        byte[] block = new byte[BLOCK];
        block[BLOCK - 1] = 1;
        initiator.out(writeSame(cdbBytes, 100, 1, 8), block).good();
        System.arraycopy(block, 0, filled, 100 * BLOCK, BLOCK);
        assertArrayEquals(filled, store.snapshot());
    }

    @Test
    void withoutDataOutBufferZerosAreWritten() {
        fill();
        assertEquals(0, initiator.none(writeSame(16, 10, 20, 1)).good().transferBytes());
        zeroed(10, 20);
        assertArrayEquals(filled, store.snapshot());
        initiator.none(writeSame(16, 80, 8, 9)).good();
        zeroed(80, 8);
        assertArrayEquals(filled, store.snapshot());
        assertEquals("80 8 1", descriptor(initiator.in(status(80, 24), 24).good(), 0));
        assertEquals("16 64 0", descriptor(initiator.in(status(16, 24), 24).good(), 0));
        thick.none(writeSame(16, 10, 20, 1)).good();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 16})
    void whatIsWrongWithWriteSameIsRefused(int cdbBytes) {
        int blocks = cdbBytes == 10 ? 7 : 10;
        byte[] block = new byte[BLOCK];
        initiator.out(writeSame(cdbBytes, 0, 1, 0), new byte[BLOCK / 2]).invalidCdb(blocks);
        initiator.out(writeSame(cdbBytes, 0, 1, 8), new byte[2 * BLOCK]).invalidCdb(blocks);
        initiator.none(writeSame(cdbBytes, 0, 1, 0)).invalidCdb(blocks);
        for (int flags : new int[] {0x10, 0x18, 0x02, 0x04, 0x20}) {
            initiator.out(writeSame(cdbBytes, 0, 1, flags), block).invalidCdb(1);
        }
        initiator.out(writeSame(cdbBytes, BLOCKS, 0, 0), block).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
        initiator.out(writeSame(cdbBytes, BLOCKS - 1, 2, 0), block).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
        thick.out(writeSame(cdbBytes, 0, 1, 8), block).invalidCdb(1);
        thick.out(writeSame(cdbBytes, 0, 1, 0), block).good();
    }

    @Test
    void theMaximumWriteSameLengthHoldsForAllToTheEndToo() {
        FakeStore hollow = FakeStore.hollow(8L << 30, FakeStore.properties(false, true));
        Initiator big = Initiator.ready(LogicalUnit.builder("big", hollow).build(), "c");
        long most = big.in(Cdb.vpd(0xb0, 64), 64).good().u64(36);
        long end = (8L << 30) / BLOCK;
        byte[] block = new byte[BLOCK];
        big.out(writeSame(16, 5, most + 1, 0), block).invalidCdb(10);
        big.out(writeSame(16, end - most - 1, 0, 0), block).invalidCdb(10);
        hollow.logged();
        big.out(writeSame(16, end - most, 0, 0), block).good();
        assertEquals(most * BLOCK / 65536, hollow.log.size(), "in pieces");
    }

    @Test
    void whereACacheIsSwitchedOffZerosAndSpaceAreDurable() {
        fill();
        byte[] list = Cdb.of("00000000 0812 00" + "00".repeat(17));
        initiator.out(Cdb.modeSelect(6, list.length), list).good();
        unmap(8, 8).good();
        zeroed(8, 8);
        initiator.none(writeSame(16, 100, 10, 1)).good();
        zeroed(100, 10);
        store.losePower();
        assertArrayEquals(filled, store.snapshot());
    }

    // ---- GET LBA STATUS ----

    private static String descriptor(Reply reply, int index) {
        int at = 8 + 16 * index;
        return reply.u64(at) + " " + reply.u32(at + 8) + " " + reply.u8(at + 12);
    }

    @Test
    void theStatusIsThatOfTheStore() {
        initiator.out(Cdb.write(8, 9), new byte[9 * BLOCK]).good();
        initiator.out(Cdb.write(BLOCKS - 1, 1), new byte[BLOCK]).good();
        Reply reply = initiator.in(status(3, 1000), 1000).good();
        assertEquals(8 + 4 * 16 - 4, reply.u32(0));
        assertEquals("3 5 1", descriptor(reply, 0), "from the LBA that was asked for");
        assertEquals("8 16 0", descriptor(reply, 1), "whole physical blocks");
        assertEquals("24 4064 1", descriptor(reply, 2));
        assertEquals("4088 8 0", descriptor(reply, 3));
        assertEquals(8 + 4 * 16, reply.transferBytes());
    }

    @Test
    void asManyExtentsAreToldAsFitAndOneAtLeast() {
        for (int i = 0; i < 500; i += 16) {
            initiator.out(Cdb.write(i, 8), new byte[8 * BLOCK]).good();
        }
        Reply two = initiator.in(status(0, 40), 100).good();
        assertEquals(36, two.u32(0));
        assertEquals(40, two.transferBytes());
        Reply cut = initiator.in(status(0, 4), 100).good();
        assertEquals(20, cut.u32(0));
        assertEquals(4, cut.transferBytes());
        assertEquals(0, initiator.in(status(0, 0), 100).good().transferBytes());
        initiator.in(status(BLOCKS, 24), 24).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
        initiator.in(status(-1, 24), 24).check(SenseKey.ILLEGAL_REQUEST, OUT_OF_RANGE);
    }

    @Test
    void aBlockThatIsPartlyMappedIsMapped() {
        FakeStore pages = FakeStore.thin(BLOCKS);
        LogicalUnit unit = LogicalUnit.builder("d", pages).blockBytes(16 * 1024).build();
        Initiator other = Initiator.ready(unit, "c");
        other.out(Cdb.write(1, 4), new byte[4 * 16 * 1024]).good();
        pages.unmap(20 * 1024, 40 * 1024, (how, where) -> {}); // from within block 1 to within block 3
        Reply reply = other.in(status(0, 200), 200).good();
        assertEquals("0 1 1", descriptor(reply, 0));
        assertEquals("1 1 0", descriptor(reply, 1));
        assertEquals("2 1 1", descriptor(reply, 2));
        assertEquals("3 2 0", descriptor(reply, 3));
        assertEquals("5 123 1", descriptor(reply, 4));
    }

    @Test
    void anExtentThatNoDescriptorCanTellOfIsToldInParts() {
        Initiator huge = Initiator.ready(
                LogicalUnit.builder("d", FakeStore.hollow(512L << 33, FakeStore.properties(false, true)))
                        .build(),
                "c");
        Reply reply = huge.in(status(1, 200), 200).good();
        assertEquals("1 4294967295 0", descriptor(reply, 0));
        assertEquals("4294967296 4294967295 0", descriptor(reply, 1));
        assertEquals("8589934591 1 0", descriptor(reply, 2));
        assertEquals(8 + 3 * 16, reply.transferBytes());
    }

    // ---- what is said of it ----

    @Test
    void thePagesTellThinFromThick() {
        Reply thin = initiator.in(Cdb.vpd(0xb2, 64), 64).good();
        assertEquals("00 b2 00 04 03 e4 02 00", thin.hex());
        Reply limits = initiator.in(Cdb.vpd(0xb0, 64), 64).good();
        assertEquals(1, limits.u8(4), "WSNZ");
        assertEquals(8, limits.u32(28), "granularity");
        assertEquals(0x8000_0000L, limits.u32(32), "alignment, valid");
        byte[] capacity = Cdb.of("9e 10 0000000000000000 00000020 00 00");
        assertEquals(0xc0, initiator.in(capacity, 32).good().u8(14), "LBPME, LBPRZ");
        assertEquals(0, thick.in(capacity, 32).good().u8(14));
        assertEquals(
                "00 b2 00 04 00 00 00 00",
                thick.in(Cdb.vpd(0xb2, 64), 64).good().hex());
        Reply none = thick.in(Cdb.vpd(0xb0, 64), 64).good();
        assertEquals(0, none.u64(20), "no UNMAP");
        assertEquals(0, none.u64(28));
        byte[] list = list(0, 1);
        thick.out(unmap(list.length), list)
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        assertEquals("0 4096 0", descriptor(thick.in(status(0, 24), 24).good(), 0));
        assertFalse(unmaps(thick));
        assertTrue(unmaps(initiator));
    }

    /** Whether the usage data of WRITE SAME(16) has UNMAP. */
    private static boolean unmaps(Initiator of) {
        Reply reply = of.in(Cdb.of("a3 0c 01 93 0000 00000040 00 00"), 64).good();
        return (reply.u8(5) & 8) != 0;
    }
}
