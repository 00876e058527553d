package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;

/** Unit attention conditions: who is told of them, once, by what; SAM-5, 5.14. */
class UnitAttentionTest {
    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();

    @Test
    void everyNewNexusIsToldOfThePowerOnOnce() {
        for (String name : new String[] {"a", "b"}) {
            Initiator initiator = new Initiator(unit, name);
            initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
            initiator.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void aNexusThatComesBackIsToldAgain() {
        Initiator first = Initiator.ready(unit, "a");
        first.close();
        Initiator again = new Initiator(unit, "a");
        again.none(Cdb.testUnitReady()).is(ScsiStatus.CHECK_CONDITION);
    }

    @Test
    void inquiryAndReportLunsNeitherSeeNorClearIt() {
        Initiator initiator = new Initiator(unit, "a");
        initiator.in(Cdb.inquiry(96), 96).good();
        initiator.in(Cdb.reportLuns(0, 64), 64).good();
        initiator.in(Cdb.vpd(0, 64), 64).good();
        initiator.in(Cdb.read(0, 1), 512).attention(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        initiator.in(Cdb.read(0, 1), 512).good();
    }

    @Test
    void requestSenseReturnsAndClearsIt() {
        for (boolean descriptor : new boolean[] {false, true}) {
            Initiator initiator = new Initiator(unit, "a" + descriptor);
            Reply reply = initiator.in(Cdb.requestSense(descriptor), 252).good();
            assertEquals(descriptor ? 0x72 : 0x70, reply.u8(0));
            assertEquals(SenseKey.UNIT_ATTENTION.code(), reply.u8(descriptor ? 1 : 2) & 0xf);
            assertEquals(0x2900, reply.u16(descriptor ? 2 : 12));
            assertEquals(descriptor ? 8 : 18, reply.transferBytes());
            reply = initiator.in(Cdb.requestSense(descriptor), 252).good();
            assertEquals(0, reply.u8(descriptor ? 1 : 2) & 0xf, "NO SENSE");
            initiator.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void anUnknownOperationCodeIsToldOfItFirst() {
        Initiator initiator = new Initiator(unit, "a");
        initiator.none(Cdb.of("ff 00 00 00 00 00")).is(ScsiStatus.CHECK_CONDITION);
        initiator
                .none(Cdb.of("ff 00 00 00 00 00"))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
    }

    @Test
    void conditionsAreReportedByPrecedenceOneEach() {
        Initiator initiator = Initiator.ready(unit, "a");
        unit.raise(UnitAttention.CAPACITY_CHANGED, NexusScope.ALL);
        unit.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.ALL);
        unit.raise(UnitAttention.CAPACITY_CHANGED, NexusScope.ALL);
        unit.raise(UnitAttention.RESET, NexusScope.ALL);
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
        initiator.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aPowerOnIncludesALaterReset() {
        Initiator initiator = new Initiator(unit, "a");
        unit.raise(UnitAttention.RESET, NexusScope.ALL);
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        initiator.none(Cdb.testUnitReady()).good();
        unit.raise(UnitAttention.RESET, NexusScope.ALL);
        unit.raise(UnitAttention.POWER_ON_OR_RESET, NexusScope.ALL);
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        initiator.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aScopeIsKept() {
        Initiator a = Initiator.ready(unit, "a");
        Initiator b = Initiator.ready(unit, "b");
        unit.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.only(a.nexus()));
        b.none(Cdb.testUnitReady()).good();
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        unit.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.allBut(a.nexus()));
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
    }

    @Test
    void aResetGoesBeforeAReservationConflictAndTheRestAfterIt() {
        Initiator holder = Initiator.ready(unit, "a");
        Initiator other = Initiator.ready(unit, "b");
        int exclusive = ReservationType.EXCLUSIVE_ACCESS.code();
        holder.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)).good();
        holder.out(Cdb.reserveOut(1, exclusive), Cdb.keys(1, 0)).good();
        unit.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.only(other.nexus()));
        unit.raise(UnitAttention.RESET, NexusScope.only(other.nexus()));
        other.in(Cdb.read(0, 1), 512).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        other.in(Cdb.read(0, 1), 512).is(ScsiStatus.RESERVATION_CONFLICT);
        other.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        other.in(Cdb.read(0, 1), 512).is(ScsiStatus.RESERVATION_CONFLICT);
    }

    @Test
    void anAbortedCommandTakesNothingAway() {
        Initiator initiator = new Initiator(unit, "a");
        for (byte[] cdb : List.of(Cdb.testUnitReady(), Cdb.requestSense(false), Cdb.reportLuns(0, 64))) {
            Initiator.Pending pending = initiator.prepare(cdb, DataDirection.NONE, null, 0, 0);
            pending.abort();
            initiator.send(pending).reply().is(ScsiStatus.TASK_ABORTED);
        }
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
    }

    /**
     * A unit where something happens between a command's entering the task set and its being looked at, and between its
     * taking its status and its leaving the task set.
     */
    private LogicalUnit withMoments(Runnable first, Runnable last) {
        return LogicalUnit.builder("m", store)
                .handOver(inner -> command -> {
                    first.run();
                    command.addCompletion(ended -> {
                        last.run();
                        ended.continueCompletion();
                    });
                    inner.execute(command);
                })
                .build();
    }

    @Test
    void whatACommandReportsAndIsAbortedOnTheWayIsPendingAgain() {
        AtomicReference<Runnable> next = new AtomicReference<>(() -> {});
        LogicalUnit slow = withMoments(() -> {}, () -> next.getAndSet(() -> {}).run());
        Initiator initiator = Initiator.ready(slow, "a");
        Initiator other = Initiator.ready(slow, "b");
        for (byte[] cdb : List.of(Cdb.testUnitReady(), Cdb.requestSense(false))) {
            slow.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.ALL);
            next.set(() -> other.startManage(TaskManagement.Function.LOGICAL_UNIT_RESET));
            Initiator.Pending aborted = initiator.startIn(cdb, 252);
            aborted.reply();
            assertTrue(aborted.isAborted());
            for (Initiator one : List.of(initiator, other)) {
                one.none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
                one.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
                one.none(Cdb.testUnitReady()).good();
            }
        }
    }

    /**
     * Nexuses with two threads each send commands while the unit is reset. Of what is reported with an aborted command
     * nobody hears: still each nexus hears of each reset once.
     */
    @Test
    @Timeout(300)
    void eachNexusHearsOfEachResetOnce() throws Exception {
        long seed = Seed.OF_THIS_RUN;
        int nexuses = 2;
        int threads = 2 * nexuses;
        LogicalUnit slow = withMoments(Thread::yield, Thread::yield);
        Initiator manager = new Initiator(slow, "manager");
        List<AtomicInteger> heard = new ArrayList<>();
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < nexuses; i++) {
            Nexus nexus = Initiator.ready(slow, "n" + i).nexus();
            AtomicInteger count = new AtomicInteger();
            heard.add(count);
            for (int j = 0; j < 2; j++) {
                senders.add(new Sender(slow, nexus, count, new Random(seed + senders.size())));
            }
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 1; round <= 1000; round++) {
                CountDownLatch running = new CountDownLatch(threads);
                List<Future<?>> during = new ArrayList<>();
                for (Sender sender : senders) {
                    during.add(executor.submit(() -> {
                        running.countDown();
                        sender.sendSome();
                        return null;
                    }));
                }
                running.await();
                manager.manage(TaskManagement.Function.LOGICAL_UNIT_RESET);
                for (Future<?> one : during) {
                    one.get();
                }
                for (Sender sender : senders) {
                    sender.send(); // one after the reset, at least
                }
                for (AtomicInteger count : heard) {
                    assertEquals(round, count.get(), "resets heard of; seed " + seed);
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** Sends TEST UNIT READY by one command object, and counts the conditions that its nexus hears of. */
    private static final class Sender {
        private final LogicalUnit to;
        private final Nexus nexus;
        private final Random random;
        private final Semaphore ended = new Semaphore(0);
        private final Command command;

        Sender(LogicalUnit to, Nexus nexus, AtomicInteger heard, Random random) {
            this.to = to;
            this.nexus = nexus;
            this.random = random;
            this.command = new Command(null, c -> {
                if (!c.isAborted() && c.status() == ScsiStatus.CHECK_CONDITION) {
                    heard.incrementAndGet();
                }
                ended.release();
            });
        }

        void sendSome() throws InterruptedException {
            for (int i = random.nextInt(30); i > 0; i--) {
                send();
            }
        }

        /** Sends one, and waits for its end: a reset's thread may be who brings the command back. */
        void send() throws InterruptedException {
            command.begin(nexus, 0, 1, TaskAttribute.SIMPLE);
            command.setCdbWords(0, 0);
            to.execute(command);
            ended.acquire();
        }
    }

    @Test
    void whatTheTransportRaisesIsLeftToIt() {
        LogicalUnit quiet = LogicalUnit.builder("q", store)
                .raisedByTransport(EnumSet.of(UnitAttention.POWER_ON_OR_RESET, UnitAttention.RESET))
                .build();
        Initiator initiator = new Initiator(quiet, "a");
        initiator.none(Cdb.testUnitReady()).good();
        initiator.manage(TaskManagement.Function.LOGICAL_UNIT_RESET);
        initiator.none(Cdb.testUnitReady()).good();
        quiet.raise(UnitAttention.CAPACITY_CHANGED, NexusScope.ALL);
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
    }

    @Test
    void aCommandOfAnUnknownNexusIsAFaultOfTheFrontEnd() {
        Initiator stranger = new Initiator(unit, new Nexus("i", "t", 1));
        stranger.close();
        Initiator.Pending pending = stranger.prepare(Cdb.testUnitReady(), DataDirection.NONE, null, 0, 0);
        assertThrows(IllegalStateException.class, () -> stranger.send(pending));
    }
}
