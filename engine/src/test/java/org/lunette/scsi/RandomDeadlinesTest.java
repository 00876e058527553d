package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.scsi.unit.Watchdog;

/** Reads and writes on a store that hangs and comes back at random: who is answered, and with whose data. */
class RandomDeadlinesTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 16;
    private static final int STEPS = 20_000;
    private static final long TIMEOUT_MS = 1_000;

    private record Sent(Initiator.Pending command, int block, int value, long sinceMs) {}

    private final long seed = Seed.OF_THIS_RUN;
    private final Random random = new Random(seed);
    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", store).commandTimeoutMs(TIMEOUT_MS).build();
    private final Watchdog watchdog = new Watchdog(() -> this.nowMs);
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final List<Sent> underWay = new ArrayList<>();
    private final List<Set<Integer>> possible = new ArrayList<>();
    /** Blocks with a write that was answered, and that the store still has. */
    private final Set<Integer> lateWrites = new HashSet<>();

    private long nowMs = 1;
    private int timedOut;

    @Test
    void everyCommandIsAnsweredInTimeAndNoDataGoToAnother() {
        try {
            run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("replay with -Dlunette.seed=" + seed, e);
        }
    }

    private void run() {
        watchdog.watch(unit);
        for (int i = 0; i < BLOCKS; i++) {
            possible.add(new HashSet<>(Set.of(0)));
        }
        for (int i = 1; i <= STEPS; i++) {
            switch (random.nextInt(8)) {
                case 0 -> store.hold();
                case 1 -> comeBack();
                case 2, 3 -> pass(random.nextInt(400));
                case 4, 5 -> write(random.nextInt(BLOCKS), i & 0x7f);
                default -> read(random.nextInt(BLOCKS));
            }
            take();
        }
        comeBack();
        take();
        assertEquals(List.of(), underWay);
        awaitNoTasks();
        assertTrue(timedOut > 0, "no store hung");
    }

    /** The unit's own look at the store is on a thread of its own. */
    private void awaitNoTasks() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (unit.taskCount() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(0, unit.taskCount());
    }

    private void comeBack() {
        if (random.nextBoolean()) {
            store.release();
        } else {
            store.releaseBackwards();
        }
        lateWrites.clear();
        pass(1);
    }

    private void pass(long ms) {
        nowMs += ms;
        watchdog.step();
    }

    private void write(int block, int value) {
        if (lateWrites.contains(block) || underWay.stream().anyMatch(sent -> sent.value >= 0 && sent.block == block)) {
            return; // the order of two would be anybody's guess
        }
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) value);
        possible.get(block).add(value);
        underWay.add(new Sent(initiator.startOut(Cdb.write(block, 1), data), block, value, nowMs));
    }

    private void read(int block) {
        underWay.add(new Sent(initiator.startIn(Cdb.read(block, 1), BLOCK), block, -1, nowMs));
    }

    private void take() {
        take(false);
        take(true); // a read that ended with it may have seen the blocks as they were before
    }

    private void take(boolean writes) {
        for (Iterator<Sent> all = underWay.iterator(); all.hasNext(); ) {
            Sent sent = all.next();
            if (writes != sent.value >= 0) {
                continue;
            }
            if (sent.command.isDone()) {
                all.remove();
                check(sent, sent.command.reply());
            } else {
                assertTrue(nowMs - sent.sinceMs <= TIMEOUT_MS + 400, "it is late: " + sent);
            }
        }
    }

    private void check(Sent sent, Reply reply) {
        boolean good = reply.status() == ScsiStatus.GOOD;
        boolean write = sent.value >= 0;
        if (!good && reply.sense()[12] == 0x2e) {
            timedOut++;
            if (write) {
                lateWrites.add(sent.block);
            }
        }
        if (good && write) {
            possible.set(sent.block, new HashSet<>(Set.of(sent.value)));
        } else if (good) {
            for (byte each : reply.data()) {
                assertTrue(possible.get(sent.block).contains((int) each), "another's data");
            }
        }
    }
}
