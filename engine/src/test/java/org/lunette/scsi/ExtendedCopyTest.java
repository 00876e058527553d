package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.copy.CopyManager;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

class ExtendedCopyTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 4096;
    private static final int BIG_BLOCK = 4096;
    private static final int OWN = 0xffff;

    private final CopyManager manager = CopyManager.inline();
    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final FakeStore otherStore = FakeStore.ofBlocks(BLOCKS);
    private final FakeStore bigStore = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = unit("one", store, BLOCK);
    private final LogicalUnit other = unit("two", otherStore, BLOCK);
    private final LogicalUnit big = unit("big", bigStore, BIG_BLOCK);
    private final ScsiTarget target = new ScsiTarget("t");
    private final Initiator initiator;
    private final List<byte[]> cscds =
            List.of(CopyLists.cscd(unit, false), CopyLists.cscd(other, false), CopyLists.cscd(big, false));
    private final byte[] data = new byte[1000 * BLOCK];

    ExtendedCopyTest() {
        target.map(0, unit);
        target.map(1, other);
        target.map(2, big);
        initiator = new Initiator(target, "a");
        for (int lun : new int[] {2, 1, 0}) {
            initiator.lun(lun).takeAttentions();
        }
        new Random(1).nextBytes(data);
        initiator.out(Cdb.write(0, 1000), data).good();
    }

    private LogicalUnit unit(String name, FakeStore on, int blockBytes) {
        return LogicalUnit.builder(name, on)
                .blockBytes(blockBytes)
                .copyManager(manager)
                .build();
    }

    @AfterEach
    void memoryIsGivenBack() {
        for (LogicalUnit one : List.of(unit, other, big)) {
            one.close();
        }
        manager.close();
        assertEquals(0, RegionCounts.openBytes("scsi-copy"));
    }

    private Initiator.Pending start(byte[] list) {
        return initiator.startOut(CopyLists.copy(0, 0, list.length), list);
    }

    private Reply copy(byte[]... segments) {
        return start(CopyLists.list(1, CopyLists.HOLD, cscds, List.of(segments)))
                .reply();
    }

    private Reply status(int list) {
        return initiator.in(CopyLists.receive(0, list), 4096);
    }

    private static byte[] part(byte[] from, int lba, int blocks) {
        return Arrays.copyOfRange(from, lba * BLOCK, (lba + blocks) * BLOCK);
    }

    /** Fails unless a copy was aborted, with the segment and the field that it points to. */
    private static void aborted(Reply reply, AdditionalSense additional, int segment, int flags, int field) {
        reply.check(SenseKey.COPY_ABORTED, additional);
        ByteBuffer sense = ByteBuffer.wrap(reply.sense());
        assertEquals(segment, sense.getInt(8), "COMMAND-SPECIFIC INFORMATION: the segment");
        assertEquals(flags, reply.sense()[15] & 0xff, reply::toString);
        assertEquals(field, sense.getShort(16), "the segment pointer");
    }

    @Test
    void blocksAreCopiedWithinAUnitAndToOthers() {
        copy(CopyLists.segment(0, 0, 0, 1000, 0, 2000), CopyLists.segment(0, 0, 1, 700, 300, 9))
                .good();
        assertArrayEquals(data, part(store.snapshot(), 2000, 1000));
        assertArrayEquals(part(data, 300, 700), part(otherStore.snapshot(), 9, 700));
        assertArrayEquals(new byte[9 * BLOCK], part(otherStore.snapshot(), 0, 9));
        copy(CopyLists.segment(0, 1, OWN, 5, 9, 3500)).good();
        assertArrayEquals(part(data, 300, 5), part(store.snapshot(), 3500, 5));
    }

    @Test
    void anOverlappingCopyIsOfWhatWasThereBefore() {
        byte[] before = store.snapshot();
        copy(CopyLists.segment(0, 0, 0, 1500, 0, 700)).good();
        assertArrayEquals(part(before, 0, 1500), part(store.snapshot(), 700, 1500));
        before = store.snapshot();
        copy(CopyLists.segment(0, 0, OWN, 1500, 700, 1)).good();
        assertArrayEquals(part(before, 700, 1500), part(store.snapshot(), 1, 1500));
    }

    @Test
    void anyDesignatorOfThePageNamesTheUnit() {
        Reply page = initiator.lun(1).in(Cdb.vpd(0x83, 512), 512).good();
        int length = page.u8(4 + 3);
        assertEquals(40, length, "the first designator is too long for a descriptor; the second is tried");
        int at = 4 + 4 + length;
        byte[] cscd = CopyLists.cscd(other, false);
        System.arraycopy(page.data(), at, cscd, 4, 4 + page.u8(at + 3));
        byte[] list = CopyLists.list(
                1, CopyLists.HOLD, List.of(cscds.get(0), cscd), List.of(CopyLists.segment(0, 0, 1, 8, 0, 0)));
        initiator.lun(0).out(CopyLists.copy(0, 0, list.length), list).good();
        assertArrayEquals(part(data, 0, 8), part(otherStore.snapshot(), 0, 8));
    }

    // ---- blocks of different lengths ----

    @Test
    void blocksOfDifferentLengthsAreCopiedByBytes() {
        copy(CopyLists.segment(0, 0, 2, 800, 8, 3)).good();
        assertArrayEquals(part(data, 8, 800), part(bigStore.snapshot(), 24, 800));
        copy(CopyLists.segment(0, 2, 1, 100, 3, 1), CopyLists.segment(2, 0, 2, 10, 0, 200))
                .good();
        assertArrayEquals(part(data, 8, 800), part(otherStore.snapshot(), 1, 800));
        assertArrayEquals(part(data, 0, 80), part(bigStore.snapshot(), 1600, 80));
        copy(CopyLists.segmentOfBytes(0, 0, 1, 7 * BLOCK, 5, 100, 2000)).good();
        byte[] expected = Arrays.copyOfRange(data, 5 * BLOCK + 100, 12 * BLOCK + 100);
        assertArrayEquals(expected, part(otherStore.snapshot(), 2000, 7));
    }

    @Test
    void whatDoesNotFillABlockIsAnErrorOrPaddedOrDiscarded() {
        aborted(copy(CopyLists.segment(0, 0, 2, 9, 0, 0)), AdditionalSense.UNEXPECTED_INEXACT_SEGMENT, 0, 0xa0, 10);
        aborted(copy(CopyLists.segment(2, 2, 1, 9, 0, 0)), AdditionalSense.UNEXPECTED_INEXACT_SEGMENT, 0, 0xa0, 10);
        List<byte[]> padding = List.of(CopyLists.cscd(unit, false), cscds.get(1), CopyLists.cscd(big, true));
        byte[] ones = new byte[16 * BLOCK];
        Arrays.fill(ones, (byte) 1);
        initiator.lun(2).out(Cdb.write(0, 2), ones).good();
        initiator.lun(0);
        start(CopyLists.list(0, 3, padding, List.of(CopyLists.segment(0, 0, 2, 9, 0, 0))))
                .reply()
                .good();
        byte[] padded = Arrays.copyOf(part(data, 0, 9), 16 * BLOCK);
        assertArrayEquals(padded, part(bigStore.snapshot(), 0, 16));
        start(CopyLists.list(0, 3, padding, List.of(CopyLists.segment(2, 2, 1, 9, 0, 50))))
                .reply()
                .good();
        assertArrayEquals(part(data, 0, 9), part(otherStore.snapshot(), 50, 9));
        assertArrayEquals(new byte[7 * BLOCK], part(otherStore.snapshot(), 59, 7));
    }

    @Test
    void withCatWhatIsLeftOverComesBeforeTheNextSegment() {
        copy(
                        CopyLists.segment(1, 0, 2, 3, 0, 90),
                        CopyLists.segment(1, 0, 2, 7, 3, 0),
                        CopyLists.segment(1, 0, 2, 6, 10, 1))
                .good();
        assertArrayEquals(part(data, 0, 16), part(bigStore.snapshot(), 0, 16));
        copy(CopyLists.segment(3, 2, 1, 3, 0, 0), CopyLists.segment(2, 2, 1, 13, 1, 3))
                .good();
        assertArrayEquals(part(data, 0, 16), part(otherStore.snapshot(), 0, 16));
        aborted(copy(CopyLists.segment(1, 0, 2, 3, 0, 90)), AdditionalSense.UNEXPECTED_INEXACT_SEGMENT, 0, 0xa0, 10);
    }

    // ---- what is refused before anything is copied ----

    @Test
    void aListThatIsCutIsRefused() {
        byte[] list = CopyLists.list(1, 0, cscds, List.of(CopyLists.segment(0, 0, 1, 1, 0, 0)));
        for (int length = 1; length < list.length; length++) {
            initiator
                    .out(CopyLists.copy(0, 0, length), list)
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
            initiator
                    .out(CopyLists.copy(0, 0, list.length), Arrays.copyOf(list, length))
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        initiator.none(CopyLists.copy(0, 0, 0)).good();
        initiator
                .none(CopyLists.copy(0, 0, 16))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        start(CopyLists.list(1, 0, List.of(), List.of())).reply().good();
        assertArrayEquals(new byte[BLOCKS * BLOCK], otherStore.snapshot());
    }

    @Test
    void limitsAreThoseThatOperatingParametersTell() {
        Reply limits = initiator.in(CopyLists.receive(3, 0), 4096).good();
        int maxCscds = limits.u16(8);
        int maxSegments = limits.u16(10);
        long maxSegmentBytes = limits.u32(16);
        byte[] nothing = CopyLists.segment(0, 0, 0, 0, 0, 0);
        byte[] most = CopyLists.list(
                1,
                0,
                Collections.nCopies(maxCscds, cscds.get(0)),
                Collections.nCopies(maxSegments, CopyLists.segmentOfBytes(0, 0, 0, 0, 0, 0, 0)));
        assertEquals(limits.u32(12), most.length - CopyLists.HEADER_BYTES);
        start(most).reply().good();
        start(CopyLists.list(1, 0, Collections.nCopies(maxCscds + 1, cscds.get(0)), List.of(nothing)))
                .reply()
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.TOO_MANY_TARGET_DESCRIPTORS);
        start(CopyLists.list(1, 0, cscds, Collections.nCopies(maxSegments + 1, nothing)))
                .reply()
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.TOO_MANY_SEGMENT_DESCRIPTORS);
        List<byte[]> longest = new ArrayList<>(Collections.nCopies(maxCscds, cscds.get(0)));
        longest.add(cscds.get(0));
        start(CopyLists.list(
                        1, 0, longest, Collections.nCopies(maxSegments, CopyLists.segmentOfBytes(0, 0, 0, 0, 0, 0, 0))))
                .reply()
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        aborted(
                copy(CopyLists.segmentOfBytes(0, 0, 1, (int) maxSegmentBytes + BLOCK, 0, 0, 0)),
                AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST,
                0,
                0xa0,
                8);
        assertEquals(limits.transferBytes(), 44 + limits.u8(43));
        assertEquals("02 0a e4", limits.hex().substring(3 * 44));
        assertEquals(1, limits.u8(4), "SNLID");
        assertEquals(limits.transferBytes() - 4, limits.u32(0));
    }

    @Test
    void whatIsNotServedIsRefusedAtItsPlace() {
        byte[] segment = CopyLists.segment(0, 0, 1, 1, 0, 0);
        byte[] list = CopyLists.list(1, 0, cscds, List.of(segment));
        refused(list, 48, 0xe0, AdditionalSense.UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE, 48);
        refused(list, 48 + 7, 21, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, 55);
        refused(list, 112, 0x03, AdditionalSense.UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE, 112);
        refused(list, 115, 25, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, 114);
        refused(list, 15, 1, AdditionalSense.INLINE_DATA_LENGTH_EXCEEDED, 12);
        refused(list, 1, 0x08, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, 1);
        refused(list, 1, 0x18, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, 0);
        refused(list, 3, 95, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, 2);
        byte[] offset = CopyLists.segmentOfBytes(0, 0, 1, BLOCK, 0, 0, 0);
        refused(
                CopyLists.list(1, 0, cscds, List.of(offset)),
                112 + 31,
                1,
                AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST,
                112 + 30);
        status(1).invalidCdb(2);
    }

    private void refused(byte[] list, int at, int value, AdditionalSense additional, int field) {
        byte[] wrong = list.clone();
        wrong[at] = (byte) value;
        Reply reply = start(wrong).reply();
        reply.check(SenseKey.ILLEGAL_REQUEST, additional);
        assertEquals(0x80, reply.sense()[15] & 0xc0);
        assertEquals(field, ByteBuffer.wrap(reply.sense()).getShort(16), additional::toString);
    }

    // ---- what is found out while segments are processed ----

    @Test
    void aSegmentThatCannotBeDoneEndsTheCopyThere() {
        byte[] good = CopyLists.segment(0, 0, 1, 1, 0, 0);
        aborted(copy(good, CopyLists.segment(0, 0, 3, 1, 0, 0)), AdditionalSense.UNREACHABLE_COPY_TARGET, 1, 0xa0, 6);
        assertArrayEquals(part(data, 0, 1), part(otherStore.snapshot(), 0, 1));
        Reply status = status(1).good();
        assertEquals(2, status.u8(4), "completed with errors");
        assertEquals(1, status.u16(5), "segments processed");
        assertEquals(BLOCK, status.u32(8));
        aborted(
                copy(CopyLists.segment(0, 0, 1, 2, 0, BLOCKS - 1)),
                AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION,
                0,
                0xa0,
                20);
        aborted(
                copy(CopyLists.segment(0, 0, 1, 1, -1L, 0)),
                AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION,
                0,
                0xa0,
                12);
        aborted(
                copy(CopyLists.segment(0, 0, 1, 1, Long.MIN_VALUE, 0)),
                AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION,
                0,
                0xa0,
                12);
        aborted(
                copy(CopyLists.segmentOfBytes(0, 0, 1, BLOCK, BLOCKS - 1, 1, 0)),
                AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION,
                0,
                0xa0,
                12);
        aborted(
                copy(CopyLists.segmentOfBytes(0, 0, 1, BLOCK, 0, BLOCK, 0)),
                AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST,
                0,
                0xa0,
                28);
    }

    @Test
    void aUnitThatIsNotThereOrIsAnotherThanItShouldBe() {
        byte[] segment = CopyLists.segment(0, 0, 1, 1, 0, 0);
        byte[] list = CopyLists.list(1, 0, cscds, List.of(segment));
        list[48 + 15] ^= 1; // the designator
        aborted(start(list).reply(), AdditionalSense.COPY_TARGET_DEVICE_NOT_REACHABLE, 0, 0x80, 48);
        list[48 + 15] ^= 1;
        list[48 + 1] = 1; // a tape
        aborted(start(list).reply(), AdditionalSense.INCORRECT_COPY_TARGET_DEVICE_TYPE, 0, 0x80, 49);
        list[48 + 1] = (byte) 0xe0; // obsolete bits
        list[48 + 30] = 16;
        aborted(start(list).reply(), AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, 0, 0x80, 48 + 29);
        list[48 + 30] = 0;
        start(list).reply().good();
        other.close();
        aborted(start(list).reply(), AdditionalSense.COPY_TARGET_DEVICE_NOT_REACHABLE, 0, 0x80, 48);
    }

    @Test
    void twoUnitsOfOneIdentityAreNotBothRegistered() {
        LogicalUnit.Builder twin = LogicalUnit.builder("twin", store)
                .identity(Identity.of("", "one"))
                .copyManager(manager);
        assertThrows(IllegalArgumentException.class, twin::build);
        unit.close();
        twin.build().close();
    }

    @Test
    void aFailureOfAStoreIsForwarded() {
        for (boolean source : new boolean[] {true, false}) {
            (source ? store : otherStore)
                    .failWith(source ? StoreStatus.READ_FAILED : StoreStatus.WRITE_FAILED, 7 * BLOCK);
            Reply reply = copy(CopyLists.segment(0, 0, 1, 0, 0, 0), CopyLists.segment(0, 0, 1, 10, 0, 0));
            reply.check(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE);
            assertEquals(1, ByteBuffer.wrap(reply.sense()).getShort(10), "the segment");
            int at = reply.sense()[source ? 8 : 9];
            assertEquals(18, at);
            assertEquals(0, reply.sense()[source ? 9 : 8]);
            assertEquals(reply.sense().length - 8, reply.sense()[7]);
            assertEquals(ScsiStatus.CHECK_CONDITION.code(), reply.sense()[at]);
            byte[] theirs = Arrays.copyOfRange(reply.sense(), at + 1, reply.sense().length);
            assertEquals(SenseKey.MEDIUM_ERROR.code(), Sense.key(theirs));
            assertEquals(7, ByteBuffer.wrap(theirs).getInt(3), "the LBA");
            Reply details = initiator.in(CopyLists.receive(4, 1), 4096).good();
            assertEquals(2, details.u8(56));
            assertEquals(reply.sense().length, details.u16(58));
            assertArrayEquals(reply.sense(), Arrays.copyOfRange(details.data(), 60, details.data().length));
            store.failWith(StoreStatus.OK, -1);
            otherStore.failWith(StoreStatus.OK, -1);
        }
    }

    @Test
    void aStoreThatThrowsCostsNothingForLater() {
        for (int i = 0; i < 20; i++) {
            otherStore.throwing(new IllegalStateException("broken"));
            copy(CopyLists.segment(0, 0, 1, 10, 0, 0))
                    .check(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE);
        }
        otherStore.throwing(null);
        copy(CopyLists.segment(0, 0, 1, 10, 0, 0)).good();
    }

    @Test
    void protectionAndReservationsOfTheDestinationCount() {
        byte[] segment = CopyLists.segment(0, 0, 1, 1, 0, 0);
        Initiator holder = new Initiator(target, "b");
        holder.lun(1).takeAttentions();
        holder.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 5)).good();
        holder.out(Cdb.reserveOut(1, 1), Cdb.keys(5, 0)).good(); // write exclusive
        Reply reply = copy(segment).check(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE);
        assertEquals(ScsiStatus.RESERVATION_CONFLICT.code(), reply.sense()[reply.sense()[9]]);
        copy(CopyLists.segment(0, 1, 0, 1, 0, 0)).good();
        holder.out(Cdb.reserveOut(2, 1), Cdb.keys(5, 0)).good();
        copy(segment).good();
        holder.lun(0).takeAttentions();
        holder.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 5)).good();
        holder.out(Cdb.reserveOut(1, 1), Cdb.keys(5, 0)).good();
        copy(CopyLists.segment(0, 1, 2, 8, 0, 0)).is(ScsiStatus.RESERVATION_CONFLICT);
    }

    @Test
    void aUnitThatMayNotBeWrittenIsASourceOnly() {
        LogicalUnit fixed = LogicalUnit.builder("fixed", otherStore)
                .readOnly(true)
                .copyManager(manager)
                .build();
        Initiator reader = Initiator.ready(fixed, "r");
        List<byte[]> both = List.of(cscds.get(0), CopyLists.cscd(fixed, false));
        byte[] in = CopyLists.list(1, 0, both, List.of(CopyLists.segment(0, 0, 1, 1, 0, 0)));
        Reply reply = reader.out(CopyLists.copy(0, 0, in.length), in);
        reply.check(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE);
        assertEquals(SenseKey.DATA_PROTECT.code(), reply.sense()[reply.sense()[9] + 1 + 2]);
        byte[] out = CopyLists.list(1, 0, both, List.of(CopyLists.segment(0, 1, 0, 1, 0, 0)));
        reader.out(CopyLists.copy(0, 0, out.length), out).good();
        fixed.close();
    }

    @Test
    void attentionsOfTheDestinationStayForWhoTheyAreFor() {
        other.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.ALL);
        copy(CopyLists.segment(0, 0, 1, 1, 0, 0)).good();
        initiator.lun(1).none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        unit.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.ALL);
        initiator.lun(0);
        copy(CopyLists.segment(0, 0, 1, 1, 0, 0)).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
    }

    // ---- while it is under way ----

    @Test
    void aCopyUnderWayTellsHowFarItIs() {
        store.hold();
        Initiator.Pending pending = start(CopyLists.list(7, 0, cscds, List.of(CopyLists.segment(0, 0, 1, 1000, 0, 0))));
        assertFalse(pending.isDone());
        assertEquals(0, status(7).good().u8(4), "in progress");
        initiator.in(CopyLists.receive(4, 7), 4096).invalidCdb(2);
        start(CopyLists.list(7, 0, cscds, List.of()))
                .reply()
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.OPERATION_IN_PROGRESS);
        Initiator stranger = new Initiator(target, "b");
        stranger.lun(0).takeAttentions();
        stranger.in(CopyLists.receive(0, 7), 4096).invalidCdb(2);
        store.release();
        pending.reply().good();
        Reply status = status(7).good();
        assertEquals(1, status.u8(4));
        assertEquals(1, status.u16(5));
        assertEquals(0, status.u8(7), "bytes");
        assertEquals(1000 * BLOCK, status.u32(8));
        assertEquals(8, status.u32(0));
        assertEquals(0, initiator.in(CopyLists.receive(4, 7), 4096).good().u32(0), "no failure");
    }

    @Test
    void resultsAreKeptAsTheListSays() {
        byte[] segment = CopyLists.segment(0, 0, 1, 1, 0, 0);
        start(CopyLists.list(1, CopyLists.DISCARD, cscds, List.of(segment)))
                .reply()
                .good();
        status(1).invalidCdb(2);
        start(CopyLists.list(0, CopyLists.NO_LIST_IDENTIFIER, cscds, List.of(segment)))
                .reply()
                .good();
        status(0).invalidCdb(2);
        for (int id = 0; id < 40; id++) {
            start(CopyLists.list(id, CopyLists.HOLD, cscds, List.of(segment)))
                    .reply()
                    .good();
        }
        status(7).invalidCdb(2);
        for (int id = 8; id < 40; id++) {
            status(id).good();
        }
        initiator.manage(Function.LOGICAL_UNIT_RESET);
        initiator.takeAttentions();
        status(39).invalidCdb(2);
        start(CopyLists.list(1, CopyLists.HOLD, cscds, List.of(segment)))
                .reply()
                .good();
        target.nexusLost(initiator.nexus());
        target.nexusEstablished(initiator.nexus());
        initiator.takeAttentions();
        status(1).invalidCdb(2);
    }

    @Test
    void moreCopiesThanThereMayBeAreBusy() {
        store.hold();
        List<Initiator.Pending> pending = new ArrayList<>();
        byte[] list =
                CopyLists.list(0, CopyLists.NO_LIST_IDENTIFIER, cscds, List.of(CopyLists.segment(0, 0, 1, 1, 0, 0)));
        for (int i = 0; i < 16; i++) {
            pending.add(start(list));
        }
        start(list).reply().is(ScsiStatus.BUSY);
        store.release();
        pending.forEach(one -> one.reply().good());
        start(list).reply().good();
    }

    @Test
    void anAbortedCopyEndsAfterThePieceThatIsUnderWay() {
        store.hold();
        Initiator.Pending pending = start(CopyLists.list(1, 0, cscds, List.of(CopyLists.segment(0, 0, 1, 1000, 0, 0))));
        pending.abort();
        otherStore.logged();
        store.release();
        pending.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(List.of(), otherStore.log);
        initiator.send(aborted(CopyLists.list(1, 0, cscds, List.of()))).reply().is(ScsiStatus.TASK_ABORTED);
    }

    private Initiator.Pending aborted(byte[] list) {
        Initiator.Pending pending =
                initiator.prepare(CopyLists.copy(0, 0, list.length), DataDirection.OUT, list, list.length, list.length);
        pending.abort();
        return pending;
    }

    @Test
    void aResetOfEitherUnitEndsTheCopy() throws Exception {
        for (int lun : new int[] {0, 1}) {
            otherStore.hold();
            Initiator.Pending pending =
                    start(CopyLists.list(1, 0, cscds, List.of(CopyLists.segment(0, 0, 1, 1000, 0, 0))));
            var reset = initiator.lun(lun).startManage(Function.LOGICAL_UNIT_RESET);
            initiator.lun(0);
            otherStore.release();
            if (lun == 0) {
                pending.reply().is(ScsiStatus.TASK_ABORTED);
            } else {
                pending.reply().check(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE);
            }
            assertEquals(Response.FUNCTION_COMPLETE, reset.get());
            initiator.takeAttentions();
            assertEquals(0, unit.taskCount());
            assertEquals(0, other.taskCount());
        }
    }

    @Test
    void aUnitIsClosedWhenTheCopiesThatUseItHaveEnded() throws Exception {
        store.hold();
        Initiator.Pending pending = start(CopyLists.list(1, 0, cscds, List.of(CopyLists.segment(0, 0, 1, 1000, 0, 0))));
        Thread closing = new Thread(other::close);
        closing.start();
        closing.join(100);
        assertTrue(closing.isAlive());
        store.release();
        pending.reply().check(SenseKey.COPY_ABORTED, AdditionalSense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        closing.join(10_000);
        assertFalse(closing.isAlive());
    }

    // ---- many ----

    @Test
    void aLongCopyNeitherRecursesNorWaitsForAThread() {
        FakeStore hollow = FakeStore.hollow(1L << 40, FakeStore.properties(false, true));
        LogicalUnit endless = LogicalUnit.builder("endless", hollow)
                .maxTransferBytes(BLOCK)
                .copyManager(manager)
                .build();
        List<byte[]> one = List.of(CopyLists.cscd(endless, false));
        byte[] list = CopyLists.list(1, 0, one, List.of(CopyLists.segment(0, 0, 0, 0xffff, 0, 1 << 20)));
        Initiator.ready(endless, "e")
                .out(CopyLists.copy(0, 0, list.length), list)
                .good();
        endless.close();
    }

    @Test
    void aManagerWithThreadsHoldsUpNobodyAndEndsWithItsCopies() {
        CopyManager threaded = CopyManager.threaded();
        FakeStore from = FakeStore.ofBlocks(BLOCKS);
        LogicalUnit apart =
                LogicalUnit.builder("apart", from).copyManager(threaded).build();
        Initiator by = Initiator.ready(apart, "t");
        by.out(Cdb.write(0, 1000), data).good();
        byte[] list = CopyLists.list(
                0, 3, List.of(CopyLists.cscd(apart, false)), List.of(CopyLists.segment(0, 0, 0, 1000, 0, 2000)));
        List<Initiator.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            pending.add(by.startOut(CopyLists.copy(0, 0, list.length), list));
        }
        pending.forEach(one -> one.reply().good());
        assertArrayEquals(data, part(from.snapshot(), 2000, 1000));
        apart.close();
        threaded.close();
        assertEquals(0, RegionCounts.openBytes("scsi-copy"));
    }

    @Test
    void copiesOnAsynchronousStoresAgreeWithArrays() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            store.by(executor);
            otherStore.by(executor);
            bigStore.by(executor);
            randomCopies(300);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void copiesAgreeWithArrays() {
        randomCopies(3000);
    }

    /** Random segments between three units of two block lengths, at them and at three arrays. */
    private void randomCopies(int rounds) {
        long seed = Seed.OF_THIS_RUN;
        Random random = new Random(seed);
        FakeStore[] stores = {store, otherStore, bigStore};
        int[] blockBytes = {BLOCK, BLOCK, BIG_BLOCK};
        byte[][] arrays = Arrays.stream(stores).map(FakeStore::snapshot).toArray(byte[][]::new);
        for (int round = 0; round < rounds; round++) {
            List<byte[]> segments = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                int source = random.nextInt(3);
                int destination = random.nextInt(3);
                int bytes = random.nextInt(40) * BIG_BLOCK;
                int from = random.nextInt((BLOCKS * BLOCK - bytes) / blockBytes[source]);
                int to = random.nextInt((BLOCKS * BLOCK - bytes) / blockBytes[destination]);
                boolean dc = random.nextBoolean();
                int blocks = bytes / blockBytes[dc ? destination : source];
                segments.add(CopyLists.segment(dc ? 2 : 0, source, destination, blocks, from, to));
                byte[] moved = Arrays.copyOfRange(
                        arrays[source], from * blockBytes[source], from * blockBytes[source] + bytes);
                System.arraycopy(moved, 0, arrays[destination], to * blockBytes[destination], bytes);
            }
            Reply reply = copy(segments.toArray(byte[][]::new));
            assertEquals(ScsiStatus.GOOD, reply.status(), "seed " + seed + ", round " + round + ": " + reply);
        }
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(arrays[i], stores[i].snapshot(), "unit " + i + ", seed " + seed);
        }
    }
}
