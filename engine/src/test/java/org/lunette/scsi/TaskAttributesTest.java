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
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.unit.LogicalUnit;

/** The order that task attributes and the queue algorithm give to commands; SAM-5, clause 8. */
class TaskAttributesTest {
    private static final int BLOCK = 512;
    private static final String CONTROL = "0a0a 00 10 00 40 00 00 ffff 0000";

    private final FakeStore store = FakeStore.ofBlocks(1024).logged();
    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", store).maxTasks(8).build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");

    private static byte[] block(int value) {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) value);
        return data;
    }

    private static Initiator.Pending write(Initiator by, TaskAttribute attribute, long lba) {
        Initiator.Pending pending = by.as(attribute).startOut(Cdb.write(lba, 1), block(1));
        by.as(TaskAttribute.SIMPLE);
        return pending;
    }

    private static Initiator.Pending read(Initiator by, TaskAttribute attribute, long lba) {
        Initiator.Pending pending = by.as(attribute).startIn(Cdb.read(lba, 1), BLOCK);
        by.as(TaskAttribute.SIMPLE);
        return pending;
    }

    private List<String> storeSaw(String... operations) {
        assertEquals(List.of(operations), store.log);
        return store.log;
    }

    static void setControl(Initiator by, String page) {
        byte[] list = Cdb.of("0000000000000000 " + page);
        by.out(Cdb.modeSelect(10, list.length), list).good();
    }

    @Test
    void simpleTasksRunSideBySide() {
        store.hold();
        read(a, TaskAttribute.SIMPLE, 0);
        read(b, TaskAttribute.SIMPLE, 1);
        storeSaw("read 0 512", "read 512 512");
        store.release();
    }

    @Test
    void anOrderedTaskWaitsForOlderOnesOfEveryNexusAndYoungerOnesWaitForIt() {
        store.hold();
        Initiator.Pending older = read(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending ordered = write(b, TaskAttribute.ORDERED, 1);
        Initiator.Pending younger = read(a, TaskAttribute.SIMPLE, 2);
        Initiator.Pending last = read(b, TaskAttribute.ORDERED, 3);
        storeSaw("read 0 512");
        assertEquals(4, unit.taskCount(), "who waits is in the task set");
        store.release();
        for (Initiator.Pending pending : List.of(older, ordered, younger, last)) {
            pending.reply().good();
        }
        storeSaw("read 0 512", "write 512 512", "read 1024 512", "read 1536 512");
        assertEquals(0, unit.taskCount());
        store.hold();
        read(a, TaskAttribute.SIMPLE, 4);
        read(b, TaskAttribute.SIMPLE, 5);
        assertEquals(6, store.log.size(), "nothing is left of the order");
        store.release();
    }

    @Test
    void aHeadOfQueueTaskPassesAllThatHaveNotBegun() {
        store.hold();
        read(a, TaskAttribute.SIMPLE, 0);
        write(b, TaskAttribute.ORDERED, 1);
        read(a, TaskAttribute.SIMPLE, 2);
        read(b, TaskAttribute.HEAD_OF_QUEUE, 3);
        storeSaw("read 0 512", "read 1536 512");
        read(a, TaskAttribute.HEAD_OF_QUEUE, 4);
        storeSaw("read 0 512", "read 1536 512", "read 2048 512");
        store.release();
        storeSaw("read 0 512", "read 1536 512", "read 2048 512", "write 512 512", "read 1024 512");
    }

    @Test
    void nothingElseBeginsBesideAHeadOfQueueTask() {
        store.hold();
        read(a, TaskAttribute.HEAD_OF_QUEUE, 0);
        read(b, TaskAttribute.SIMPLE, 1);
        storeSaw("read 0 512");
        store.release();
        storeSaw("read 0 512", "read 512 512");
    }

    @Test
    void whoWaitsIsBoundedByTheTaskSet() {
        store.hold();
        List<Initiator.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pending.add(read(a, TaskAttribute.ORDERED, i));
        }
        a.in(Cdb.read(0, 1), BLOCK).is(ScsiStatus.TASK_SET_FULL);
        store.release();
        pending.forEach(one -> one.reply().good());
    }

    @Test
    void whoWaitsIsAbortedAtOnce() {
        store.hold();
        Initiator.Pending working = read(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending ordered = write(b, TaskAttribute.ORDERED, 1);
        Initiator.Pending behind = read(b, TaskAttribute.SIMPLE, 2);
        CompletableFuture<Response> answer = b.startManage(Function.ABORT_TASK_SET);
        assertEquals(Response.FUNCTION_COMPLETE, answer.getNow(null), "it waits for nobody else's command");
        assertTrue(ordered.isDone() && behind.isDone());
        assertFalse(working.isDone());
        store.release();
        working.reply().good();
        storeSaw("read 0 512");
        assertArrayEquals(new byte[1024 * BLOCK], store.snapshot());
    }

    @Test
    void aFrontEndEndsOneThatWaits() {
        store.hold();
        read(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending ordered = write(b, TaskAttribute.ORDERED, 1);
        Initiator.Pending behind = read(b, TaskAttribute.SIMPLE, 2);
        ordered.abort();
        unit.commandsAborted(0);
        ordered.reply().is(ScsiStatus.TASK_ABORTED);
        storeSaw("read 0 512", "read 1024 512");
        store.release();
        behind.reply().good();
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"LOGICAL_UNIT_RESET", "CLEAR_TASK_SET"})
    void whoWaitsEndsWithAResetToo(Function function) {
        store.hold();
        read(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending ordered = write(a, TaskAttribute.ORDERED, 1);
        CompletableFuture<Response> answer = b.startManage(function);
        ordered.reply().is(ScsiStatus.TASK_ABORTED);
        assertFalse(answer.isDone(), "the command that the store has is still under way");
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, answer.join());
    }

    @Test
    void aFailureInOrderLetsTheNextOneBegin() {
        store.hold();
        read(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending refused = a.as(TaskAttribute.ORDERED).startIn(Cdb.read(5000, 1), BLOCK);
        Initiator.Pending next = read(a, TaskAttribute.SIMPLE, 1);
        store.release();
        refused.reply().check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        next.reply().good();
    }

    @Test
    void aStoreThatThrowsLetsTheNextOneBegin() {
        store.hold();
        Initiator.Pending first = read(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending ordered = write(b, TaskAttribute.ORDERED, 1);
        Initiator.Pending next = b.startIn(Cdb.inquiry(96), 96);
        store.throwing(new IllegalStateException("on purpose"));
        store.release();
        first.reply().good();
        ordered.reply().check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        next.reply().good();
        assertEquals(0, unit.taskCount());
    }

    /** FORMAT UNIT waits for the commands under way: not for those that wait for it. */
    @Test
    void anOrderedFormatDoesNotWaitForWhoWaitsForIt() {
        store.hold();
        Initiator.Pending older = read(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending format = a.as(TaskAttribute.ORDERED)
                .send(a.prepare(Cdb.of("04 00 00 00 00 00"), DataDirection.NONE, null, 0, 0));
        Initiator.Pending younger = read(b, TaskAttribute.SIMPLE, 1);
        store.release();
        older.reply().good();
        format.reply().good();
        younger.reply();
    }

    @Test
    void whereTheTransportOrdersCommandsTheUnitDoesNot() {
        LogicalUnit other =
                LogicalUnit.builder("disk1", store).ownTaskSet(false).build();
        Initiator one = Initiator.ready(other, "a");
        store.hold();
        read(one, TaskAttribute.SIMPLE, 0);
        read(one, TaskAttribute.ORDERED, 1);
        read(one, TaskAttribute.ACA, 2);
        storeSaw("read 0 512", "read 512 512", "read 1024 512");
        store.release();
    }

    @Test
    void aTaskSetForEachNexusHasAnOrderOfItsOwn() {
        setControl(a, CONTROL.replace("0a0a 00", "0a0a 20"));
        b.takeAttentions();
        store.hold();
        read(a, TaskAttribute.SIMPLE, 0);
        read(b, TaskAttribute.ORDERED, 1);
        read(a, TaskAttribute.SIMPLE, 2);
        read(a, TaskAttribute.ORDERED, 3);
        storeSaw("read 0 512", "read 512 512", "read 1024 512");
        store.release();
        assertEquals("read 1536 512", store.log.get(3));
    }

    @Test
    void restrictedReorderingKeepsTheOrderOfWhatOverlapsWithinANexus() {
        setControl(a, CONTROL.replace("00 10 00", "00 00 00"));
        b.takeAttentions();
        store.hold();
        write(a, TaskAttribute.SIMPLE, 0);
        Initiator.Pending overlapping = read(a, TaskAttribute.SIMPLE, 0);
        read(a, TaskAttribute.SIMPLE, 1);
        read(b, TaskAttribute.SIMPLE, 0);
        read(a, TaskAttribute.SIMPLE, 1);
        write(a, TaskAttribute.SIMPLE, 1);
        storeSaw("write 0 512", "read 512 512", "read 0 512", "read 512 512");
        store.release();
        assertArrayEquals(block(1), overlapping.reply().good().data());
        assertEquals(6, store.log.size());
        store.hold();
        setControl(a, CONTROL);
        b.takeAttentions();
        write(a, TaskAttribute.SIMPLE, 0);
        read(a, TaskAttribute.SIMPLE, 0);
        assertEquals(8, store.log.size(), "unrestricted: side by side");
        store.release();
    }

    @Test
    void aReservedQueueAlgorithmIsRefused() {
        byte[] list = Cdb.of("0000000000000000 " + CONTROL.replace("00 10 00", "00 20 00"));
        a.out(Cdb.modeSelect(10, list.length), list).invalidParameter(8 + 3);
    }

    /** Several nexuses at once: an ORDERED command is alone, but for those that came to begin after it had ended. */
    @Test
    void anOrderedTaskIsAloneWhateverComesAtOnce() throws Exception {
        long seed = Seed.OF_THIS_RUN;
        AtomicInteger simple = new AtomicInteger();
        AtomicInteger ordered = new AtomicInteger();
        AtomicReference<String> wrong = new AtomicReference<>();
        ExecutorService storeThreads = Executors.newFixedThreadPool(3);
        store.by(storeThreads);
        LogicalUnit watched = LogicalUnit.builder("w", store)
                .maxTasks(64)
                .handOver(inner -> command -> {
                    boolean alone = command.attribute() == TaskAttribute.ORDERED;
                    AtomicInteger mine = alone ? ordered : simple;
                    mine.incrementAndGet();
                    if (ordered.get() > 1 || ordered.get() == 1 && simple.get() > 0) {
                        wrong.compareAndSet(null, ordered + " ORDERED beside " + simple + " SIMPLE: " + command);
                    }
                    command.addCompletion(ended -> {
                        mine.decrementAndGet();
                        ended.continueCompletion();
                    });
                    inner.execute(command);
                })
                .build();
        int threads = 4;
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Initiator by = Initiator.ready(watched, "n" + i);
            Random random = new Random(seed + i);
            new Thread(() -> {
                        sendSome(by, random, watched);
                        done.countDown();
                    })
                    .start();
        }
        assertTrue(done.await(120, TimeUnit.SECONDS), "a command did not end; seed " + seed);
        storeThreads.shutdown();
        assertEquals(null, wrong.get(), "seed " + seed);
        assertEquals(0, watched.taskCount());
    }

    private static void sendSome(Initiator by, Random random, LogicalUnit to) {
        for (int round = 0; round < 500; round++) {
            List<Initiator.Pending> pending = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                TaskAttribute attribute = random.nextInt(3) == 0 ? TaskAttribute.ORDERED : TaskAttribute.SIMPLE;
                pending.add(read(by, attribute, random.nextInt(1024)));
            }
            if (random.nextInt(8) == 0) {
                pending.get(0).abort();
                to.commandsAborted(0);
            }
            pending.forEach(Initiator.Pending::reply);
        }
    }

    @Test
    void aCommandThatWaitedIsUsedAgain() {
        Command command = new Command(null, ended -> {});
        for (int i = 0; i < 3; i++) {
            store.hold();
            Initiator.Pending first = read(a, TaskAttribute.SIMPLE, 0);
            command.begin(b.nexus(), 0, i, i == 1 ? TaskAttribute.SIMPLE : TaskAttribute.ORDERED);
            command.setCdbWords(0, 0);
            unit.execute(command);
            assertEquals(i == 1 ? ScsiStatus.GOOD : null, command.status());
            store.release();
            first.reply().good();
            assertEquals(ScsiStatus.GOOD, command.status());
        }
    }
}
