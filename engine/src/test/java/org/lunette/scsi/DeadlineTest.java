package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.metrics.Counters;
import org.lunette.ring.DedicatedRings;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.scsi.unit.StoreHealth.State;
import org.lunette.scsi.unit.Watchdog;

/** Commands whose store does not answer, by a clock that the test sets. */
class DeadlineTest {
    private static final int BLOCK = 512;
    private static final long TIMEOUT_MS = 10_000;
    /** Of block 0. */
    private static final byte[] COMPARE_AND_WRITE = Cdb.of("89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00");

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", store).commandTimeoutMs(TIMEOUT_MS).build();
    private final Watchdog watchdog = new Watchdog(() -> this.nowMs);
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");
    private volatile long nowMs = 5_000_000;

    DeadlineTest() {
        watchdog.watch(unit);
    }

    private void pass(long ms) {
        nowMs += ms;
        watchdog.step();
    }

    private static void timedOut(Reply reply) {
        reply.check(SenseKey.ABORTED_COMMAND, AdditionalSense.COMMAND_TIMEOUT_DURING_PROCESSING);
        assertEquals(0, reply.data().length);
    }

    private static byte[] blocksOf(int value) {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) value);
        return data;
    }

    @Test
    void aCommandThatItsStoreDoesNotEndEndsByItsDeadlineAndNotBefore() {
        store.hold();
        Initiator.Pending read = a.startIn(Cdb.read(0, 1), BLOCK);
        pass(TIMEOUT_MS);
        assertFalse(read.isDone());
        pass(1);
        timedOut(read.reply());
        assertTrue(unit.taskCount() > 0, "the store still has it");
        store.release();
        awaitNoTasks();
    }

    @Test
    void whatAStoreWritesLateGoesToNoOtherCommand() {
        store.hold();
        Initiator.Pending late = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending lateWrite = a.startOut(Cdb.write(7, 1), blocksOf(7));
        pass(TIMEOUT_MS + 1);
        timedOut(late.reply());
        timedOut(lateWrite.reply());
        pass(TIMEOUT_MS); // stuck by now
        store.releaseBackwards();
        awaitNoTasks();
        pass(1);
        a.out(Cdb.write(1, 1), blocksOf(1)).good();
        assertArrayEquals(blocksOf(1), a.in(Cdb.read(1, 1), BLOCK).good().data());
        assertArrayEquals(blocksOf(7), b.in(Cdb.read(7, 1), BLOCK).good().data(), "late, and told as not done");
    }

    @Test
    void aCommandThatOnlyWaitsForAStuckOneEndsInTime() throws Exception {
        store.hold();
        Initiator.Pending first = a.startOut(COMPARE_AND_WRITE, new byte[2 * BLOCK]);
        Initiator.Pending second = b.startIn(Cdb.read(0, 1), BLOCK);
        pass(TIMEOUT_MS + 1);
        timedOut(first.reply());
        assertEquals(SenseKey.ABORTED_COMMAND.code(), second.reply().sense()[2] & 0xf);
        store.release();
        awaitNoTasks();
        pass(1);
        b.in(Cdb.read(0, 1), BLOCK).good();
    }

    @Test
    void nobodyWaitsForTheTurnOfOneThatIsOverItsDeadline() throws Exception {
        store.hold();
        Initiator.Pending stuck = a.as(TaskAttribute.ORDERED).startIn(Cdb.read(0, 1), BLOCK);
        pass(TIMEOUT_MS / 2);
        Initiator.Pending ordered = b.as(TaskAttribute.ORDERED).startIn(Cdb.inquiry(36), 36);
        Initiator.Pending simple = b.as(TaskAttribute.SIMPLE).startIn(Cdb.inquiry(36), 36);
        assertFalse(ordered.isDone());
        pass(TIMEOUT_MS / 2 + 1);
        timedOut(stuck.reply());
        ordered.reply().good();
        simple.reply().good();
        store.release();
        awaitNoTasks();
    }

    @Test
    void aCommandThatWaitsForItsTurnEndsInTime() throws Exception {
        store.hold();
        Initiator.Pending longOne = a.startOut(Cdb.synchronizeCache(10, 0, 0, 0), new byte[0]);
        Initiator.Pending ordered = b.as(TaskAttribute.ORDERED).startIn(Cdb.inquiry(36), 36);
        pass(TIMEOUT_MS + 1);
        assertFalse(longOne.isDone());
        assertEquals(SenseKey.ABORTED_COMMAND.code(), ordered.reply().sense()[2] & 0xf);
        store.release();
        longOne.reply().good();
        awaitNoTasks();
    }

    @Test
    void timeSpentInLineDoesNotCount() throws Exception {
        store.hold();
        Initiator.Pending first = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending ordered = b.as(TaskAttribute.ORDERED).startIn(Cdb.read(1, 1), BLOCK);
        pass(TIMEOUT_MS - 1);
        store.releaseThese();
        first.reply().good();
        pass(2);
        assertFalse(ordered.isDone());
        store.release();
        ordered.reply().good();
    }

    @Test
    void aCommandInLineEndsAlsoWhereTheFrontEndDoesNotAnswerForIt() throws Exception {
        Nexus nexus = new Nexus("iqn.2026-11.test:c,i,0x0123456789ac", "iqn.2026-11.test:target,t,0x0001", 1);
        unit.nexusEstablished(nexus);
        CompletableFuture<Byte> ended = new CompletableFuture<>();
        Command waiting = new Command(this, command -> ended.complete(command.sense()[13]));
        nexusIsReady(nexus);
        store.hold();
        a.startOut(COMPARE_AND_WRITE, new byte[2 * BLOCK]);
        waiting.begin(nexus, 0, 2, TaskAttribute.SIMPLE);
        waiting.setCdb(Cdb.read(0, 1), 0, Cdb.read(0, 1).length);
        unit.execute(waiting);
        pass(TIMEOUT_MS + 1);
        assertEquals(AdditionalSense.COMMAND_TIMEOUT_BEFORE_PROCESSING.qualifier(), ended.get(10, TimeUnit.SECONDS));
        store.release();
        awaitNoTasks();
    }

    private void nexusIsReady(Nexus nexus) {
        Command first = new Command(this, command -> {});
        first.begin(nexus, 0, 1, TaskAttribute.SIMPLE);
        first.setCdb(Cdb.testUnitReady(), 0, Cdb.testUnitReady().length);
        unit.execute(first);
    }

    @Test
    void aCommandThatGoesOnIsNotEnded() {
        store.hold();
        Initiator.Pending same = a.startOut(COMPARE_AND_WRITE, new byte[2 * BLOCK]);
        pass(TIMEOUT_MS - 1);
        store.release();
        same.reply().good();
        store.hold();
        Initiator.Pending flushed =
                a.send(a.prepare(Cdb.synchronizeCache(10, 0, 0, 0), DataDirection.NONE, null, 0, 0));
        pass(2 * TIMEOUT_MS);
        assertFalse(flushed.isDone(), "the table gives it more time");
        store.release();
        flushed.reply().good();
        a.out(Cdb.write(0, 1), blocksOf(1)).good();
    }

    @Test
    void aStuckStoreIsToldAndRefusedAndHeals() {
        assertEquals(State.HEALTHY, unit.storeHealth().state());
        store.hold();
        List<Initiator.Pending> stuck = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            stuck.add(a.startIn(Cdb.read(i, 1), BLOCK));
        }
        pass(TIMEOUT_MS / 2 + 1);
        assertEquals(State.SLOW, unit.storeHealth().state());
        pass(TIMEOUT_MS / 2);
        stuck.forEach(read -> timedOut(read.reply()));
        assertEquals(State.STUCK, unit.storeHealth().state());
        assertEquals(9, unit.storeHealth().overdueCommands());
        AdditionalSense refused = AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE;
        b.in(Cdb.read(0, 1), BLOCK).check(SenseKey.NOT_READY, refused);
        b.none(Cdb.testUnitReady()).check(SenseKey.NOT_READY, refused);
        b.in(Cdb.inquiry(96), 96).good();
        store.release();
        awaitNoTasks();
        pass(1);
        assertEquals(State.HEALTHY, unit.storeHealth().state());
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void oneStuckCommandAmongOthersThatGoOnDoesNotTakeTheUnitAway() {
        store.hold();
        Initiator.Pending stuck = a.startIn(Cdb.read(0, 1), BLOCK);
        Runnable held = store.keepHeld();
        for (int i = 0; i < 6; i++) {
            b.in(Cdb.read(1, 1), BLOCK).good();
            pass(TIMEOUT_MS / 3);
        }
        timedOut(stuck.reply());
        assertEquals(State.SLOW, unit.storeHealth().state());
        b.in(Cdb.read(1, 1), BLOCK).good();
        held.run();
        awaitNoTasks();
    }

    @Test
    void aUnitThatWasIdleDoesNotStayAwayForACommandThatNeverComesBack() throws Exception {
        store.hold();
        Initiator.Pending lost = a.startIn(Cdb.read(0, 1), BLOCK);
        Runnable held = store.keepHeld();
        pass(TIMEOUT_MS + 1);
        timedOut(lost.reply());
        awaitState(State.SLOW);
        b.none(Cdb.testUnitReady()).good();
        b.in(Cdb.read(1, 1), BLOCK).good();
        for (int i = 0; i < 4; i++) {
            pass(TIMEOUT_MS);
            awaitState(State.SLOW);
        }
        b.none(Cdb.testUnitReady()).good();
        held.run();
        awaitNoTasks();
        pass(1);
        assertEquals(State.HEALTHY, unit.storeHealth().state());
    }

    @Test
    void aStoreThatOnlyHasTooMuchToDoIsNotTakenForStuck() throws Exception {
        store.hold();
        List<Initiator.Pending> many = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            many.add(a.startIn(Cdb.read(i, 1), BLOCK));
        }
        Runnable held = store.keepHeld();
        for (int i = 0; i < 6; i++) {
            b.in(Cdb.read(1, 1), BLOCK).good();
            pass(TIMEOUT_MS / 3);
        }
        assertEquals(32, unit.storeHealth().overdueCommands());
        b.in(Cdb.read(1, 1), BLOCK).good();
        held.run();
        awaitNoTasks();
    }

    @Test
    void anOperationOnTheMediumThatGoesOnIsNotEnded() throws Exception {
        FakeStore big = FakeStore.ofBlocks(16_384);
        LogicalUnit disk =
                LogicalUnit.builder("disk1", big).commandTimeoutMs(TIMEOUT_MS).build();
        watchdog.watch(disk);
        Initiator c = Initiator.ready(disk, "c");
        big.hold();
        Initiator.Pending format = c.send(c.prepare(Cdb.of("04 00 00 00 00 00"), DataDirection.NONE, null, 0, 0));
        for (int i = 0; i < 4; i++) {
            awaitHeld(big);
            pass(TimeUnit.HOURS.toMillis(11)); // of 24
            big.releaseThese();
        }
        big.release();
        format.reply().good();
    }

    @Test
    void aSelfTestThatGoesOnIsNotEnded() throws Exception {
        store.hold();
        Initiator.Pending extended = a.send(a.prepare(Cdb.of("1d c0 00 00 00 00"), DataDirection.NONE, null, 0, 0));
        for (int i = 0; i < 4; i++) {
            awaitHeld(store);
            pass(TimeUnit.MINUTES.toMillis(29)); // of 60
            store.releaseThese();
        }
        store.release();
        extended.reply().good();
    }

    @Test
    void modeSelectHasTheTimeOfAFlush() {
        byte[] list = Cdb.of("00000000 08 12" + " 00".repeat(18)); // without WCE
        store.hold();
        Initiator.Pending select = a.startOut(Cdb.modeSelect(6, list.length), list);
        pass(5 * TIMEOUT_MS);
        assertFalse(select.isDone());
        store.release();
        select.reply().good();
    }

    private static void awaitHeld(FakeStore store) throws InterruptedException {
        for (int i = 0; i < 1000 && !store.isHeld(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertTrue(store.isHeld());
    }

    @Test
    void oneThatMayTakeLongIsNotWaitedForThatLongWhenItIsAborted() {
        store.hold();
        Initiator.Pending flush = a.startOut(Cdb.synchronizeCache(10, 0, 0, 0), new byte[0]);
        pass(TIMEOUT_MS + 1);
        assertFalse(flush.isDone());
        b.startManage(Function.LOGICAL_UNIT_RESET);
        pass(1);
        timedOut(flush.reply());
        store.release();
        awaitNoTasks();
    }

    private void awaitState(State state) throws InterruptedException {
        for (int i = 0; i < 1000 && unit.storeHealth().state() != state; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
            pass(1);
        }
        assertEquals(state, unit.storeHealth().state());
    }

    @Test
    void aFunctionThatWaitsForAStuckStoreIsRejectedInTime() throws Exception {
        store.hold();
        Initiator.Pending write = b.startOut(Cdb.write(0, 1), blocksOf(1));
        pass(TIMEOUT_MS / 2);
        CompletableFuture<Response> reset = a.startManage(Function.LOGICAL_UNIT_RESET);
        pass(TIMEOUT_MS / 2 + 1);
        assertNull(reset.getNow(null), "the store may still write");
        pass(TIMEOUT_MS);
        assertEquals(Response.FUNCTION_REJECTED, reset.get(10, TimeUnit.SECONDS));
        write.reply();
        store.release();
        awaitNoTasks();
        pass(1);
        a.takeAttentions();
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.LOGICAL_UNIT_RESET));
    }

    @Test
    void commandsThatFindNoHandlerThreadEndInTimeAndOthersAreAnsweredBesideThem() throws InterruptedException {
        DedicatedRings rings = new DedicatedRings("deadline", 16, 1, new Counters());
        FakeStore blocking = FakeStore.ofBlocks(1024);
        LogicalUnit handedOn = LogicalUnit.builder("disk1", blocking)
                .commandTimeoutMs(TIMEOUT_MS)
                .handOver(executor -> rings.open(executor)::submit)
                .build();
        watchdog.watch(handedOn);
        Initiator c = Initiator.ready(handedOn, "c");
        CompletableFuture<Void> answers = new CompletableFuture<>();
        CountDownLatch withStore = new CountDownLatch(1);
        blocking.by(operation -> {
            withStore.countDown();
            answers.join();
            operation.run();
        });
        Initiator.Pending inStore = c.startOut(Cdb.write(0, 1), blocksOf(1));
        assertTrue(withStore.await(10, TimeUnit.SECONDS), "the handler thread is busy, before time passes");
        Initiator.Pending inRing = c.startOut(Cdb.write(1, 1), blocksOf(2));
        pass(TIMEOUT_MS + 1);
        timedOut(inStore.reply());
        timedOut(inRing.reply());
        c.in(Cdb.inquiry(96), 96).good();
        answers.complete(null);
        awaitNoTasks(handedOn);
        rings.close();
        assertEquals(0, blocking.snapshot()[BLOCK], "what the store did not have is not done later");
    }

    private void awaitNoTasks() {
        awaitNoTasks(unit);
    }

    private static void awaitNoTasks(LogicalUnit unit) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (unit.taskCount() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(0, unit.taskCount());
    }
}
