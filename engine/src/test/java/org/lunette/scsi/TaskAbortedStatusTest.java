package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** TAS and QERR of the Control mode page: what becomes of aborted commands, and which a CHECK CONDITION aborts. */
class TaskAbortedStatusTest {
    private static final int BLOCK = 512;
    private static final int TAS = 0x40;
    private static final int QERR_ALL = 0x12;
    private static final int QERR_OWN = 0x16;
    private static final byte[] FAILS = Cdb.read(1 << 20, 1);

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");
    private final Initiator c = Initiator.ready(unit, "c");

    private void select(int queue, int tas) {
        byte[] list = Cdb.of("00000000 0a0a 00 10 00 40 00 00 ffff 0000");
        list[4 + 3] = (byte) queue;
        list[4 + 5] = (byte) tas;
        a.out(Cdb.modeSelect(6, list.length), list).good();
        for (Initiator one : List.of(b, c)) {
            one.takeAttentions();
        }
    }

    private static void told(Initiator.Pending pending) {
        pending.reply().is(ScsiStatus.TASK_ABORTED);
        assertTrue(pending.isAborted());
        assertFalse(pending.endedWithoutStatus());
    }

    private static void untold(Initiator.Pending pending) {
        pending.reply();
        assertTrue(pending.endedWithoutStatus());
    }

    private static void cleared(Initiator initiator) {
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        initiator.none(Cdb.testUnitReady()).good();
    }

    // ---- TAS ----

    @Test
    void withTasOthersGetTaskAbortedAndNoAttention() {
        store.hold();
        Initiator.Pending others = b.startOut(Cdb.write(0, 1), new byte[BLOCK]);
        CompletableFuture<Response> response = a.startManage(Function.CLEAR_TASK_SET);
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, response.join());
        others.reply();
        assertTrue(others.isAborted());
        assertFalse(others.endedWithoutStatus());
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void withoutTasOthersGetNoStatusAndAnAttention() {
        select(0x10, 0);
        store.hold();
        Initiator.Pending mine = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        CompletableFuture<Response> response = a.startManage(Function.CLEAR_TASK_SET);
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, response.join());
        untold(others);
        mine.reply();
        assertTrue(mine.isAborted());
        assertFalse(mine.endedWithoutStatus(), "its front-end decides");
        a.none(Cdb.testUnitReady()).good();
        cleared(b);
        c.none(Cdb.testUnitReady()).good(); // had none to lose
    }

    @Test
    void withoutTasAResetTellsOfItselfAlone() {
        select(0x10, 0);
        store.hold();
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        a.startManage(Function.LOGICAL_UNIT_RESET);
        store.release();
        untold(others);
        for (Initiator one : List.of(a, b, c)) {
            one.none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
            one.none(Cdb.testUnitReady()).good();
        }
        store.hold();
        Initiator.Pending again = b.startIn(Cdb.read(0, 1), BLOCK);
        a.startManage(Function.CLEAR_TASK_SET);
        store.release();
        again.reply();
        assertFalse(again.endedWithoutStatus(), "the reset has brought TAS back");
    }

    @Test
    void abortTaskSetIsNobodyElsesBusiness() {
        select(0x10, 0);
        store.hold();
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        a.startIn(Cdb.read(0, 1), BLOCK);
        a.startManage(Function.ABORT_TASK_SET);
        store.release();
        others.reply().good();
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).good();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, TAS})
    void preemptAndAbortKeepsToTas(int tas) {
        select(0x10, tas);
        int type = ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY.code();
        a.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)).good();
        b.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 2)).good();
        c.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 3)).good();
        store.hold();
        Initiator.Pending lost = b.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending kept = c.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending preempting = a.startOut(Cdb.reserveOut(5, type), Cdb.keys(1, 2));
        store.release();
        preempting.reply().good();
        kept.reply().good();
        lost.reply();
        assertEquals(tas == 0, lost.endedWithoutStatus());
        b.none(Cdb.testUnitReady()).attention(AdditionalSense.REGISTRATIONS_PREEMPTED);
        if (tas == 0) {
            b.none(Cdb.testUnitReady()).attention(AdditionalSense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        }
        b.none(Cdb.testUnitReady()).good();
        c.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aCommandThatHasNotComeYetIsTreatedAlike() {
        assertTrue(unit.abortsWithStatus(Function.CLEAR_TASK_SET, b.nexus(), 0));
        b.none(Cdb.testUnitReady()).good();
        select(0x10, 0);
        assertFalse(unit.abortsWithStatus(Function.CLEAR_TASK_SET, b.nexus(), 0));
        cleared(b);
        assertFalse(unit.abortsWithStatus(Function.LOGICAL_UNIT_RESET, b.nexus(), 0));
        b.none(Cdb.testUnitReady()).good();
    }

    // ---- QERR ----

    @Test
    void withQerrZeroOthersGoOn() {
        store.hold();
        Initiator.Pending own = a.startIn(Cdb.read(0, 1), BLOCK);
        a.in(FAILS, BLOCK).is(ScsiStatus.CHECK_CONDITION);
        assertFalse(own.isAborted());
        store.release();
        own.reply().good();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, TAS})
    void withQerrOneACheckConditionAbortsAll(int tas) {
        select(QERR_ALL, tas);
        store.hold();
        Initiator.Pending own = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending others = b.startOut(Cdb.write(3, 1), new byte[BLOCK]);
        a.in(FAILS, BLOCK).is(ScsiStatus.CHECK_CONDITION);
        assertTrue(own.isAborted() && others.isAborted());
        store.release();
        untold(own);
        others.reply();
        assertEquals(tas == 0, others.endedWithoutStatus());
        a.none(Cdb.testUnitReady()).good();
        if (tas == 0) {
            cleared(b);
        } else {
            b.none(Cdb.testUnitReady()).good();
        }
        c.none(Cdb.testUnitReady()).good();
    }

    @Test
    void withQerrThreeOnlyTheNexussOwnAreAborted() {
        select(QERR_OWN, 0);
        store.hold();
        Initiator.Pending own = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        a.in(FAILS, BLOCK).is(ScsiStatus.CHECK_CONDITION);
        store.release();
        untold(own);
        others.reply().good();
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void theErrorOfAnAbortedCommandAbortsNothing() {
        select(QERR_ALL, TAS);
        store.hold();
        Initiator.Pending other = c.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending failing = b.startIn(Cdb.read(4, 1), BLOCK);
        failing.abort();
        store.failWith(StoreStatus.READ_FAILED, 0);
        store.releaseBackwards();
        failing.reply();
        other.reply().is(ScsiStatus.CHECK_CONDITION);
        assertFalse(other.isAborted());
    }

    @Test
    void aStoresErrorAbortsThoseThatWaitBehindAnExclusiveCommand() {
        select(QERR_ALL, TAS);
        store.hold();
        byte[] compare = new byte[2 * BLOCK];
        compare[0] = 1;
        Initiator.Pending exclusive = a.startOut(Cdb.of("89 00 0000000000000000 000000 01 00 00"), compare);
        Initiator.Pending waiting = b.startOut(Cdb.write(0, 1), new byte[BLOCK]);
        store.release();
        exclusive.reply().check(SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION);
        told(waiting);
    }

    @Test
    void whereTheTransportKeepsTheTaskSetNothingOfThisCanBeChanged() {
        LogicalUnit served =
                LogicalUnit.builder("disk1", store).ownTaskSet(false).build();
        Initiator initiator = Initiator.ready(served, "a");
        Reply mask = initiator.in(Cdb.modeSense(6, 8, 1, 0x0a, 0, 255), 255).good();
        assertEquals(0, mask.u8(4 + 3));
        assertEquals(0, mask.u8(4 + 5));
        byte[] list = Cdb.of("00000000 0a0a 00 10 00 00 00 00 ffff 0000");
        initiator.out(Cdb.modeSelect(6, list.length), list).invalidParameter(4 + 5);
    }

    // ---- races ----

    /**
     * Nexuses send commands side by side, of which some fail, while others clear the task set: every command ends once;
     * one that ends without status is told of by a condition; a command without a status and without a condition would
     * be one that its initiator waits for in vain.
     */
    @ParameterizedTest
    @ValueSource(ints = {0x10, QERR_ALL, QERR_OWN})
    @Timeout(120)
    void whoLosesACommandWithoutStatusHearsOfIt(int queue) throws Exception {
        long seed = Seed.OF_THIS_RUN;
        select(queue, 0);
        ExecutorService device = Executors.newFixedThreadPool(2);
        try {
            store.by(device);
            Random random = new Random(seed);
            for (int round = 0; round < 400; round++) {
                List<Initiator.Pending> sent = new ArrayList<>();
                for (int i = 1 + random.nextInt(5); i > 0; i--) {
                    sent.add(b.startIn(Cdb.read(random.nextInt(64), 1), BLOCK));
                }
                boolean fails = random.nextBoolean();
                if (fails) {
                    c.in(FAILS, BLOCK);
                } else {
                    assertEquals(Response.FUNCTION_COMPLETE, c.manage(Function.CLEAR_TASK_SET));
                }
                boolean lost = false;
                for (Initiator.Pending one : sent) {
                    Reply reply = one.reply();
                    lost |= one.endedWithoutStatus();
                    assertEquals(one.isAborted(), one.endedWithoutStatus(), "seed " + seed);
                    assertTrue(one.isAborted() || reply.status() == ScsiStatus.GOOD, "seed " + seed);
                }
                assertFalse(lost && fails && queue != QERR_ALL, "seed " + seed);
                Reply after = b.none(Cdb.testUnitReady());
                assertEquals(lost, isCleared(after), "round " + round + ", seed " + seed);
                c.none(Cdb.testUnitReady()).good();
                assertEquals(0, unit.taskCount());
            }
        } finally {
            device.shutdown();
        }
    }

    private static boolean isCleared(Reply reply) {
        byte[] sense = reply.sense();
        return sense.length > 0
                && Sense.key(sense) == SenseKey.UNIT_ATTENTION.code()
                && Arrays.equals(new byte[] {0x2f, 0}, Arrays.copyOfRange(sense, 12, 14));
    }

    /** With QERR 01b commands that fail at the same time abort each other, and yet each ends once. */
    @Test
    @Timeout(120)
    void commandsThatFailAtTheSameTimeAllEnd() throws Exception {
        long seed = Seed.OF_THIS_RUN;
        select(QERR_ALL, TAS);
        int threads = 4;
        ExecutorService senders = Executors.newFixedThreadPool(threads);
        ExecutorService device = Executors.newFixedThreadPool(2);
        try {
            store.by(device);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Initiator one = Initiator.ready(unit, "n" + i);
                Random random = new Random(seed + i);
                all.add(CompletableFuture.runAsync(() -> sendSome(one, random), senders));
            }
            for (CompletableFuture<Void> one : all) {
                one.get();
            }
            assertEquals(0, unit.taskCount(), "seed " + seed);
        } finally {
            senders.shutdownNow();
            device.shutdown();
        }
    }

    private static void sendSome(Initiator by, Random random) {
        for (int i = 0; i < 1000; i++) {
            Initiator.Pending first = by.startIn(Cdb.read(random.nextInt(64), 1), BLOCK);
            Initiator.Pending second = by.startIn(random.nextBoolean() ? FAILS : Cdb.read(1, 1), BLOCK);
            first.reply();
            second.reply();
        }
    }
}
