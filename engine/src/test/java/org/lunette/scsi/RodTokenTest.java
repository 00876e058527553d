package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.scsi.copy.CopyManager;
import org.lunette.scsi.copy.WatchedStore;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreStatus;

/** POPULATE TOKEN, WRITE USING TOKEN and RECEIVE ROD TOKEN INFORMATION. */
class RodTokenTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 4096;
    private static final int IMMED = 1;
    private static final int DEL_TKN = 2;
    private static final int RTV = 2;
    private static final long LIST = 0x8000_0001L;

    private final AtomicLong nanos = new AtomicLong();
    private final CopyManager manager = CopyManager.inline(nanos::get);
    private final FakeStore store = FakeStore.thin(BLOCKS);
    private final FakeStore otherStore = FakeStore.ofBlocks(BLOCKS);
    private final FakeStore bigStore = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = unit("one", store, BLOCK);
    private final LogicalUnit other = unit("two", otherStore, BLOCK);
    private final LogicalUnit big = unit("big", bigStore, 4096);
    private final ScsiTarget target = new ScsiTarget("t");
    private final Initiator a;
    private final Initiator b;
    private final byte[] data = new byte[1000 * BLOCK];

    RodTokenTest() {
        target.map(0, unit);
        target.map(1, other);
        target.map(2, big);
        a = initiator("a");
        b = initiator("b");
        new Random(1).nextBytes(data);
        a.out(Cdb.write(0, 1000), data).good();
    }

    private Initiator initiator(String name) {
        Initiator initiator = new Initiator(target, name);
        for (int lun : new int[] {2, 1, 0}) {
            initiator.lun(lun).takeAttentions();
        }
        return initiator;
    }

    @AfterEach
    void memoryIsGivenBack() {
        for (LogicalUnit one : List.of(unit, other, big)) {
            one.close();
        }
        manager.close();
    }

    private LogicalUnit unit(String name, FakeStore on, int blockBytes) {
        return LogicalUnit.builder(name, on)
                .blockBytes(blockBytes)
                .copyManager(manager)
                .build();
    }

    private static byte[] part(byte[] from, int lba, int blocks) {
        return Arrays.copyOfRange(from, lba * BLOCK, (lba + blocks) * BLOCK);
    }

    private static Initiator.Pending startPopulate(Initiator by, int flags, int inactivityS, long... ranges) {
        byte[] list = CopyLists.populate(flags, inactivityS, 0x0080_0000L, CopyLists.ranges(ranges));
        return by.startOut(CopyLists.copy(0x10, LIST, list.length), list);
    }

    private static Reply information(Initiator by) {
        return by.in(CopyLists.receiveToken(LIST), 4096).good();
    }

    private static byte[] token(Initiator by) {
        Reply reply = information(by);
        assertEquals(514, reply.u32(32));
        return Arrays.copyOfRange(reply.data(), 38, 38 + 512);
    }

    private static byte[] populate(Initiator by, long... ranges) {
        startPopulate(by, 0, 0, ranges).reply().good();
        return token(by);
    }

    private static Initiator.Pending startUse(Initiator by, int flags, long offset, byte[] token, long... ranges) {
        byte[] list = CopyLists.using(flags, offset, token, CopyLists.ranges(ranges));
        return by.startOut(CopyLists.copy(0x11, LIST, list.length), list);
    }

    private static Reply use(Initiator by, byte[] token, long... ranges) {
        return startUse(by, 0, 0, token, ranges).reply();
    }

    private static void refusedToken(Reply reply, AdditionalSense additional) {
        reply.check(SenseKey.ILLEGAL_REQUEST, additional);
        assertEquals(0x80, reply.sense()[15] & 0xff);
    }

    /** They would wait for each other: a token for writes that are under way, formatting for all other commands. */
    @Test
    void aTokenThatIsBeingMadeDoesNotWaitForAFormatThatWaitsForIt() {
        AtomicReference<Runnable> atTheToken = new AtomicReference<>();
        CopyManager hooked = CopyManager.inline(() -> {
            Runnable action = atTheToken.getAndSet(null);
            if (action != null) {
                action.run();
            }
            return 0;
        });
        try (LogicalUnit disk =
                LogicalUnit.builder("three", store).copyManager(hooked).build()) {
            Initiator one = Initiator.ready(disk, "one");
            Initiator two = Initiator.ready(disk, "two");
            AtomicReference<Initiator.Pending> format = new AtomicReference<>();
            atTheToken.set(() -> format.set(two.startIn(Cdb.of("04 00 00 00 00 00"), 0)));
            startPopulate(one, 0, 0, 10, 100).reply().good();
            format.get().reply().good();
            refusedToken(use(one, token(one), 500, 100), AdditionalSense.TOKEN_REVOKED);
        }
    }

    // ---- tokens and their use ----

    @Test
    void aTokenIsUsedOnAnotherUnitByAnotherNexus() {
        byte[] token = populate(a, 10, 100, 500, 50);
        Reply reply = information(a);
        assertEquals(0x10, reply.u8(4), "POPULATE TOKEN");
        assertEquals(0x01, reply.u8(5), "completed");
        assertEquals(0xffff_ffffL, reply.u32(8));
        assertEquals(0xf1, reply.u8(15), "blocks");
        assertEquals(150, reply.u64(16));
        assertEquals(2, reply.u16(24), "ranges");
        assertEquals(reply.transferBytes() - 4, reply.u32(0));
        b.lun(1);
        use(b, token, 1000, 120, 0, 30).good();
        byte[] expected = Arrays.copyOf(part(data, 10, 100), 150 * BLOCK);
        System.arraycopy(data, 500 * BLOCK, expected, 100 * BLOCK, 50 * BLOCK);
        assertArrayEquals(Arrays.copyOf(expected, 120 * BLOCK), part(otherStore.snapshot(), 1000, 120));
        assertArrayEquals(Arrays.copyOfRange(expected, 120 * BLOCK, 150 * BLOCK), part(otherStore.snapshot(), 0, 30));
        Reply written = information(b);
        assertEquals(0x11, written.u8(4), "WRITE USING TOKEN");
        assertEquals(0x01, written.u8(5));
        assertEquals(150, written.u64(16));
        assertEquals(2, written.u16(24));
        assertEquals(0, written.u32(32), "no token");
        a.in(CopyLists.receiveToken(LIST + 1), 4096).invalidCdb(2);
        a.in(CopyLists.receive(0, 1), 4096).invalidCdb(2);
    }

    @Test
    void theTokenSaysWhatItStandsFor() {
        ByteBuffer token = ByteBuffer.wrap(populate(a, 10, 100));
        assertEquals(0x0080_0001, token.getInt(0), "point in time copy, change vulnerable");
        assertEquals(504, token.getShort(6));
        assertEquals(0xe4, token.get(16) & 0xff);
        assertEquals(unit.identity().naa(), token.getLong(16 + 8));
        assertEquals(0, token.getLong(48));
        assertEquals(100 * BLOCK, token.getLong(56));
        assertEquals(BLOCK, token.getInt(96));
        assertNotEquals(token, ByteBuffer.wrap(populate(a, 10, 100)), "unguessable");
    }

    @Test
    void anOffsetCountsInBlocksOfTheDestination() {
        byte[] token = populate(a, 0, 64);
        startUse(a.lun(2), 0, 3, token, 7, 5).reply().good();
        assertArrayEquals(part(data, 24, 40), part(bigStore.snapshot(), 56, 40));
        startUse(a.lun(1), 0, 60, token, 0, 4).reply().good();
        assertArrayEquals(part(data, 60, 4), part(otherStore.snapshot(), 0, 4));
        startUse(a, 0, 64, token, 0, 4).reply().invalidParameter(8);
        startUse(a, 0, -1, token, 0, 4).reply().invalidParameter(8);
        byte[] ofBig = populate(a.lun(2), 7, 5);
        startUse(a.lun(1), 0, 3, ofBig, 9, 20).reply().good();
        assertArrayEquals(part(data, 27, 20), part(otherStore.snapshot(), 9, 20));
    }

    @Test
    void whatGoesBeyondTheTokenIsNotWritten() {
        byte[] token = populate(a, 0, 10);
        use(a.lun(1), token, 0, 7, 100, 50).good();
        Reply reply = information(a);
        assertEquals(0x04, reply.u8(5), "completed with residual data");
        assertEquals(10, reply.u64(16));
        assertArrayEquals(part(data, 7, 3), part(otherStore.snapshot(), 100, 3));
        assertArrayEquals(new byte[47 * BLOCK], part(otherStore.snapshot(), 103, 47));
    }

    @Test
    void theZeroTokenWritesZeros() {
        use(a, CopyLists.zeroToken(), 3, 600, 900, 0).good();
        assertArrayEquals(new byte[600 * BLOCK], part(store.snapshot(), 3, 600));
        assertArrayEquals(part(data, 603, 397), part(store.snapshot(), 603, 397));
        assertEquals(600, information(a).u64(16));
    }

    @Test
    void aCommandMayEndBeforeItsCopy() {
        startPopulate(a, IMMED, 0, 0, 1000).reply().good();
        byte[] token = token(a);
        otherStore.hold();
        a.lun(1);
        startUse(a, IMMED, 0, token, 0, 1000).reply().good();
        Reply reply = information(a);
        assertEquals(0x12, reply.u8(5), "in progress in background");
        assertTrue(reply.u32(8) < 10_000);
        startUse(a, 0, 0, token, 0, 1).reply().check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.OPERATION_IN_PROGRESS);
        otherStore.release();
        assertEquals(0x01, information(a).u8(5));
        assertArrayEquals(part(data, 0, 1000), part(otherStore.snapshot(), 0, 1000));
        otherStore.failWith(StoreStatus.WRITE_FAILED, 5 * BLOCK);
        startUse(a, IMMED, 0, token, 0, 1000).reply().good();
        Reply failed = information(a);
        assertEquals(0x02, failed.u8(5));
        assertEquals(ScsiStatus.CHECK_CONDITION.code(), failed.u8(12));
        assertEquals(18, failed.u8(14));
        assertEquals(20, failed.u8(13));
        byte[] sense = Arrays.copyOfRange(failed.data(), 32, 50);
        assertEquals(SenseKey.MEDIUM_ERROR.code(), Sense.key(sense));
    }

    @Test
    void aLostNexusEndsItsCopiesInTheBackground() {
        byte[] token = populate(a, 0, 1000);
        otherStore.hold();
        startUse(a.lun(1), IMMED, 0, token, 0, 1000).reply().good();
        a.close();
        otherStore.logged();
        otherStore.release();
        assertEquals(List.of(), otherStore.log, "no write after the one that was under way");
        use(b.lun(1), token, 0, 1).good();
    }

    @Test
    void anAbortedUseEnds() {
        byte[] token = populate(a, 0, 1000);
        otherStore.hold();
        Initiator.Pending pending = startUse(a.lun(1), 0, 0, token, 0, 1000);
        pending.abort();
        otherStore.release();
        pending.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(0x60, information(a).u8(5), "terminated");
        otherStore.hold();
        Initiator.Pending reset = startUse(a, 0, 0, token, 0, 1000);
        a.startManage(Function.LOGICAL_UNIT_RESET);
        otherStore.release();
        reset.reply().is(ScsiStatus.TASK_ABORTED);
    }

    @Test
    void failuresOfTheSourceAreThirdPartyOnes() {
        byte[] token = populate(a, 0, 10);
        store.failWith(StoreStatus.READ_FAILED, 0);
        use(a.lun(1), token, 0, 10).check(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE);
        store.failWith(StoreStatus.OK, -1);
        otherStore.failWith(StoreStatus.WRITE_FAILED, 3 * BLOCK);
        Reply reply = use(a, token, 0, 10).check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
        assertEquals(3, reply.information());
    }

    // ---- validity ----

    @Test
    void anyChangeOfTheRangeRevokesTheToken() {
        byte[] token = populate(a, 10, 10, 30, 10);
        a.out(Cdb.write(9, 1), new byte[BLOCK]).good();
        a.out(Cdb.write(20, 10), new byte[10 * BLOCK]).good();
        a.out(Cdb.write(40, 1), new byte[BLOCK]).good();
        a.in(Cdb.read(10, 1), BLOCK).good();
        use(a.lun(1), token, 0, 20).good();
        for (int lba : new int[] {10, 19, 30, 39}) {
            byte[] fresh = populate(a.lun(0), 10, 10, 30, 10);
            a.out(Cdb.write(lba, 1), new byte[BLOCK]).good();
            byte[] before = otherStore.snapshot();
            refusedToken(use(a.lun(1), fresh, 0, 20), AdditionalSense.TOKEN_REVOKED);
            assertArrayEquals(before, otherStore.snapshot());
        }
    }

    @Test
    void aChangeDuringTheUseIsNotCopied() {
        byte[] token = populate(a, 0, 1000);
        store.hold(); // the first piece's read
        Initiator.Pending pending = startUse(a.lun(1), 0, 0, token, 0, 1000);
        Initiator.Pending write = b.startOut(Cdb.write(0, 1), new byte[BLOCK]);
        otherStore.logged();
        store.releaseBackwards(); // the write is first
        write.reply().good();
        refusedToken(pending.reply(), AdditionalSense.TOKEN_REVOKED);
        assertEquals(List.of(), otherStore.log);
        Reply reply = information(a);
        assertEquals(0x02, reply.u8(5));
        assertEquals(0, reply.u64(16));
    }

    @Test
    void aTokenIsMadeWhenTheWritesBeforeItHaveEnded() {
        for (int flags : new int[] {0, IMMED}) {
            byte[] written = new byte[BLOCK];
            Arrays.fill(written, (byte) (7 + flags));
            store.hold();
            Initiator.Pending write = b.startOut(Cdb.write(5, 1), written);
            Initiator.Pending populate = startPopulate(a.lun(0), flags, 0, 0, 10);
            assertEquals(flags == IMMED, populate.isDone());
            if (flags == IMMED) {
                assertEquals(0x12, information(a).u8(5));
                assertEquals(0, information(a).u32(32), "no token yet");
            }
            store.release();
            write.reply().good();
            populate.reply().good();
            byte[] token = token(a);
            use(a.lun(1), token, 0, 10).good();
            assertArrayEquals(written, part(otherStore.snapshot(), 5, 1));
        }
    }

    @Test
    void aPopulateThatIsAbortedMakesNoToken() {
        store.hold();
        Initiator.Pending write = b.startOut(Cdb.write(5, 1), new byte[BLOCK]);
        Initiator.Pending populate = startPopulate(a, 0, 0, 0, 10);
        populate.abort();
        store.release();
        write.reply().good();
        populate.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(0, information(a).u32(32));
    }

    @Test
    void aTokenExpiresWhenItIsNotUsed() {
        byte[] token = populate(a, 0, 10);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        use(a.lun(1), token, 0, 1).good();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        use(a, token, 0, 1).good();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60) + 1);
        refusedToken(use(a, token, 0, 1), AdditionalSense.TOKEN_EXPIRED);
        startPopulate(a.lun(0), 0, 1, 0, 10).reply().good();
        byte[] shortLived = token(a);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) + 1);
        refusedToken(use(a.lun(1), shortLived, 0, 1), AdditionalSense.TOKEN_EXPIRED);
        startPopulate(a, 0, 601, 0, 10).reply().invalidParameter(4);
        startPopulate(a, 0, -1, 0, 10).reply().invalidParameter(4);
    }

    @Test
    void aTokenThatIsDeletedOrForgedOrOfAUnitThatIsGoneIsRefused() {
        byte[] token = populate(a, 0, 10);
        a.lun(1);
        startUse(a, DEL_TKN, 0, token, 0, 1).reply().good();
        refusedToken(use(a, token, 0, 1), AdditionalSense.TOKEN_DELETED);
        byte[] forged = populate(a.lun(0), 0, 10);
        a.lun(1);
        for (int at : new int[] {40, 60, 128, 200, 511}) {
            byte[] wrong = forged.clone();
            wrong[at] ^= 1;
            refusedToken(use(a, wrong, 0, 1), AdditionalSense.TOKEN_CORRUPT);
        }
        wrongAt(forged, 8, AdditionalSense.TOKEN_UNKNOWN);
        wrongAt(forged, 7, AdditionalSense.INVALID_TOKEN_LENGTH);
        wrongAt(forged, 3, AdditionalSense.UNSUPPORTED_TOKEN_TYPE);
        use(a, forged, 0, 1).good();
        unit.close();
        refusedToken(use(a, forged, 0, 1), AdditionalSense.TOKEN_CANCELLED);
    }

    private void wrongAt(byte[] token, int at, AdditionalSense additional) {
        byte[] wrong = token.clone();
        wrong[at] ^= 2;
        refusedToken(use(a, wrong, 0, 1), additional);
    }

    @Test
    void tokensAreBounded() {
        byte[] first = populate(a, 0, 10);
        for (int i = 1; i < 256; i++) {
            startPopulate(a, 0, 0, 20, 10).reply().good();
        }
        startPopulate(a, 0, 0, 20, 10)
                .reply()
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_RESOURCES_TO_CREATE_ROD_TOKEN);
        use(a.lun(1), first, 0, 10).good();
        a.lun(0).out(Cdb.write(0, 1), new byte[BLOCK]).good();
        startPopulate(a, 0, 0, 20, 10).reply().good();
        refusedToken(use(a.lun(1), first, 0, 10), AdditionalSense.TOKEN_UNKNOWN);
    }

    // ---- parameter lists ----

    @Test
    void listsThatAreWrongAreRefused() {
        byte[] populate = CopyLists.populate(0, 0, 0, CopyLists.ranges(0, 10, 20, 10));
        byte[] using = CopyLists.using(0, 0, populate(a, 0, 10), CopyLists.ranges(0, 10, 20, 10));
        for (byte[] list : List.of(populate, using)) {
            int action = list == populate ? 0x10 : 0x11;
            int header = list == populate ? 16 : 536;
            for (int length = 1; length < list.length; length += 7) {
                a.out(CopyLists.copy(action, LIST, list.length), Arrays.copyOf(list, length))
                        .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
                a.out(CopyLists.copy(action, LIST, length), list)
                        .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
            }
            a.none(CopyLists.copy(action, LIST, 0)).good();
            changed(action, list, 0, header + 13).invalidParameter(0);
            changed(action, list, header - 2, 15).invalidParameter(header - 2);
            changed(action, list, header - 2, 33).invalidParameter(header - 2);
            changed(action, list, header - 2, 31).good();
            wrongRange(action, list, header, BLOCKS - 9);
            wrongRange(action, list, header, BLOCKS + 1);
            wrongRange(action, list, header, -1);
            wrongRange(action, list, header, Long.MIN_VALUE);
            byte[] overlapping = list.clone();
            ByteBuffer.wrap(overlapping).putLong(header, 29);
            a.out(CopyLists.copy(action, LIST, list.length), overlapping).invalidParameter(header);
        }
        byte[] type = CopyLists.populate(RTV, 0, 0x0001_0000L, CopyLists.ranges(0, 10));
        a.out(CopyLists.copy(0x10, LIST, type.length), type).invalidParameter(8);
    }

    private Reply changed(int action, byte[] list, int at, int value) {
        byte[] wrong = list.clone();
        ByteBuffer.wrap(wrong).putShort(at, (short) value);
        return a.out(CopyLists.copy(action, LIST, list.length), wrong);
    }

    private void wrongRange(int action, byte[] list, int at, long lba) {
        byte[] wrong = list.clone();
        ByteBuffer.wrap(wrong).putLong(at, lba);
        a.out(CopyLists.copy(action, LIST, list.length), wrong)
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
    }

    @Test
    void limitsAreThoseOfTheThirdPartyCopyPage() {
        ByteBuffer limits = descriptor(0x0000);
        int maxRanges = limits.getShort(6);
        long[] ranges = new long[2 * maxRanges];
        Arrays.setAll(ranges, i -> i % 2 == 0 ? i * 3L : 1);
        startPopulate(a, 0, limits.getInt(8), ranges).reply().good();
        startPopulate(a, 0, 0, Arrays.copyOf(ranges, ranges.length + 2))
                .reply()
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.TOO_MANY_SEGMENT_DESCRIPTORS);
        startPopulate(a, 0, limits.getInt(8) + 1, 0, 1).reply().invalidParameter(4);
        long maxBlocks = limits.getLong(16);
        LogicalUnit huge = LogicalUnit.builder("huge", FakeStore.hollow(1L << 40, FakeStore.properties(false, true)))
                .copyManager(manager)
                .build();
        Initiator by = Initiator.ready(huge, "h");
        startPopulate(by, 0, 0, 7, maxBlocks).reply().good();
        startPopulate(by, 0, 0, 7, maxBlocks + 1).reply().invalidParameter(16);
        startUse(by, 0, 0, CopyLists.zeroToken(), 7, maxBlocks + 1).reply().invalidParameter(536);
    }

    /** The contents of a descriptor of VPD page 8Fh. */
    private ByteBuffer descriptor(int type) {
        Reply page = a.in(Cdb.vpd(0x8f, 4096), 4096).good();
        for (int at = 4; at < page.transferBytes(); at += 4 + page.u16(at + 2)) {
            if (page.u16(at) == type) {
                return ByteBuffer.wrap(Arrays.copyOfRange(page.data(), at + 4, at + 4 + page.u16(at + 2)));
            }
        }
        throw new AssertionError("no descriptor " + type);
    }

    @Test
    void thePageListsTheCommandsThatAreThere() {
        ByteBuffer commands = descriptor(0x0001);
        int end = 1 + commands.get();
        List<String> listed = new ArrayList<>();
        while (commands.position() < end) {
            int code = commands.get() & 0xff;
            for (int i = commands.get(); i > 0; i--) {
                listed.add(code + "/" + commands.get());
            }
        }
        List<String> known = unit.opcodes().all().stream()
                .filter(opcode -> opcode.code() == 0x83 || opcode.code() == 0x84)
                .map(opcode -> opcode.code() + "/" + opcode.serviceAction())
                .toList();
        assertEquals(List.copyOf(known), listed);
        assertEquals(64, descriptor(0x0004).getShort(6), "segments");
        assertEquals(0x0080_0001, descriptor(0x0108).getInt(4));
    }

    // ---- many ----

    /** Random tokens and uses between units of two block lengths, at them and at arrays. */
    @Test
    void copiesByTokenAgreeWithArrays() {
        long seed = Seed.OF_THIS_RUN;
        Random random = new Random(seed);
        FakeStore[] stores = {store, otherStore, bigStore};
        int[] blockBytes = {BLOCK, BLOCK, 4096};
        byte[][] arrays = Arrays.stream(stores).map(FakeStore::snapshot).toArray(byte[][]::new);
        for (int round = 0; round < 1000; round++) {
            int from = random.nextInt(3);
            int to = random.nextInt(3);
            String what = "seed " + seed + ", round " + round;
            long[] source = randomRanges(random, BLOCKS * BLOCK / blockBytes[from]);
            long[] destination = randomRanges(random, BLOCKS * BLOCK / blockBytes[to]);
            byte[] represented = gathered(arrays[from], source, blockBytes[from]);
            byte[] token = populate(a.lun(from), source);
            int blocksThere = represented.length / blockBytes[to];
            int offset = random.nextInt(blocksThere + 2);
            Reply reply = startUse(a.lun(to), 0, offset, token, destination).reply();
            if (offset >= blocksThere) {
                reply.invalidParameter(8);
                continue;
            }
            if (reply.status() != ScsiStatus.GOOD) { // it writes to its own source
                assertEquals(from, to, what + ": " + reply);
                refusedToken(reply, AdditionalSense.TOKEN_REVOKED);
                System.arraycopy(stores[to].snapshot(), 0, arrays[to], 0, arrays[to].length);
                continue;
            }
            long moved = scattered(represented, offset, arrays[to], destination, blockBytes[to]);
            assertEquals(moved, information(a).u64(16), what);
            assertArrayEquals(arrays[to], stores[to].snapshot(), what);
        }
    }

    private static long[] randomRanges(Random random, int blocks) {
        long[] ranges = new long[2 * (1 + random.nextInt(4))];
        int part = blocks / (ranges.length / 2);
        for (int i = 0; i < ranges.length; i += 2) { // each in a part of its own, the last part first
            int length = 1 + random.nextInt(Math.min(part, 100));
            ranges[i] = (long) part * (ranges.length / 2 - 1 - i / 2) + random.nextInt(part - length + 1);
            ranges[i + 1] = length;
        }
        return ranges;
    }

    private static byte[] gathered(byte[] array, long[] ranges, int blockBytes) {
        ByteBuffer all = ByteBuffer.allocate(BLOCKS * BLOCK);
        for (int i = 0; i < ranges.length; i += 2) {
            all.put(array, (int) ranges[i] * blockBytes, (int) ranges[i + 1] * blockBytes);
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    /** Returns how many blocks were there to be written. */
    private static long scattered(byte[] represented, int offset, byte[] array, long[] ranges, int blockBytes) {
        int at = offset;
        for (int i = 0; i < ranges.length; i += 2) {
            for (long block = ranges[i]; block < ranges[i] + ranges[i + 1]; block++, at++) {
                if ((at + 1) * blockBytes > represented.length) {
                    return at - offset;
                }
                System.arraycopy(represented, at * blockBytes, array, (int) block * blockBytes, blockBytes);
            }
        }
        return at - offset;
    }

    // ---- races ----

    @Test
    void everyOperationOfAStoreIsWatchedOrHandedOn() {
        for (var method : Store.class.getDeclaredMethods()) {
            assertTrue(
                    method.isSynthetic()
                            || Arrays.stream(WatchedStore.class.getDeclaredMethods())
                                    .anyMatch(own -> own.getName().equals(method.getName())
                                            && Arrays.equals(own.getParameterTypes(), method.getParameterTypes())),
                    method.toString());
        }
    }

    /** Writers fill a range with one value at a time; what a token gives is one that was there when it was made. */
    @Test
    void whileOthersWriteATokenGivesOneStateOrNone() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        ExecutorService device = Executors.newFixedThreadPool(2);
        store.by(device);
        AtomicBoolean ends = new AtomicBoolean();
        int copied = 0;
        try {
            Future<?> writing = executor.submit(() -> {
                byte value = 0;
                while (!ends.get()) {
                    byte[] same = new byte[8 * BLOCK];
                    Arrays.fill(same, value++);
                    b.lun(0).out(Cdb.write(100, 8), same).good();
                    if (value % 4 == 0) {
                        Thread.sleep(1);
                    }
                }
                return null;
            });
            for (int round = 0; round < 2000; round++) {
                byte[] token = populate(a.lun(0), 100, 8);
                List<byte[]> seen = new ArrayList<>();
                a.lun(1);
                for (int i = 0; i < 3; i++) {
                    Reply reply = use(a, token, 8 * i, 8);
                    if (reply.status() == ScsiStatus.GOOD) {
                        seen.add(part(otherStore.snapshot(), 8 * i, 8));
                        copied++;
                    } else {
                        refusedToken(reply, AdditionalSense.TOKEN_REVOKED);
                    }
                }
                for (byte[] one : seen) {
                    assertArrayEquals(seen.get(0), one, "round " + round);
                }
            }
            ends.set(true);
            writing.get(30, TimeUnit.SECONDS);
        } finally {
            ends.set(true);
            executor.shutdownNow();
            device.shutdown();
        }
        assertTrue(copied > 0);
    }
}
