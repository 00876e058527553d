package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** SEND DIAGNOSTIC, RECEIVE DIAGNOSTIC RESULTS, READ BUFFER and WRITE BUFFER. */
public class DiagnosticsTest {
    private static final long BLOCKS = 1024;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS).logged();
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final Initiator other = Initiator.ready(unit, "b");

    private Initiator.Pending startTest(int flags) {
        byte[] cdb = Cdb.of("1d 00 00 0000 00");
        cdb[1] = (byte) flags;
        return initiator.startIn(cdb, 0);
    }

    private Reply test(int flags) {
        return startTest(flags).reply();
    }

    /** A parameter of the Self-Test Results log page, 1 for the last test. */
    private byte[] result(int number) {
        Reply page = initiator.in(Cdb.of("4d 00 50 00 00 0000 ffff 00"), 4096).good();
        assertEquals(404, page.transferBytes(), "20 results");
        int at = 4 + (number - 1) * 20;
        assertEquals(number, page.u16(at));
        assertEquals(0x10, page.u8(at + 3));
        return java.util.Arrays.copyOfRange(page.data(), at + 4, at + 20);
    }

    private void awaitResult(int first) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while ((result(1)[0] & 0xff) != first && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertEquals(first, result(1)[0] & 0xff);
    }

    // ---- self-tests ----

    @Test
    void theDefaultSelfTestReadsTheEndsOfTheMediumAndIsNotListed() {
        test(0x04).good();
        assertEquals("read 0 65536", store.log.get(0));
        assertEquals("read " + (BLOCKS * 512 - 65536) + " 65536", store.log.get(1));
        assertEquals(2, store.log.size());
        assertArrayEquals(new byte[16], result(1));
    }

    @Test
    void aMediumThatCannotBeReadFailsTheTest() {
        store.failWith(StoreStatus.READ_FAILED, 5 * 512);
        test(0x04).check(SenseKey.HARDWARE_ERROR, AdditionalSense.LOGICAL_UNIT_FAILED_SELF_TEST);
        test(0xa0).check(SenseKey.HARDWARE_ERROR, AdditionalSense.LOGICAL_UNIT_FAILED_SELF_TEST);
        assertArrayEquals(Cdb.of("a4 00 0000 0000000000000005 03 11 00 00"), result(1));
        store.throwing(new IllegalStateException("a store's mistake"));
        test(0xc0).check(SenseKey.HARDWARE_ERROR, AdditionalSense.LOGICAL_UNIT_FAILED_SELF_TEST);
        assertArrayEquals(Cdb.of("c4 00 0000 0000000000000000 03 11 00 00"), result(1));
    }

    @Test
    void anExtendedTestReadsEverything() {
        test(0xc0).good();
        assertEquals(BLOCKS * 512 / 65536, store.log.size());
        assertArrayEquals(Cdb.of("c0 00 0000 ffffffffffffffff 00 00 00 00"), result(1));
    }

    @Test
    void aTestInTheBackgroundHoldsNobodyUp() throws InterruptedException {
        store.hold();
        test(0x20).good();
        assertEquals(0x2f, result(1)[0], "in progress");
        initiator.none(Cdb.testUnitReady()).good();
        for (int flags : new int[] {0x04, 0x20, 0x40, 0xa0}) {
            test(flags).check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_SELF_TEST_IN_PROGRESS);
        }
        awaitRead();
        store.release();
        awaitResult(0x20);
        test(0xc0).good();
        assertEquals(0xc0, result(1)[0] & 0xff);
        assertEquals(0x20, result(2)[0], "the last one is the first");
    }

    private void awaitRead() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!store.isHeld() && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertTrue(store.isHeld(), "the test reads");
    }

    @Test
    void aTestCanBeAbortedByCommandAndByReset() throws InterruptedException {
        store.hold();
        test(0x40).good();
        awaitRead();
        test(0x80).good();
        store.release();
        awaitResult(0x41);
        store.hold();
        test(0x40).good();
        awaitRead();
        other.manage(Function.LOGICAL_UNIT_RESET);
        initiator.takeAttentions();
        store.release();
        awaitResult(0x42);
        test(0x80).good();
    }

    @Test
    void aTestInTheForegroundEndsWithItsCommand() throws InterruptedException {
        store.hold();
        Initiator.Pending pending = startTest(0xc0);
        awaitRead();
        pending.abort();
        assertFalse(pending.isDone());
        store.release();
        pending.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(1, store.log.size(), "not all is read");
        assertEquals(0xc2, result(1)[0] & 0xff, "aborted otherwise");
    }

    @Test
    void aTestForWhichThereIsNoThreadLeavesNoTraceInTheWayOfTheNext() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        LogicalUnit poor = LogicalUnit.builder("poor", store)
                .background(test -> {
                    if (refuses.get()) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    test.run();
                })
                .build();
        Initiator host = Initiator.ready(poor, "a");
        assertThrows(OutOfMemoryError.class, () -> host.startIn(Cdb.of("1d 40 00 0000 00"), 0));
        refuses.set(false);
        host.none(Cdb.of("1d c0 00 0000 00")).good();
    }

    @Test
    void aUnitThatIsClosedWaitsForItsTest() throws InterruptedException {
        store.hold();
        test(0x40).good();
        awaitRead();
        Thread closing = new Thread(unit::close);
        closing.start();
        closing.join(50);
        assertTrue(closing.isAlive());
        store.release();
        closing.join(30_000);
        assertFalse(closing.isAlive());
    }

    @Test
    void whatIsNoTestIsRefused() {
        test(0x24).invalidCdb(1);
        test(0x60).invalidCdb(1);
        test(0xe0).invalidCdb(1);
        initiator.out(Cdb.of("1d 04 00 0004 00"), new byte[4]).invalidCdb(3);
        initiator.out(Cdb.of("1d 00 00 0004 00"), new byte[4]).invalidCdb(1);
        initiator.none(Cdb.of("1d 00 00 0000 00")).good();
    }

    // ---- pages ----

    @Test
    void theOnlyPageListsItself() {
        initiator.out(Cdb.of("1d 10 00 0004 00"), new byte[4]).good();
        assertEquals(
                "00 00 00 01 00",
                initiator.in(Cdb.of("1c 01 00 00ff 00"), 255).good().hex());
        assertEquals(
                "00 00 00 01 00",
                initiator.in(Cdb.of("1c 00 00 00ff 00"), 255).good().hex());
        assertEquals(3, initiator.in(Cdb.of("1c 01 00 0003 00"), 255).good().transferBytes());
        initiator.in(Cdb.of("1c 01 40 00ff 00"), 255).invalidCdb(2);
        initiator.out(Cdb.of("1d 10 00 0004 00"), Cdb.of("40000000")).invalidParameter(0);
        initiator
                .out(Cdb.of("1d 10 00 0004 00"), new byte[3])
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
    }

    // ---- buffers ----

    @Test
    void anEchoBufferGivesBackWhatItsNexusWrote() {
        assertEquals(
                "00 00 10 00",
                initiator.in(Cdb.of("3c 0b 00 000000 0000ff 00"), 255).good().hex());
        Reply early = initiator.in(Cdb.of("3c 0a 00 000000 0000ff 00"), 255);
        early.check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.COMMAND_SEQUENCE_ERROR);
        initiator.out(Cdb.of("3b 0a 00 000000 000004 00"), Cdb.of("01020304")).good();
        other.out(Cdb.of("3b 0a 00 000000 000002 00"), Cdb.of("0909")).good();
        assertEquals(
                "01 02 03 04",
                initiator.in(Cdb.of("3c 0a 00 000000 0000ff 00"), 255).good().hex());
        assertEquals(
                "09 09",
                other.in(Cdb.of("3c 0a 00 000000 0000ff 00"), 255).good().hex());
        initiator.out(Cdb.of("3b 0a 00 000000 001000 00"), new byte[4096]).good();
        initiator.out(Cdb.of("3b 0a 00 000000 001001 00"), new byte[4097]).invalidCdb(6);
    }

    @Test
    void aDataBufferIsReadAndWrittenAtAnyPlace() {
        assertEquals(
                "00 00 10 00",
                initiator.in(Cdb.of("3c 03 00 000000 0000ff 00"), 255).good().hex());
        assertEquals(
                "00 00 00 00",
                initiator.in(Cdb.of("3c 03 01 000000 0000ff 00"), 255).good().hex());
        initiator.out(Cdb.of("3b 02 00 000ffe 000002 00"), Cdb.of("0102")).good();
        assertEquals(
                "00 01 02",
                initiator.in(Cdb.of("3c 02 00 000ffd 0000ff 00"), 255).good().hex());
        assertEquals(
                "00 00 00",
                other.in(Cdb.of("3c 02 00 000ffd 0000ff 00"), 255).good().hex());
        initiator.out(Cdb.of("3b 02 00 000fff 000002 00"), new byte[2]).invalidCdb(6);
        initiator.out(Cdb.of("3b 02 00 001001 000000 00"), new byte[0]).invalidCdb(3);
        initiator.out(Cdb.of("3b 02 01 000000 000002 00"), new byte[2]).invalidCdb(2);
        initiator.in(Cdb.of("3c 02 00 001001 000001 00"), 255).invalidCdb(3);
        initiator
                .out(Cdb.of("3b 02 00 000000 000004 00"), new byte[3])
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
    }

    @Test
    void otherModesAreRefused() {
        for (int mode = 0; mode < 32; mode++) {
            byte[] write = Cdb.of("3b 00 00 000000 000000 00");
            write[1] = (byte) mode;
            byte[] read = Cdb.of("3c 00 00 000000 000000 00");
            read[1] = (byte) mode;
            if (mode != 0x02 && mode != 0x0a) {
                initiator.none(write).invalidCdb(1);
                if (mode != 0x03 && mode != 0x0b) {
                    initiator.none(read).invalidCdb(1);
                }
            }
        }
    }
}
