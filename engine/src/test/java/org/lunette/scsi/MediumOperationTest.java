package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

/** FORMAT UNIT and SANITIZE: what they do, and what goes on and what does not while they do it. */
@Timeout(60)
public class MediumOperationTest {
    private static final int BLOCK = 512;
    /** Three pieces, the last a short one. */
    private static final int BLOCKS = 2 * 2048 + 100;

    private static final int IMMED = 0x80;
    private static final int AUSE = 0x20;
    private static final int OVERWRITE = 1;
    private static final int BLOCK_ERASE = 2;
    private static final int CRYPTOGRAPHIC_ERASE = 3;
    private static final int EXIT_FAILURE_MODE = 0x1f;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final Initiator other = Initiator.ready(unit, "b");

    /** What the store was asked for and has not done, where a test says when. */
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    @AfterEach
    void nothingIsLeft() {
        store.by(Runnable::run); // where a test has failed half-way, what still waits is done: closing waits for it
        waiting.forEach(Runnable::run);
        store.release();
        unit.close();
        assertNull(RegionCounts.openBytes().get("scsi-fill"), "memory of an operation");
    }

    // ---- commands ----

    private static byte[] format(String byte1) {
        return Cdb.of("04" + byte1 + "00 00 00 00");
    }

    private static byte[] sanitize(int action, int listBytes) {
        byte[] cdb = Cdb.of("48 00 0000000000 0000 00");
        cdb[1] = (byte) action;
        cdb[7] = (byte) (listBytes >> 8);
        cdb[8] = (byte) listBytes;
        return cdb;
    }

    private static byte[] overwriteList(int flagsAndCount, int... pattern) {
        byte[] list = new byte[4 + pattern.length];
        list[0] = (byte) flagsAndCount;
        list[2] = (byte) (pattern.length >> 8);
        list[3] = (byte) pattern.length;
        for (int i = 0; i < pattern.length; i++) {
            list[4 + i] = (byte) pattern[i];
        }
        return list;
    }

    private static Initiator.Pending startOverwrite(Initiator by, int flags, int value) {
        byte[] list = overwriteList(1, value);
        return by.startOut(sanitize(OVERWRITE | flags, list.length), list);
    }

    private Reply overwrite(int flags, int value) {
        return startOverwrite(initiator, flags, value).reply();
    }

    private byte[] allOf(int value) {
        byte[] bytes = new byte[BLOCKS * BLOCK];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private void fillStore() {
        byte[] chunk = Arrays.copyOf(allOf(0x61), 4 * 1024 * 1024 / 2);
        for (int lba = 0; lba < BLOCKS; lba += chunk.length / BLOCK) {
            int blocks = Math.min(chunk.length / BLOCK, BLOCKS - lba);
            initiator
                    .out(Cdb.write(lba, blocks), Arrays.copyOf(chunk, blocks * BLOCK))
                    .good();
        }
        assertArrayEquals(allOf(0x61), store.snapshot());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it does not come");
            Thread.onSpinWait();
        }
    }

    private static void awaitReady(Initiator by) {
        await(() -> by.none(Cdb.testUnitReady()).status() == ScsiStatus.GOOD);
    }

    private static void sanitizing(Reply reply) {
        reply.check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_SANITIZE_IN_PROGRESS);
    }

    private static void failed(Reply reply) {
        reply.check(SenseKey.MEDIUM_ERROR, AdditionalSense.SANITIZE_COMMAND_FAILED);
    }

    private static LogicalUnit thinUnit(FakeStore thin) {
        return LogicalUnit.builder("thin", thin).build();
    }

    // ---- FORMAT UNIT ----

    @ParameterizedTest
    @ValueSource(strings = {"00", "20"})
    void formattingMakesZerosThatLast(String flags) {
        fillStore();
        initiator.none(format(flags)).good();
        store.losePower();
        assertArrayEquals(allOf(0), store.snapshot());
    }

    @Test
    void formattingAThinStoreGivesItsSpaceBack() {
        FakeStore thin = FakeStore.thin(BLOCKS);
        try (LogicalUnit thinUnit = thinUnit(thin)) {
            Initiator at = Initiator.ready(thinUnit, "a");
            at.out(Cdb.write(0, 100), Arrays.copyOf(allOf(1), 100 * BLOCK)).good();
            at.none(format("00")).good();
            assertEquals(-thin.sizeBytes(), thin.extentBytes(0));
        }
    }

    @Test
    void listsThatSayNothingUnusualAreTaken() {
        for (String[] good : new String[][] {
            {"10", "00 00 0000"},
            {"18", "00 00 0000"},
            {"13", "00 00 0000"},
            {"30", "00 00 00 00 00000000"},
            {"38", "00 00 00 00 00000000"},
            {"10", "00 f0 0000"}, // FOV, DPRY, DCRT, STPF
            {"10", "00 88 0000 00 00 0000"}, // the default pattern
        }) {
            fillStore();
            initiator.out(format(good[0]), Cdb.of(good[1])).good();
            assertArrayEquals(allOf(0), store.snapshot(), good[1]);
        }
    }

    @Test
    void formattingWithAPatternRepeatsItInEachBlock() {
        byte[] list = Cdb.of("00 88 0000 00 01 0003 aabbcc");
        Reply reply = initiator.out(format("10"), list).good();
        assertEquals(list.length, reply.transferBytes());
        byte[] seen = store.snapshot();
        for (int i = 0; i < seen.length; i++) {
            assertEquals(list[8 + i % BLOCK % 3], seen[i], "byte " + i);
        }
    }

    @Test
    void whatCannotBeFormattedIsRefusedAndChangesNothing() {
        fillStore();
        initiator.none(format("40")).invalidCdb(1); // protection information
        initiator.none(format("80")).invalidCdb(1);
        initiator.none(format("08")).invalidCdb(1); // CMPLST without FMTDATA
        initiator.none(format("03")).invalidCdb(1);
        initiator.out(format("11"), new byte[4]).invalidCdb(1); // formats of defects that there are not
        initiator.none(Cdb.of("04 00 00 00 01 00")).invalidCdb(4); // fast format
        for (String[] wrong : new String[][] {
            {"10", "01 00 0000", "0"}, // protection fields usage
            {"10", "00 01 0000", "1"},
            {"10", "00 04 0000", "1"},
            {"10", "00 08 0000", "1"}, // IP without FOV
            {"10", "00 00 0004 00000001", "2"}, // a defect
            {"30", "00 00 00 00 00000008 0000000000000001", "4"},
            {"30", "00 00 00 10 00000000", "3"},
            {"10", "00 88 0000 20 00 0000", "4"}, // security initialize
            {"10", "00 88 0000 00 02 0001 aa", "5"},
            {"10", "00 88 0000 00 00 0001 aa", "6"},
            {"10", "00 88 0000 00 01 0000", "6"},
            {"10", "00 88 0000 00 01 0201" + "aa".repeat(0x201), "6"},
        }) {
            initiator.out(format(wrong[0]), Cdb.of(wrong[1])).invalidParameter(Integer.parseInt(wrong[2]));
        }
        for (String[] shorter : new String[][] {
            {"10", ""},
            {"10", "0000 00"},
            {"30", "00 00 0000"},
            {"10", "00 88 0000 00 01"},
            {"10", "00 88 0000 00 01 0004 aabbcc"},
        }) {
            initiator
                    .out(format(shorter[0]), Cdb.of(shorter[1]))
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        assertArrayEquals(allOf(0x61), store.snapshot());
        initiator.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aFormatThatFailsLeavesTheMediumCorruptUntilItIsFormattedAgain() {
        store.failWith(StoreStatus.WRITE_FAILED, 0);
        initiator.none(format("00")).check(SenseKey.MEDIUM_ERROR, AdditionalSense.FORMAT_COMMAND_FAILED);
        store.failWith(StoreStatus.OK, -1);
        other.in(Cdb.read(0, 1), BLOCK).check(SenseKey.MEDIUM_ERROR, AdditionalSense.MEDIUM_FORMAT_CORRUPTED);
        other.in(Cdb.modeSense(6, 0, 0, 8, 0, 255), 255).good();
        other.none(format("00")).good();
        other.in(Cdb.read(0, 1), BLOCK).good();
    }

    // ---- SANITIZE ----

    @Test
    void overwritingRepeatsThePatternInEachBlock() {
        int[] pattern = {1, 2, 3, 4, 5};
        byte[] list = overwriteList(1, pattern);
        initiator.out(sanitize(OVERWRITE, list.length), list).good();
        store.losePower();
        byte[] seen = store.snapshot();
        for (int i = 0; i < seen.length; i++) {
            assertEquals(pattern[i % BLOCK % pattern.length], seen[i], "byte " + i);
        }
        byte[] whole = new byte[4 + BLOCK];
        Arrays.fill(whole, (byte) 0xaa);
        whole[0] = 1;
        whole[2] = 2;
        whole[3] = 0;
        initiator.out(sanitize(OVERWRITE, whole.length), whole).good();
        assertArrayEquals(allOf(0xaa), store.snapshot());
    }

    /** The pattern stands at the end, whatever the number of passes is; and each pass is flushed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 31})
    void overwritingManyTimesInvertsEveryOtherTime(int count) {
        List<Byte> seen = new ArrayList<>();
        store.by(operation -> {
            operation.run();
            seen.add(store.snapshot()[0]);
        });
        store.logged();
        byte[] list = overwriteList(0x80 | count, 0xa5);
        initiator.out(sanitize(OVERWRITE, list.length), list).good();
        assertArrayEquals(allOf(0xa5), store.snapshot());
        List<Byte> passes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            assertTrue(store.log.get(4 * i + 3).startsWith("flush"), store.log.toString());
            passes.add(seen.get(4 * i));
        }
        for (int left = 0; left < count; left++) {
            byte right = (byte) (left % 2 == 0 ? 0xa5 : 0x5a);
            assertEquals(right, passes.get(count - 1 - left), "pass " + (count - left));
        }
        assertEquals(4 * count, store.log.size());
    }

    @Test
    void whatCannotBeSanitizedIsRefusedAndChangesNothing() {
        fillStore();
        for (int length : new int[] {0, 1, 4, BLOCK + 5}) {
            byte[] list = Arrays.copyOf(overwriteList(1, 7), length);
            initiator.out(sanitize(OVERWRITE, length), list).invalidCdb(7);
        }
        byte[] list = overwriteList(0, 7);
        initiator.out(sanitize(OVERWRITE, list.length), list).invalidParameter(0); // count
        list[0] = 0x21;
        initiator.out(sanitize(OVERWRITE, list.length), list).invalidParameter(0); // TEST
        list[0] = 1;
        list[3] = 0;
        initiator.out(sanitize(OVERWRITE, list.length), list).invalidParameter(2);
        list[2] = 2;
        list[3] = 1;
        initiator.out(sanitize(OVERWRITE, list.length), list).invalidParameter(2);
        list[2] = 0;
        list[3] = 2;
        for (int came : new int[] {list.length, 3, 0}) {
            initiator
                    .send(initiator.prepare(
                            sanitize(OVERWRITE, list.length), DataDirection.OUT, Arrays.copyOf(list, came), came, came))
                    .reply()
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        initiator.out(sanitize(OVERWRITE | 0x40, list.length), list).invalidCdb(1); // ZNR
        for (int reserved = 2; reserved < 7; reserved++) {
            byte[] cdb = sanitize(OVERWRITE, list.length);
            cdb[reserved] = 1;
            initiator.out(cdb, list).invalidCdb(reserved);
        }
        initiator.none(sanitize(BLOCK_ERASE, 0)).invalidCdb(1); // not a thin store
        initiator.none(sanitize(CRYPTOGRAPHIC_ERASE, 0)).invalidCdb(1); // nothing is encrypted
        initiator.none(sanitize(0, 0)).invalidCdb(1);
        initiator.out(sanitize(EXIT_FAILURE_MODE, 8), new byte[8]).invalidCdb(8);
        assertArrayEquals(allOf(0x61), store.snapshot());
        initiator.none(Cdb.testUnitReady()).good();
        assertNull(unit.opcodes().find(0x48, CRYPTOGRAPHIC_ERASE));
    }

    @Test
    void erasingBlocksOverwritesWhatTakesSpaceAndGivesItBack() {
        FakeStore thin = FakeStore.thin(BLOCKS);
        try (LogicalUnit thinUnit = thinUnit(thin)) {
            Initiator at = Initiator.ready(thinUnit, "a");
            at.out(Cdb.write(2048, 8), Arrays.copyOf(allOf(1), 8 * BLOCK)).good();
            thin.logged();
            at.none(sanitize(BLOCK_ERASE, 0)).good();
            assertEquals(-thin.sizeBytes(), thin.extentBytes(0));
            assertArrayEquals(allOf(0), thin.snapshot());
            assertEquals("write 1048576 1048576", thin.log.get(0), "the second piece only: nothing else was taken");
            assertEquals("flush 0 " + thin.sizeBytes(), thin.log.get(1));
            assertEquals("unmap 0 " + thin.sizeBytes(), thin.log.get(2));
            at.out(sanitize(BLOCK_ERASE, 8), new byte[8]).invalidCdb(8);
            assertEquals(0x40, at.in(Cdb.vpd(0xb1, 255), 255).good().u8(7), "WABEREQ 01b");
        }
        assertEquals(0, initiator.in(Cdb.vpd(0xb1, 255), 255).good().u8(7));
    }

    @Test
    void erasingKeysMakesNoiseOfWhatWasWritten() throws StoreException {
        try (Store encrypted = Stores.open("ram:1M,encrypted");
                LogicalUnit secret = LogicalUnit.builder("secret", encrypted).build()) {
            Initiator at = Initiator.ready(secret, "a");
            byte[] data = Arrays.copyOf(allOf(0x61), 8 * BLOCK);
            at.out(Cdb.write(0, 8), data).good();
            at.none(sanitize(CRYPTOGRAPHIC_ERASE, 0)).good();
            byte[] noise = at.in(Cdb.read(0, 8), 8 * BLOCK).good().data();
            assertFalse(Arrays.equals(data, noise));
            assertFalse(Arrays.equals(new byte[8 * BLOCK], noise));
            assertArrayEquals(
                    new byte[BLOCK], at.in(Cdb.read(8, 1), BLOCK).good().data());
            at.out(sanitize(CRYPTOGRAPHIC_ERASE, 8), new byte[8]).invalidCdb(8);
            assertEquals(0x50, at.in(Cdb.vpd(0xb1, 255), 255).good().u8(7), "WABEREQ and WACEREQ 01b");
        }
    }

    @Test
    void writeProtectedAndReservedUnitsRefuse() {
        FakeStore readOnly = new FakeStore(BLOCKS * BLOCK, FakeStore.properties(true, false));
        try (LogicalUnit protectedUnit = thinUnit(readOnly)) {
            Initiator at = Initiator.ready(protectedUnit, "a");
            at.none(format("00")).check(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
            startOverwrite(at, IMMED, 1).reply().check(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
        }
        other.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 7)).good();
        other.out(Cdb.reserveOut(1, 1), Cdb.keys(7, 0)).good(); // write exclusive
        initiator.none(format("00")).is(ScsiStatus.RESERVATION_CONFLICT);
        overwrite(0, 1).is(ScsiStatus.RESERVATION_CONFLICT);
        initiator.none(sanitize(EXIT_FAILURE_MODE, 0)).is(ScsiStatus.RESERVATION_CONFLICT);
        startOverwrite(other, 0, 1).reply().good();
    }

    // ---- meanwhile ----

    @Test
    void aSelfTestIsEndedByAnOperation() {
        store.hold();
        Initiator.Pending test = other.startIn(Cdb.of("1d c0 00 0000 00"), 0);
        await(store::isHeld);
        Initiator.Pending format = initiator.startIn(format("00"), 0);
        store.release();
        test.reply().check(SenseKey.ABORTED_COMMAND, AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION);
        format.reply().good();
    }

    @Test
    void whileItIsSanitizedAUnitAnswersThreeCommandsOnly() {
        store.hold();
        overwrite(IMMED, 1).good();
        for (Opcode opcode : unit.opcodes().all()) {
            byte[] cdb = new byte[opcode.cdbBytes()];
            cdb[0] = (byte) opcode.code();
            cdb[1] = (byte) Math.max(0, opcode.serviceAction());
            Reply reply = other.none(cdb);
            if (opcode.need() == Need.NOTHING) {
                assertFalse(reply.sense().length > 0 && reply.senseCodes().startsWith("02"), opcode + ": " + reply);
            } else {
                sanitizing(reply);
            }
        }
        other.in(Cdb.inquiry(96), 96).good();
        other.in(Cdb.reportLuns(0, 64), 64).good();
        sanitizing(startOverwrite(other, IMMED, 2).reply());
        sanitizing(other.none(format("00")));
        store.release();
        awaitReady(other);
        assertArrayEquals(allOf(1), store.snapshot());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void progressIsTold(boolean descriptor) {
        if (descriptor) {
            byte[] list = Cdb.of("00000000 0a0a 04 10 00 40 0000 ffff 0000");
            initiator.out(Cdb.modeSelect(6, list.length), list).good();
            other.takeAttentions();
        }
        store.by(waiting::add);
        initiator.out(format("10"), Cdb.of("00 02 0000")).good();
        int last = -1;
        for (int piece = 0; piece < 3; piece++) {
            await(() -> !waiting.isEmpty());
            Reply ready = other.none(Cdb.testUnitReady())
                    .check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_FORMAT_IN_PROGRESS);
            int progress = progress(ready.sense(), descriptor);
            assertTrue(progress > last, progress + " after " + last);
            assertEquals(piece * (1 << 20) * 65536L / (BLOCKS * BLOCK), progress, 1);
            Reply sense = other.in(Cdb.requestSense(descriptor), 252).good();
            assertEquals(progress, progress(sense.data(), descriptor));
            last = progress;
            waiting.remove().run();
        }
        await(() -> !waiting.isEmpty()); // the flush
        waiting.remove().run();
        awaitReady(other);
    }

    private static int progress(byte[] sense, boolean descriptor) {
        int at = descriptor ? 12 : 15;
        assertEquals(descriptor ? 0x72 : 0x70, sense[0]);
        assertEquals(0x80, sense[at] & 0xff, "SKSV");
        return (sense[at + 1] & 0xff) << 8 | sense[at + 2] & 0xff;
    }

    @Test
    void withoutImmedTheStatusComesAtTheEndAndTheCallerDoesNotWait() {
        store.hold();
        Initiator.Pending pending = startOverwrite(initiator, 0, 3);
        assertFalse(pending.isDone());
        sanitizing(other.none(Cdb.testUnitReady()));
        assertFalse(pending.isDone());
        store.release();
        pending.reply().good();
        other.none(Cdb.testUnitReady()).good();
        assertArrayEquals(allOf(3), store.snapshot());
    }

    @Test
    void aWriteThatIsUnderWayEndsBeforeTheMediumIsTouched() {
        store.by(waiting::add);
        Initiator.Pending write = other.startOut(Cdb.write(0, 1), new byte[BLOCK]);
        overwrite(IMMED, 5).good();
        sanitizing(other.in(Cdb.read(0, 1), BLOCK));
        assertEquals(1, waiting.size(), "the write alone");
        store.by(Runnable::run);
        waiting.remove().run();
        write.reply().good();
        awaitReady(initiator);
        assertArrayEquals(allOf(5), store.snapshot());
    }

    // ---- what does not end it ----

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"ABORT_TASK_SET", "CLEAR_TASK_SET", "LOGICAL_UNIT_RESET", "TARGET_WARM_RESET", "TARGET_COLD_RESET"
            })
    void itGoesOnThoughItsCommandIsAborted(Function function) {
        store.hold();
        Initiator.Pending pending = startOverwrite(initiator, 0, 4);
        assertEquals(Response.FUNCTION_COMPLETE, initiator.manage(function));
        pending.reply().is(ScsiStatus.TASK_ABORTED);
        other.takeAttentions();
        sanitizing(other.none(Cdb.testUnitReady()));
        store.release();
        awaitReady(other);
        assertArrayEquals(allOf(4), store.snapshot());
    }

    @Test
    void itGoesOnThoughItsNexusIsLost() {
        store.hold();
        Initiator.Pending pending = startOverwrite(initiator, 0, 4);
        pending.abort();
        pending.reply().is(ScsiStatus.TASK_ABORTED);
        initiator.close();
        Initiator again = Initiator.ready(unit, "a");
        sanitizing(again.none(Cdb.testUnitReady()));
        store.release();
        awaitReady(again);
        assertArrayEquals(allOf(4), store.snapshot());
    }

    @Test
    void closingTheUnitEndsItWithThePieceUnderWay() throws Exception {
        store.hold();
        store.logged();
        Initiator.Pending pending = startOverwrite(initiator, 0, 4);
        await(() -> !store.log.isEmpty());
        Thread closing = new Thread(unit::close);
        closing.start();
        await(() -> closing.getState() == Thread.State.WAITING);
        store.release();
        closing.join();
        pending.reply().is(ScsiStatus.CHECK_CONDITION);
        int done = store.log.size();
        assertTrue(done < 4, store.log.toString());
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("medium-disk0")));
        overwrite(0, 5).is(ScsiStatus.CHECK_CONDITION);
        assertEquals(done, store.log.size());
    }

    @Test
    void aPaceHoldsItBack() {
        LogicalUnit slow =
                LogicalUnit.builder("slow", store).maintenanceBytesPerS(5 << 20).build();
        Initiator at = Initiator.ready(slow, "a");
        long before = System.nanoTime();
        startOverwrite(at, 0, 1).reply().good();
        long tookMs = (System.nanoTime() - before) / 1_000_000;
        assertTrue(tookMs > 350, "2 MiB at 5 MiB/s took " + tookMs + " ms");
        startOverwrite(at, IMMED, 1).reply().good();
        slow.close(); // at once
    }

    // ---- failure ----

    @Test
    void aFailedSanitizeIsLeftByEXITFAILUREMODEOnlyIfThatWasAllowed() {
        store.failWith(StoreStatus.WRITE_FAILED, 0);
        failed(overwrite(0, 1));
        store.failWith(StoreStatus.OK, -1);
        for (byte[] cdb : List.of(Cdb.testUnitReady(), Cdb.read(0, 1), format("00"), Cdb.of("1b 00 00 00 00 00"))) {
            failed(other.none(cdb));
        }
        Reply sense = other.in(Cdb.requestSense(false), 252).good();
        assertEquals(3, sense.u8(2));
        assertEquals(0x3103, sense.u16(12));
        other.in(Cdb.inquiry(96), 96).good();
        initiator.none(sanitize(EXIT_FAILURE_MODE, 0)).invalidCdb(1);
        overwrite(AUSE, 1).invalidCdb(1);
        failed(other.none(Cdb.testUnitReady()));
        overwrite(0, 1).good();
        other.none(Cdb.testUnitReady()).good();
        initiator.none(sanitize(EXIT_FAILURE_MODE, 0)).good();

        store.failWith(StoreStatus.NO_SPACE, 0);
        failed(overwrite(AUSE, 1));
        store.failWith(StoreStatus.OK, -1);
        failed(other.none(Cdb.testUnitReady()));
        other.none(sanitize(EXIT_FAILURE_MODE, 0)).good();
        other.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aFailureAfterImmedIsToldToWhoeverAsks() {
        store.failWith(StoreStatus.WRITE_FAILED, 0);
        overwrite(IMMED | AUSE, 1).good();
        await(() -> other.none(Cdb.testUnitReady()).senseCodes().equals("03/31/03"));
        initiator.manage(Function.LOGICAL_UNIT_RESET);
        other.takeAttentions();
        failed(other.none(Cdb.testUnitReady()));
    }

    @Test
    void aStoreThatThrowsMakesItFail() {
        store.throwing(new IllegalStateException("as planned"));
        failed(overwrite(AUSE, 1));
        store.throwing(null);
        initiator.none(sanitize(EXIT_FAILURE_MODE, 0)).good();
    }

    // ---- all at once ----

    /**
     * While hosts write, one sanitizes, and commands are aborted, the unit is reset, nexuses come and go. Each command
     * ends once, none hangs, and nothing of what was written before is there afterwards.
     */
    @Test
    void noWriteOutlivesASanitizeWhateverElseHappens() throws Exception {
        long seed = Seed.OF_THIS_RUN;
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        store.by(threads);
        try {
            for (int round = 0; round < 40; round++) {
                String what = "seed " + seed + ", round " + round;
                int value = 1 + random.nextInt(0x60);
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    writers.add(startWriting("writer" + i, random.nextLong()));
                }
                Thread.sleep(random.nextInt(5));
                do {
                    sanitizeAndDisturb(random, value);
                    awaitReady(initiator);
                } while (writers.stream().anyMatch(Thread::isAlive)); // one of them has seen nothing of it yet
                assertArrayEquals(allOf(value), store.snapshot(), what);
            }
        } finally {
            unit.close();
            threads.shutdown();
        }
        assertEquals(0, unit.taskCount());
    }

    private void sanitizeAndDisturb(Random random, int value) throws InterruptedException {
        initiator.takeAttentions();
        Initiator.Pending pending = startOverwrite(initiator, random.nextBoolean() ? IMMED : 0, value);
        Thread.sleep(0, random.nextInt(900_000));
        switch (random.nextInt(5)) {
            case 0 -> pending.abort();
            case 1 -> initiator.manage(Function.ABORT_TASK_SET);
            case 2 -> other.manage(Function.LOGICAL_UNIT_RESET);
            case 3 -> other.manage(Function.CLEAR_TASK_SET);
            default -> {}
        }
        Reply reply = pending.reply();
        assertTrue(reply.status() == ScsiStatus.GOOD || reply.status() == ScsiStatus.TASK_ABORTED, reply::toString);
    }

    /** Writes until a command is refused since the unit is sanitized. */
    private Thread startWriting(String name, long seed) {
        Thread writer = new Thread(() -> {
            Random own = new Random(seed);
            boolean refused = false;
            while (!refused) {
                Initiator by = new Initiator(unit, name);
                for (int i = 0; i < 20 && !refused; i++) {
                    byte[] data = new byte[8 * BLOCK];
                    Arrays.fill(data, (byte) 0x77);
                    Reply reply = by.out(Cdb.write(own.nextInt(BLOCKS - 8), 8), data);
                    refused = reply.sense().length > 0 && reply.senseCodes().equals("02/04/1b");
                }
                by.close();
            }
        });
        writer.start();
        return writer;
    }
}
