package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

/** What is atomic keeps apart from every other command that overlaps it, and from no other. */
public class ExclusiveCommandsTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 1024;

    private final long seed = Seed.OF_THIS_RUN;
    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final AtomicInteger aborted = new AtomicInteger();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");

    private static byte[] block(long number) {
        return ByteBuffer.allocate(BLOCK).putLong(number).array();
    }

    private static byte[] compareAndWrite(long lba, int blocks) {
        return Cdb.ranged(0x89, 16, lba, blocks, 0);
    }

    private static byte[] both(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private Initiator.Pending startCompareAndWrite(Initiator by, long lba, long old, long next) {
        return by.startOut(compareAndWrite(lba, 1), both(block(old), block(next)));
    }

    @Test
    void whoOverlapsWaitsAndOthersDoNot() {
        store.hold();
        Initiator.Pending exclusive = startCompareAndWrite(a, 10, 0, 1);
        store.logged();
        Initiator.Pending over = b.startIn(Cdb.read(9, 2), 2 * BLOCK);
        Initiator.Pending beside = b.startIn(Cdb.read(11, 2), 2 * BLOCK);
        b.none(Cdb.read(10, 0)).good();
        assertEquals(3, unit.taskCount());
        store.release();
        exclusive.reply().good();
        assertEquals(1, ByteBuffer.wrap(over.reply().good().data()).getLong(BLOCK), "read after the write");
        beside.reply().good();
        assertEquals(0, unit.taskCount());
        assertEquals("read 5632 1024", store.log.get(0), "at the store before the exclusive one had ended");
    }

    @Test
    void anExclusiveCommandWaitsForThoseThatHaveStarted() {
        store.hold();
        Initiator.Pending write = a.startOut(Cdb.write(10, 4), new byte[4 * BLOCK]);
        Initiator.Pending exclusive = startCompareAndWrite(b, 13, 0, 7);
        Initiator.Pending later = a.startOut(Cdb.write(13, 1), block(9));
        assertFalse(exclusive.isDone());
        store.release();
        write.reply().good();
        exclusive.reply().good();
        later.reply().good();
        assertEquals(9, ByteBuffer.wrap(store.snapshot()).getLong(13 * BLOCK), "in their order");
    }

    @Test
    void exclusiveCommandsGoInOrder() {
        store.hold();
        List<Initiator.Pending> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(startCompareAndWrite(i % 2 == 0 ? a : b, 5, i, i + 1));
        }
        store.release();
        all.forEach(each -> each.reply().good());
        assertEquals(200, ByteBuffer.wrap(store.snapshot()).getLong(5 * BLOCK));
    }

    @Test
    void aFullTaskSetOfThoseThatWaitIsServedWithoutRecursion() {
        store.hold();
        Initiator.Pending first = startCompareAndWrite(a, 5, 0, 1);
        List<Initiator.Pending> waiting = new ArrayList<>();
        for (int i = 1; i < LogicalUnit.DEFAULT_MAX_TASKS; i++) {
            waiting.add(b.startIn(Cdb.read(5, 1), BLOCK));
        }
        a.none(Cdb.testUnitReady()).is(ScsiStatus.TASK_SET_FULL);
        store.release();
        first.reply().good();
        for (Initiator.Pending read : waiting) {
            assertArrayEquals(block(1), read.reply().good().data());
        }
    }

    @Test
    void aResetEndsThoseThatWaitAtOnce() throws Exception {
        store.hold();
        Initiator.Pending exclusive = startCompareAndWrite(a, 5, 0, 1);
        Initiator.Pending read = b.startIn(Cdb.read(5, 1), BLOCK);
        Initiator.Pending second = startCompareAndWrite(b, 5, 0, 2);
        CompletableFuture<Response> reset = a.startManage(Function.LOGICAL_UNIT_RESET);
        read.reply().is(ScsiStatus.TASK_ABORTED);
        second.reply().is(ScsiStatus.TASK_ABORTED);
        assertFalse(exclusive.isDone() || reset.isDone());
        store.release();
        exclusive.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(Response.FUNCTION_COMPLETE, reset.get(10, TimeUnit.SECONDS));
        assertArrayEquals(new byte[BLOCKS * BLOCK], store.snapshot(), "nothing was written");
        a.takeAttentions();
        startCompareAndWrite(a, 5, 0, 3).reply().good();
    }

    @Test
    void oneThatWaitsAndIsAbortedAloneChangesNothingAndHoldsNobodyUp() {
        store.hold();
        Initiator.Pending exclusive = startCompareAndWrite(a, 5, 0, 1);
        Initiator.Pending aborted = startCompareAndWrite(b, 5, 1, 2);
        Initiator.Pending read = b.startIn(Cdb.read(5, 1), BLOCK);
        aborted.abort();
        store.release();
        exclusive.reply().good();
        aborted.reply().is(ScsiStatus.TASK_ABORTED);
        assertArrayEquals(block(1), read.reply().good().data());
    }

    @Test
    void aCommandThatFailsAfterItsWaitEndsAndHoldsNobodyUp() {
        store.hold();
        Initiator.Pending exclusive = startCompareAndWrite(a, 5, 0, 1);
        Initiator.Pending read = b.startIn(Cdb.read(5, 1), BLOCK);
        store.failWith(StoreStatus.READ_FAILED, 5 * BLOCK);
        store.release();
        exclusive.reply().check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        read.reply().check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        store.failWith(StoreStatus.OK, -1);
        store.hold();
        Initiator.Pending held = startCompareAndWrite(a, 5, 0, 1);
        Initiator.Pending thrown = b.startIn(Cdb.read(5, 1), BLOCK);
        store.throwing(new IllegalStateException("the store has shrunk"));
        store.release();
        held.reply().check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        thrown.reply().check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        store.throwing(null);
        a.in(Cdb.read(5, 1), BLOCK).good();
        assertEquals(0, unit.taskCount());
    }

    @Test
    void whoHasWaitedGoesOnWhereTheUnitExecutesItsCommands() {
        Queue<Command> handedOver = new ArrayDeque<>();
        AtomicReference<CommandExecutor> executor = new AtomicReference<>();
        LogicalUnit blocking = LogicalUnit.builder("blocking", store)
                .handOver(own -> {
                    executor.set(own);
                    return handedOver::add;
                })
                .build();
        Runnable execute = () -> {
            while (!handedOver.isEmpty()) {
                executor.get().execute(handedOver.remove());
            }
        };
        Initiator one = new Initiator(blocking, "one");
        Initiator two = new Initiator(blocking, "two");
        List<Initiator.Pending> attentions =
                List.of(one.startIn(Cdb.requestSense(false), 252), two.startIn(Cdb.requestSense(false), 252));
        execute.run();
        attentions.forEach(Initiator.Pending::reply);
        store.hold();
        Initiator.Pending started = two.startIn(Cdb.read(5, 1), BLOCK);
        Initiator.Pending exclusive = startCompareAndWrite(one, 5, 0, 1);
        Initiator.Pending waiting = two.startIn(Cdb.read(5, 2), 2 * BLOCK);
        execute.run();
        store.logged();
        one.manage(Function.ABORT_TASK_SET); // on a thread that may not wait for the store
        exclusive.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(List.of(), store.log);
        execute.run();
        assertEquals(List.of("read 2560 1024"), store.log);
        store.release();
        started.reply().good();
        waiting.reply().good();
        assertEquals(0, blocking.taskCount());
    }

    /** Counters that many nexuses raise by COMPARE AND WRITE, in one range with other commands, while resets happen. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noStepOfACounterIsLost(boolean handsOver) throws Exception {
        ExecutorService storeThreads = Executors.newFixedThreadPool(3);
        ExecutorService handlers = Executors.newFixedThreadPool(2);
        ExecutorService hosts = Executors.newCachedThreadPool();
        LogicalUnit unit = LogicalUnit.builder("disk1", store)
                .handOver(own -> handsOver ? command -> handlers.execute(() -> own.execute(command)) : own)
                .build();
        try {
            store.by(storeThreads);
            AtomicBoolean over = new AtomicBoolean();
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Initiator host = Initiator.ready(unit, "host" + i);
                Random random = new Random(seed + i);
                counts.add(hosts.submit(() -> count(host, random)));
            }
            Future<Integer> bits = hosts.submit(setBits(Initiator.ready(unit, "bits"), over));
            Future<Integer> resets = hosts.submit(reset(Initiator.ready(unit, "resets"), over));
            int sum = 0;
            for (Future<Integer> count : counts) {
                sum += count.get(120, TimeUnit.SECONDS);
            }
            over.set(true);
            bits.get(30, TimeUnit.SECONDS);
            resets.get(30, TimeUnit.SECONDS);
            ByteBuffer blocks = ByteBuffer.wrap(store.snapshot());
            long counted = 0;
            for (int lba = 0; lba < 3; lba++) {
                counted += blocks.getLong(lba * BLOCK);
            }
            // An aborted command may have been done, and nobody was told.
            long most = sum + aborted.get();
            assertTrue(counted >= sum && counted <= most, sum + " <= " + counted + " <= " + most + ", seed " + seed);
            assertEquals(0, unit.taskCount(), "seed " + seed);
        } finally {
            hosts.shutdownNow();
            handlers.shutdown();
            storeThreads.shutdown();
        }
    }

    private int count(Initiator host, Random random) {
        int done = 0;
        for (int i = 0; i < 300; i++) {
            int lba = random.nextInt(3);
            byte[] old = host.in(Cdb.read(lba, 1), BLOCK).data();
            if (old.length == BLOCK) {
                byte[] next = old.clone();
                ByteBuffer.wrap(next).putLong(0, ByteBuffer.wrap(old).getLong() + 1);
                Reply reply = host.out(compareAndWrite(lba, 1), both(old, next));
                done += reply.status() == ScsiStatus.GOOD ? 1 : 0;
                aborted.addAndGet(reply.status() == ScsiStatus.TASK_ABORTED ? 1 : 0);
            }
        }
        return done;
    }

    /** ORWRITE of bits in the counters' blocks, beside the counters: COMPARE AND WRITE must not write old ones back. */
    private static Callable<Integer> setBits(Initiator by, AtomicBoolean over) {
        return () -> {
            int set = 0;
            while (!over.get()) {
                byte[] bits = new byte[3 * BLOCK];
                int bit = 64 + set % 64;
                for (int lba = 0; lba < 3; lba++) {
                    bits[lba * BLOCK + bit / 8] |= (byte) (1 << bit % 8);
                }
                if (by.out(Cdb.ranged(0x8b, 16, 0, 3, 0), bits).status() == ScsiStatus.GOOD) {
                    byte[] now = by.in(Cdb.read(0, 3), 3 * BLOCK).data();
                    for (int i = 0; i < now.length; i++) {
                        assertTrue((now[i] & bits[i]) == bits[i], "a bit was lost");
                    }
                    set++;
                }
            }
            return set;
        };
    }

    private static Callable<Integer> reset(Initiator by, AtomicBoolean over) {
        return () -> {
            int resets = 0;
            while (!over.get()) {
                assertEquals(Response.FUNCTION_COMPLETE, by.manage(Function.LOGICAL_UNIT_RESET));
                resets++;
                Thread.sleep(5);
            }
            return resets;
        };
    }

    /** On memory that a reader sees change byte by byte. */
    @Test
    void anAtomicWriteIsNeverSeenInPart() throws Exception {
        int blocks = 256;
        ExecutorService hosts = Executors.newCachedThreadPool();
        try (Store memory = Stores.open("ram:4M")) {
            LogicalUnit disk = LogicalUnit.builder("ram", memory).build();
            AtomicBoolean over = new AtomicBoolean();
            List<Future<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Initiator writer = Initiator.ready(disk, "w" + i);
                Random random = new Random(seed + i);
                writers.add(hosts.submit(() -> writeAtomically(writer, random, blocks)));
            }
            Future<Integer> reads = hosts.submit(() -> {
                Initiator reader = Initiator.ready(disk, "r");
                int count = 0;
                while (!over.get()) {
                    byte[] seen = reader.in(Cdb.read(0, blocks), blocks * BLOCK)
                            .good()
                            .data();
                    byte[] whole = new byte[seen.length];
                    Arrays.fill(whole, seen[0]);
                    assertArrayEquals(whole, seen, "seed " + seed);
                    count++;
                }
                return count;
            });
            for (Future<Integer> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
            over.set(true);
            assertTrue(reads.get(30, TimeUnit.SECONDS) > 0);
            assertEquals(0, disk.taskCount());
            disk.close();
        } finally {
            hosts.shutdownNow();
        }
    }

    private static int writeAtomically(Initiator writer, Random random, int blocks) {
        byte[] data = new byte[blocks * BLOCK];
        for (int i = 0; i < 1500; i++) {
            Arrays.fill(data, (byte) random.nextInt());
            writer.out(Cdb.ranged(0x9c, 16, 0, blocks, 0), data).good();
        }
        return blocks;
    }
}
