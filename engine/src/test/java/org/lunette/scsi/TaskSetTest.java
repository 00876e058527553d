package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.metrics.Counters;
import org.lunette.ring.SteppedRing;
import org.lunette.scsi.unit.LogicalUnit;

class TaskSetTest {
    private static final int BLOCK = 512;

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", store).maxTasks(8).build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");

    @Test
    void moreCommandsThanTheSetHoldsAreTaskSetFull() {
        store.hold();
        List<Initiator.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pending.add((i % 2 == 0 ? a : b).startIn(Cdb.read(i, 1), BLOCK));
        }
        assertEquals(8, unit.taskCount());
        a.in(Cdb.read(0, 1), BLOCK).is(ScsiStatus.TASK_SET_FULL);
        b.in(Cdb.inquiry(96), 96).is(ScsiStatus.TASK_SET_FULL);
        store.release();
        pending.forEach(p -> p.reply().good());
        assertEquals(0, unit.taskCount());
        a.in(Cdb.read(0, 1), BLOCK).good();
    }

    @Test
    void aNexusWithoutCommandsInAFullSetIsToldBusy() {
        store.hold();
        List<Initiator.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pending.add(a.startIn(Cdb.read(i, 1), BLOCK));
        }
        b.in(Cdb.read(0, 1), BLOCK).is(ScsiStatus.BUSY);
        a.in(Cdb.read(0, 1), BLOCK).is(ScsiStatus.TASK_SET_FULL);
        store.release();
        pending.forEach(p -> p.reply().good());
        b.in(Cdb.read(0, 1), BLOCK).good();
    }

    @Test
    void aResetEndsCommandsThatWaitForAHandlerThread() {
        SteppedRing[] waiting = new SteppedRing[1];
        LogicalUnit handingOver = LogicalUnit.builder("disk1", store)
                .handOver(executor -> {
                    waiting[0] = new SteppedRing(executor, 16, new Counters());
                    return waiting[0]::submit;
                })
                .build();
        Initiator issuer = new Initiator(handingOver, "issuer");
        Initiator other = new Initiator(handingOver, "other");
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) 0x77);
        Initiator.Pending first = other.startOut(Cdb.write(1, 1), data);
        Initiator.Pending second = other.startOut(Cdb.write(2, 1), data);
        assertEquals(2, handingOver.taskCount());
        CompletableFuture<Response> reset = issuer.startManage(Function.LOGICAL_UNIT_RESET);
        assertFalse(reset.isDone(), "answered while commands of before the reset still wait");
        waiting[0].step(16);
        assertEquals(Response.FUNCTION_COMPLETE, reset.getNow(null));
        first.reply().is(ScsiStatus.TASK_ABORTED);
        second.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(0, handingOver.taskCount());
        assertArrayEquals(
                new byte[2 * BLOCK], a.in(Cdb.read(1, 2), 2 * BLOCK).good().data());
    }

    @Test
    void aCommandWaitsForItsStoreAndOthersGoOn() {
        store.hold();
        Initiator.Pending read = a.startIn(Cdb.read(0, 1), BLOCK);
        a.none(Cdb.testUnitReady()).good();
        b.in(Cdb.inquiry(96), 96).good();
        assertFalse(read.isDone());
        store.release();
        read.reply().good();
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"LOGICAL_UNIT_RESET", "TARGET_WARM_RESET", "TARGET_COLD_RESET"})
    void aResetAbortsEveryTaskAndIsAnsweredWhenTheyHaveEnded(Function function) throws Exception {
        store.hold();
        Initiator.Pending mine = a.startOut(Cdb.write(0, 1), new byte[BLOCK]);
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        CompletableFuture<Response> response = a.startManage(function);
        assertTrue(mine.isAborted());
        assertTrue(others.isAborted());
        assertFalse(response.isDone());
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, response.get(10, TimeUnit.SECONDS));
        assertTrue(mine.isDone());
        assertTrue(others.isDone());
        AdditionalSense told = function == Function.TARGET_COLD_RESET
                ? AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED
                : AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED;
        for (Initiator one : List.of(a, b)) {
            one.none(Cdb.testUnitReady()).attention(told);
            one.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void twoResetsAtOnceWaitForTheSameTasks() {
        store.hold();
        Initiator.Pending read = a.startIn(Cdb.read(0, 1), BLOCK);
        CompletableFuture<Response> first = a.startManage(Function.LOGICAL_UNIT_RESET);
        CompletableFuture<Response> second = b.startManage(Function.LOGICAL_UNIT_RESET);
        assertFalse(first.isDone() || second.isDone());
        store.release();
        assertTrue(read.isDone() && first.isDone() && second.isDone());
    }

    @Test
    void abortTaskSetConcernsTheNexusThatAsks() {
        store.hold();
        Initiator.Pending mine = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        CompletableFuture<Response> response = a.startManage(Function.ABORT_TASK_SET);
        assertTrue(mine.isAborted());
        assertFalse(others.isAborted());
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, response.join());
        others.reply().good();
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void clearTaskSetAbortsEverybodysCommandsAndRaisesNoUnitAttention() {
        assertEquals(
                0x40, a.in(Cdb.modeSense(6, 0, 0, 0x0a, 0, 255), 255).good().u8(4 + 8 + 5) & 0x40, "TAS");
        store.hold();
        Initiator.Pending mine = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        CompletableFuture<Response> response = a.startManage(Function.CLEAR_TASK_SET);
        assertTrue(mine.isAborted() && others.isAborted());
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, response.join());
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void functionsWithNothingToDoAreAnsweredAtOnce() {
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.ABORT_TASK));
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.ABORT_TASK_SET));
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.CLEAR_TASK_SET));
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.CLEAR_ACA));
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.LOGICAL_UNIT_RESET));
    }

    /**
     * Front-end threads that use few commands again and again, against resets: every command ends once and every reset
     * is answered; a write that a reset has aborted is over when the reset is answered; and no reset reaches a
     * command's next use.
     */
    @Test
    void resetsRaceWithCommandsThatAreUsedAgain() throws Exception {
        long seed = Seed.OF_THIS_RUN;
        int threads = 4;
        int rounds = 3000;
        ExecutorService storeThreads = Executors.newFixedThreadPool(2);
        FakeStore busy = FakeStore.ofBlocks(1024);
        LogicalUnit two = LogicalUnit.builder("x", busy).maxTasks(64).build();
        LogicalUnit other = LogicalUnit.builder("y", FakeStore.ofBlocks(64)).build();
        List<Initiator> initiators = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Initiator one = Initiator.ready(two, "n" + i);
            other.nexusEstablished(one.nexus());
            initiators.add(one);
        }
        busy.by(storeThreads);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger wronglyAborted = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Initiator one = initiators.get(i);
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> {
                try {
                    useAgainAndAgain(one, two, other, random, rounds, wronglyAborted);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.countDown();
                }
            });
            all.add(thread);
            thread.start();
        }
        AtomicInteger answered = new AtomicInteger();
        int resets = 0;
        while (done.getCount() > 0) {
            Function function = resets % 3 == 0 ? Function.CLEAR_TASK_SET : Function.LOGICAL_UNIT_RESET;
            assertEquals(
                    Response.FUNCTION_COMPLETE, initiators.get(resets % threads).manage(function));
            answered.incrementAndGet();
            resets++;
        }
        for (Thread thread : all) {
            thread.join();
        }
        storeThreads.shutdown();
        assertEquals(null, failure.get(), "seed " + seed);
        assertEquals(0, wronglyAborted.get(), "commands of the unit that was not reset; seed " + seed);
        assertEquals(resets, answered.get());
        assertEquals(0, two.taskCount());
    }

    private static void useAgainAndAgain(
            Initiator by, LogicalUnit reset, LogicalUnit quiet, Random random, int rounds, AtomicInteger wronglyAborted)
            throws InterruptedException {
        AtomicReference<CountDownLatch> ended = new AtomicReference<>();
        Command command = new Command(null, c -> ended.get().countDown());
        byte[] cdb = Cdb.read(0, 0);
        for (int i = 0; i < rounds; i++) {
            boolean onQuiet = random.nextInt(3) == 0;
            ended.set(new CountDownLatch(1));
            command.begin(by.nexus(), 0, i, TaskAttribute.SIMPLE);
            command.setCdb(onQuiet ? cdb : Cdb.synchronizeCache(10, random.nextInt(64), 1, 0), 0, onQuiet ? 16 : 10);
            command.setData(DataDirection.NONE, 0, 0, 0);
            (onQuiet ? quiet : reset).execute(command);
            assertTrue(ended.get().await(30, TimeUnit.SECONDS), "the command did not end");
            if (onQuiet && command.isAborted()) {
                wronglyAborted.incrementAndGet();
            }
        }
    }

    @Test
    void anAbortedWriteNeverHappensAfterTheResetWasAnswered() {
        long seed = Seed.OF_THIS_RUN;
        Random random = new Random(seed);
        ExecutorService storeThreads = Executors.newFixedThreadPool(3);
        try {
            store.by(storeThreads);
            byte[] data = new byte[BLOCK];
            for (int round = 0; round < 300; round++) {
                Arrays.fill(data, (byte) round);
                List<Initiator.Pending> writes = new ArrayList<>();
                int count = 1 + random.nextInt(7);
                for (int i = 0; i < count; i++) {
                    writes.add(a.startOut(Cdb.write(i, 1), data));
                }
                assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.LOGICAL_UNIT_RESET), "seed " + seed);
                byte[] then = store.snapshot();
                writes.forEach(Initiator.Pending::reply);
                org.junit.jupiter.api.Assertions.assertArrayEquals(then, store.snapshot(), "seed " + seed);
                a.takeAttentions();
                b.takeAttentions();
            }
        } finally {
            storeThreads.shutdown();
        }
    }
}
