package org.lunette.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
import org.lunette.metrics.Counter;
import org.lunette.metrics.Counters;

/** What a front-end relies on in every mode: order where it is promised, bounds, and an answer to every command. */
@Timeout(30)
class RingTest {
    private static final Nexus NEXUS = new Nexus("initiator", "target", 1);

    private final Counters counters = new Counters();
    private final List<Long> completed = new ArrayList<>();

    @Test
    void sharedRingExecutesInOrderOnTheSubmittersThread() {
        Thread submitter = Thread.currentThread();
        CommandRing ring = new SharedRings(8, counters).open(handler(command -> {
            assertEquals(submitter, Thread.currentThread());
            command.completeGood();
        }));
        for (int tag = 0; tag < 5; tag++) {
            ring.submit(command(tag));
        }
        assertTrue(completed.isEmpty());
        assertEquals(5, ring.drain());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), completed);
    }

    @Test
    void beyondItsDepthARingAnswersTaskSetFullAndRecovers() {
        CommandRing ring = new SharedRings(4, counters).open(handler(Command::completeGood));
        List<Command> commands = new ArrayList<>();
        for (int tag = 0; tag < 6; tag++) {
            Command command = command(tag);
            commands.add(command);
            ring.submit(command);
        }
        assertEquals(List.of(4L, 5L), completed);
        assertEquals(ScsiStatus.TASK_SET_FULL, commands.get(4).status());
        assertEquals(2, counters.value(Counter.RING_FULL));
        assertEquals(4, ring.drain());
        Command again = command(9);
        ring.submit(again);
        ring.drain();
        assertEquals(ScsiStatus.GOOD, again.status());
    }

    @Test
    void aCommandThatWaitsForItsStoreHoldsNoSlot() {
        List<Command> waiting = new ArrayList<>();
        CommandRing ring = new SharedRings(2, counters).open(handler(waiting::add));
        for (int tag = 0; tag < 10; tag++) {
            ring.submit(command(tag));
            ring.drain();
        }
        assertEquals(10, waiting.size());
        assertEquals(0, counters.value(Counter.RING_FULL));
        waiting.forEach(Command::completeGood);
        assertEquals(10, completed.size());
    }

    @Test
    void aHandlersExceptionBecomesSenseDataAndTheRingGoesOn() {
        CommandRing ring = new SharedRings(4, counters).open(handler(command -> {
            if (command.tag() == 1) {
                throw new IllegalStateException("planted");
            }
            command.completeGood();
        }));
        Command failing = command(1);
        Command next = command(2);
        ring.submit(failing);
        ring.submit(next);
        ring.drain();
        assertEquals(ScsiStatus.CHECK_CONDITION, failing.status());
        assertEquals(SenseKey.HARDWARE_ERROR.code(), Sense.key(failing.sense()));
        assertEquals(0x44, Sense.code(failing.sense()));
        assertEquals(ScsiStatus.GOOD, next.status());
        assertEquals(1, counters.value(Counter.HANDLER_FAILED));
    }

    @Test
    void anExceptionAfterCompletionDoesNotTouchTheCommandsNextUse() {
        Command[] reused = new Command[1];
        CommandRing ring = new SharedRings(4, counters).open(handler(command -> {
            command.completeGood();
            throw new IllegalStateException("planted, too late");
        }));
        reused[0] = new Command(null, command -> command.begin(NEXUS, 0, 77, TaskAttribute.SIMPLE));
        reused[0].begin(NEXUS, 0, 1, TaskAttribute.SIMPLE);
        ring.submit(reused[0]);
        ring.drain();
        assertEquals(77, reused[0].tag());
        assertTrue(reused[0].complete(ScsiStatus.BUSY), "the second use must still be open");
    }

    @Test
    void whateverACompletionThrowsTheRingGoesOn() {
        CommandRing ring = new SharedRings(4, counters).open(handler(command -> {
            if (command.tag() == 1) {
                throw new IllegalStateException("planted");
            }
            command.completeGood();
        }));
        Command failing = new Command(null, ended -> {
            throw new AssertionError("planted");
        });
        failing.begin(NEXUS, 0, 1, TaskAttribute.SIMPLE);
        Command next = command(2);
        ring.submit(failing);
        ring.submit(next);
        assertEquals(2, ring.drain());
        assertEquals(ScsiStatus.GOOD, next.status());
    }

    @Test
    void completionsMaySubmitTheNextCommand() {
        CommandRing[] ring = new CommandRing[1];
        AtomicInteger left = new AtomicInteger(1000);
        Command[] only = new Command[1];
        only[0] = new Command(null, command -> {
            if (left.decrementAndGet() > 0) {
                command.begin(NEXUS, 0, left.get(), TaskAttribute.SIMPLE);
                ring[0].submit(command);
            }
        });
        ring[0] = new SharedRings(2, counters).open(handler(Command::completeGood));
        only[0].begin(NEXUS, 0, 0, TaskAttribute.SIMPLE);
        ring[0].submit(only[0]);
        ring[0].drain();
        assertEquals(0, left.get());
    }

    @Test
    void steppedRingExecutesWhenTheTestSaysSo() {
        SteppedRing ring = new SteppedRing(handler(Command::completeGood), 8, counters);
        for (int tag = 0; tag < 5; tag++) {
            ring.submit(command(tag));
        }
        assertEquals(0, ring.drain());
        assertEquals(2, ring.step(2));
        assertEquals(List.of(0L, 1L), completed);
        assertEquals(3, ring.step(10));
        assertEquals(0, ring.step(10));
    }

    @Test
    void dedicatedThreadsExecuteEverythingExactlyOnceFromManySubmitters() throws Exception {
        int submitters = 3;
        int each = 20_000;
        AtomicInteger good = new AtomicInteger();
        AtomicInteger full = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(submitters * each);
        try (DedicatedRings rings = new DedicatedRings("test", 64, 2, counters)) {
            for (int s = 0; s < submitters; s++) {
                CommandRing ring = rings.open(handler(Command::completeGood));
                new Thread(() -> {
                            for (int tag = 0; tag < each; tag++) {
                                Command command = new Command(null, ended -> {
                                    (ended.status() == ScsiStatus.GOOD ? good : full).incrementAndGet();
                                    all.countDown();
                                });
                                command.begin(NEXUS, 0, tag, TaskAttribute.SIMPLE);
                                ring.submit(command);
                            }
                        })
                        .start();
            }
            assertTrue(all.await(20, TimeUnit.SECONDS), () -> all.getCount() + " commands have no answer");
        }
        assertEquals(submitters * each, good.get() + full.get());
        assertEquals(full.get(), counters.value(Counter.RING_FULL));
        assertTrue(good.get() > 0);
    }

    @Test
    void closingDedicatedRingsExecutesWhatWasSubmitted() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        DedicatedRings rings = new DedicatedRings("test", 64, 1, counters);
        CommandRing ring = rings.open(handler(command -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            command.completeGood();
        }));
        for (int tag = 0; tag < 50; tag++) {
            Command command = new Command(null, c -> ended.incrementAndGet());
            command.begin(NEXUS, 0, tag, TaskAttribute.SIMPLE);
            ring.submit(command);
        }
        Thread closer = new Thread(rings::close);
        closer.start();
        release.countDown();
        closer.join();
        assertEquals(50, ended.get());
    }

    @Test
    void aBlockedHandlerFreesTheSlotsOfThoseBeforeIt() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (DedicatedRings rings = new DedicatedRings("test", 4, 1, counters)) {
            CommandRing ring = rings.open(handler(command -> {
                if (command.tag() == 3) {
                    blocked.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                command.completeGood();
            }));
            for (int tag = 0; tag < 4; tag++) {
                ring.submit(quiet(tag));
            }
            blocked.await();
            for (int tag = 4; tag < 7; tag++) {
                ring.submit(quiet(tag));
            }
            assertEquals(0, counters.value(Counter.RING_FULL));
            release.countDown();
        }
    }

    @Test
    void noCommandWaitsBehindABusyThreadWhileAnotherIsIdle() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(100);
        try (DedicatedRings rings = new DedicatedRings("test", 128, 2, counters)) {
            CommandRing ring = rings.open(handler(command -> {
                if (command.tag() == 0) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                } else {
                    others.countDown();
                }
                command.completeGood();
            }));
            for (int tag = 0; tag <= 100; tag++) {
                ring.submit(quiet(tag));
            }
            assertTrue(
                    others.await(20, TimeUnit.SECONDS),
                    () -> others.getCount() + " commands wait behind a busy thread");
            release.countDown();
        }
    }

    @Test
    void closingSaysWhenAThreadStillWaitsForItsStore() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        DedicatedRings rings = new DedicatedRings("stuck", 4, 1, TimeUnit.MILLISECONDS.toNanos(50), counters);
        rings.open(handler(command -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    command.completeGood();
                }))
                .submit(quiet(1));
        IllegalStateException stuck = assertThrows(IllegalStateException.class, rings::close);
        assertTrue(stuck.getMessage().contains("stuck"), stuck::getMessage);
        release.countDown();
    }

    private static Command quiet(long tag) {
        Command command = new Command(null, c -> {});
        command.begin(NEXUS, 0, tag, TaskAttribute.SIMPLE);
        return command;
    }

    private Command command(long tag) {
        Command command = new Command(null, c -> completed.add(c.tag()));
        command.begin(NEXUS, 0, tag, TaskAttribute.SIMPLE);
        return command;
    }

    private interface Execute {
        void execute(Command command);
    }

    private static CommandHandler handler(Execute execute) {
        return new CommandHandler() {
            @Override
            public void execute(Command command) {
                execute.execute(command);
            }

            @Override
            public void manage(TaskManagement request) {
                throw new AssertionError("not by the ring");
            }

            @Override
            public void nexusEstablished(Nexus nexus) {
                throw new AssertionError("not by the ring");
            }

            @Override
            public void nexusLost(Nexus nexus) {
                throw new AssertionError("not by the ring");
            }
        };
    }
}
