package org.lunette.it.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.bridge.scstuser.MemoryReuse;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.ScstUserException;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.frontend.scstuser.ScstUserFrontEnd;
import org.lunette.frontend.scstuser.ScstUserFrontEnds;
import org.lunette.frontend.scstuser.ScstUserSettings;
import org.lunette.metrics.Counter;
import org.lunette.metrics.Counters;
import org.lunette.ring.CommandRing;
import org.lunette.ring.DedicatedRings;
import org.lunette.ring.OverflowExecutor;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.scsi.unit.Watchdog;

/** The front-end on the model of SCST's device, one situation each, turn by turn. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScstUserFrontEndTest {
    private static final ScstUserSettings SETTINGS =
            ScstUserSettings.of("disk0", 0, 512).withThreads(2);

    private final Counters counters = new Counters();
    private final SharedRings rings = new SharedRings(64, counters);
    private ModelScstUserDevice device = new ModelScstUserDevice(ModelFaults.NONE, false);
    private boolean putAside;
    private SimUnit unit = new SimUnit(1024, command -> putAside);
    private ScstUserFrontEnd frontEnd;

    @AfterEach
    void nothingIsLeft() {
        putAside = false;
        while (unit.completeOne()) {
            // what a test left
        }
        if (frontEnd != null) {
            frontEnd.close();
        }
        unit.close();
        device.dispose();
        assertEquals(List.of(), device.violations());
        assertEquals(List.of(), unit.violations());
        assertEquals(Map.of(), ScstRegions.open());
    }

    private ModelSession serve(ScstUserSettings settings) throws ScstUserException {
        frontEnd = ScstUserFrontEnd.open(settings, unit, rings, device, counters);
        ModelSession session = device.core.attach("initiator", 3);
        turns();
        assertTrue(session.isAttached());
        return session;
    }

    /** Lets both loops work until nothing is to be done. */
    private void turns() {
        int idle = 0;
        while (idle < 4) {
            idle = frontEnd.turn(0) + frontEnd.turn(1) == 0 ? idle + 1 : 0;
        }
    }

    private ModelCommand run(ModelCommand command) {
        device.core.submit(command);
        turns();
        return command;
    }

    private static byte[] pattern(int seed, int blocks) {
        byte[] data = new byte[blocks * SimUnit.BLOCK_BYTES];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static void assertSense(ModelCommand command, SenseKey key, AdditionalSense additional) {
        assertEquals(ModelCore.CHECK_CONDITION, command.status, command.toString());
        assertEquals(key.code(), Sense.key(command.sense));
        assertEquals(additional.code() & 0xff, Sense.code(command.sense));
        assertEquals(additional.qualifier() & 0xff, Sense.qualifier(command.sense));
    }

    @ParameterizedTest
    @EnumSource(MemoryReuse.class)
    void dataReadIsDataWrittenWhicheverBuffersTheKernelKeeps(MemoryReuse reuse) throws ScstUserException {
        ModelSession session = serve(SETTINGS.withMemoryReuse(reuse));
        for (int round = 0; round < 3; round++) {
            byte[] data = pattern(round, 5);
            assertEquals(ModelCore.GOOD, run(ModelCommand.write(session, 7, data)).status);
            ModelCommand read = run(ModelCommand.read(session, 7, 5));
            assertEquals(ModelCore.GOOD, read.status);
            assertArrayEquals(data, read.dataIn);
        }
        assertEquals(reuse == MemoryReuse.NONE ? 0 : 1, Math.min(1, device.core.buffers.cachedCount()));
        device.core.purge(100);
        turns();
        assertEquals(0, device.core.buffers.lentCount(), "all buffers came back");
        assertTrue(device.core.isQuiet());
    }

    @Test
    void cachedBuffersAreFreedWhenTheKernelSaysSo() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        run(ModelCommand.write(session, 0, pattern(1, 8)));
        long lent = RegionCounts.openBytes("scst_user data: disk0");
        assertTrue(lent > 0);
        device.core.purge(1);
        turns();
        assertTrue(RegionCounts.openBytes("scst_user data: disk0") < lent);
    }

    @Test
    void aShortReplyHasItsOwnLength() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelCommand inquiry = run(ModelCommand.in(session, 255, 0x12, 0, 0, 0, 255, 0));
        assertEquals(ModelCore.GOOD, inquiry.status);
        assertEquals(SimUnit.INQUIRY_BYTES, inquiry.dataIn.length);
    }

    @Test
    void aReplyIsCutToTheBufferItHas() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelCommand read = ModelCommand.in(session, 600, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0);
        assertEquals(600, run(read).dataIn.length);
        assertEquals(ModelCore.GOOD, read.status);
    }

    @Test
    void senseDataArrivesAndItsBufferIsKept() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelCommand beyond = run(ModelCommand.read(session, unit.blocks, 1));
        assertSense(beyond, SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        assertEquals(0, beyond.dataIn.length);
        assertEquals(0, device.core.buffers.lentCount(), "no buffer goes to the kernel with a reply that has no data");
        assertEquals(0, RegionCounts.openBytes("scst_user data: disk0"));
    }

    @Test
    void theUnitSeesOperationCodesThatTheKernelDoesNotKnow() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        assertSense(
                run(ModelCommand.none(session, 0xc1, 0, 0, 0, 0, 0)),
                SenseKey.ILLEGAL_REQUEST,
                AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        assertSense(
                run(ModelCommand.in(session, 64, 0xc2, 0, 0, 0, 0, 0)),
                SenseKey.ILLEGAL_REQUEST,
                AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        assertSense(
                run(ModelCommand.out(session, pattern(1, 1), 0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0)),
                SenseKey.ILLEGAL_REQUEST,
                AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        assertSense(
                run(ModelCommand.both(session, pattern(1, 1), 512, 0xc3, 0, 0, 0, 0, 0)),
                SenseKey.ILLEGAL_REQUEST,
                AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
    }

    @Test
    void bidirectionalCommandsAreRefused() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        assertSense(
                run(ModelCommand.both(session, pattern(1, 1), 512, 0x53, 0, 0, 0, 0, 0, 0, 0, 1, 0)),
                SenseKey.ILLEGAL_REQUEST,
                AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
    }

    @Test
    void longCdbsArriveWhole() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        for (int length : new int[] {17, 32, 260}) {
            int[] cdb = new int[length];
            cdb[0] = 0x7f;
            int sum = 0x7f;
            for (int i = 1; i < length - 1; i++) {
                cdb[i] = i * 7 & 0xff;
                sum += cdb[i];
            }
            cdb[length - 1] = sum & 0xff;
            assertEquals(ModelCore.GOOD, run(ModelCommand.none(session, cdb)).status, length + " bytes");
        }
        int[] tooLong = new int[261];
        tooLong[0] = 0x7f;
        assertSense(
                run(ModelCommand.none(session, tooLong)),
                SenseKey.ILLEGAL_REQUEST,
                AdditionalSense.INVALID_FIELD_IN_CDB);
    }

    @Test
    void aReservationThatTheKernelCarriedOutDoesNotReachTheUnit() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelCommand register = run(ModelCommand.out(session, new byte[24], 0x5f, 0, 0, 0, 0, 0, 0, 0, 24, 0));
        assertEquals(ModelCore.GOOD, register.status); // the unit would have said INVALID COMMAND OPERATION CODE
    }

    @Test
    void aWriteWithoutDataIsNotExecuted() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        device.core.losesBuffers = true;
        assertSense(
                run(ModelCommand.write(session, 0, pattern(1, 1))),
                SenseKey.HARDWARE_ERROR,
                AdditionalSense.INTERNAL_TARGET_FAILURE);
    }

    @Test
    void unknownSubcommandsAreAnsweredAndCounted() throws ScstUserException {
        serve(SETTINGS);
        device.core.ask(0x8010_7342);
        turns();
        assertTrue(device.core.isQuiet(), device.core.toString());
        assertEquals(1, counters.value(Counter.SCST_UNKNOWN_SUBCOMMAND));
    }

    @Test
    void anInterruptionLosesNothing() throws ScstUserException {
        device = new ModelScstUserDevice(new ModelFaults(new Random(1), 1, 0, 0), true); // each wait is interrupted
        ModelSession session = serve(SETTINGS);
        assertEquals(ModelCore.GOOD, run(ModelCommand.write(session, 0, pattern(1, 1))).status);
        assertTrue(device.core.isQuiet());
    }

    @ParameterizedTest
    @EnumSource(MemoryReuse.class)
    void aCallThatIsBegunAnewGivesNoBufferTwice(MemoryReuse reuse) throws ScstUserException {
        device = new ModelScstUserDevice(new ModelFaults(new Random(1), 0, 0, 0, 1), false); // each wait
        ModelSession session = serve(SETTINGS.withMemoryReuse(reuse).withThreads(2));
        for (int round = 0; round < 3; round++) {
            byte[] data = pattern(round, 2);
            run(ModelCommand.read(session, 0, 2)); // the first time, its reply brings a buffer
            assertEquals(ModelCore.GOOD, run(ModelCommand.write(session, 0, data)).status);
            assertArrayEquals(data, run(ModelCommand.read(session, 0, 2)).dataIn);
            assertSense(
                    run(ModelCommand.none(session, 0xc1, 0, 0, 0, 0, 0)),
                    SenseKey.ILLEGAL_REQUEST,
                    AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        }
        assertTrue(device.restarts > 10);
        assertEquals(0, counters.value(Counter.SCST_REPLY_REFUSED));
        assertTrue(device.core.isQuiet(), device.core.toString());
    }

    @Test
    void aCommandInABufferOfTheKernelsCostsOneCall() throws ScstUserException {
        ModelSession session = serve(SETTINGS.withThreads(2).withBatchCommands(1));
        device.core.submit(ModelCommand.read(session, 0, 1));
        run(ModelCommand.read(
                session, 0, 1)); // these bring two buffers: a command is answered when the next one is fetched
        int reads = 50;
        int before = device.ioctls;
        for (int i = 0; i < reads; i++) {
            device.core.submit(ModelCommand.read(session, i, 1));
            assertEquals(1, frontEnd.turn(0));
        }
        assertEquals(reads, device.ioctls - before);
    }

    @Test
    void aReplyThatComesTooLateDoesNotHoldUpTheOthers() throws ScstUserException {
        device = new ModelScstUserDevice(
                new ModelFaults(new Random(1), 0, 1, 0), false); // each command that can be is forgotten
        ModelSession session = serve(SETTINGS.withThreads(2).withBatchCommands(8));
        putAside = true;
        ModelCommand[] reads = new ModelCommand[6];
        for (int i = 0; i < reads.length; i++) {
            reads[i] = ModelCommand.read(session, i, 1);
            device.core.submit(reads[i]);
        }
        frontEnd.turn(0);
        assertEquals(6, unit.waiting());
        device.core.manage(ScstUser.SCST_ABORT_TASK, session, reads[2]);
        device.core.manage(ScstUser.SCST_ABORT_TASK, session, reads[3]);
        turns();
        while (unit.completeOne()) {
            // on this thread, which is no loop's now: each is answered alone
        }
        turns();
        for (int i = 0; i < reads.length; i++) {
            boolean forgotten = i == 2 || i == 3;
            assertEquals(forgotten ? 0 : 512, reads[i].dataIn.length, "read " + i);
        }
        assertEquals(2, counters.value(Counter.SCST_REPLY_TOO_LATE));
        assertEquals(4, device.core.buffers.cachedCount());
        assertEquals(
                device.core.buffers.lentBytes(),
                RegionCounts.openBytes("scst_user data: disk0"),
                "the late ones' buffers are free");
    }

    @Test
    void aBatchGoesOnAfterAReplyThatIsRefused() throws ScstUserException {
        device = new ModelScstUserDevice(new ModelFaults(new Random(3), 0, 0, 2), false); // every second answer or so
        ModelSession session = serve(SETTINGS);
        ModelCommand[] reads = new ModelCommand[12];
        for (int i = 0; i < reads.length; i++) {
            reads[i] = ModelCommand.read(session, i, 1);
            device.core.submit(reads[i]);
        }
        turns();
        long refused = Arrays.stream(reads)
                .filter(read -> read.status == ModelCore.BUSY)
                .count();
        assertTrue(refused > 0 && refused < 12, refused + " refused");
        assertTrue(Arrays.stream(reads).allMatch(ModelCommand::isDone));
        assertEquals(refused, counters.value(Counter.SCST_REPLY_REFUSED));
    }

    @Test
    void abortedCommandsAreMarkedAndAnsweredAllTheSame() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelSession other = device.core.attach("other", 0);
        turns();
        putAside = true;
        ModelCommand aborted = ModelCommand.write(session, 0, pattern(1, 1));
        ModelCommand others = ModelCommand.write(other, 1, pattern(2, 1));
        device.core.submit(aborted);
        device.core.submit(others);
        turns();
        ModelTask task = device.core.manage(ScstUser.SCST_ABORT_TASK, session, aborted);
        turns();
        assertEquals(null, task.result, "the kernel waits for the command");
        assertTrue(unit.completeOne() && unit.completeOne());
        turns();
        assertEquals(ScstUser.SCST_MGMT_STATUS_SUCCESS, task.result);
        assertEquals(1, unit.executedAborted.get());
        assertEquals(1, aborted.answers);
        assertEquals(ModelCore.GOOD, others.status);
        assertEquals(0, unit.resets.get());
    }

    @Test
    void aResetAbortsAllAndResetsTheUnit() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelSession other = device.core.attach("other", 0);
        turns();
        putAside = true;
        device.core.submit(ModelCommand.write(session, 0, pattern(1, 1)));
        device.core.submit(ModelCommand.write(other, 1, pattern(2, 1)));
        turns();
        ModelTask task = device.core.manage(ScstUser.SCST_LUN_RESET, session, null);
        turns();
        assertEquals(0, unit.resets.get(), "not before the commands have ended");
        assertTrue(unit.completeOne() && unit.completeOne());
        turns();
        assertEquals(2, unit.executedAborted.get());
        assertEquals(1, unit.resets.get());
        assertEquals(ScstUser.SCST_MGMT_STATUS_SUCCESS, task.result);
    }

    @Test
    void abortingATaskSetConcernsOneSession() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelSession other = device.core.attach("other", 0);
        turns();
        putAside = true;
        device.core.submit(ModelCommand.write(session, 0, pattern(1, 1)));
        device.core.submit(ModelCommand.write(other, 1, pattern(2, 1)));
        turns();
        device.core.manage(ScstUser.SCST_ABORT_TASK_SET, session, null);
        turns();
        assertTrue(unit.completeOne() && unit.completeOne());
        turns();
        assertEquals(1, unit.executedAborted.get());
    }

    @Test
    void abortingATaskSetConcernsOnlyCommandsSentBefore() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        putAside = true;
        ModelCommand[] writes = new ModelCommand[6];
        for (int i = 0; i < writes.length; i++) {
            writes[i] = ModelCommand.write(session, i, pattern(i, 1));
            device.core.submit(writes[i]);
        }
        turns();
        device.core.manage(ScstUser.SCST_ABORT_TASK_SET, session, null, writes[4].number);
        turns();
        while (unit.completeOne()) {
            // in their order
        }
        turns();
        assertEquals(4, unit.executedAborted.get());
        assertEquals(ModelCore.GOOD, writes[4].status);
        assertEquals(ModelCore.GOOD, writes[5].status);
    }

    @Test
    void aCommandFetchedBeforeAnEarlierFunctionIsNotAborted() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        device.core.manage(ScstUser.SCST_ABORT_TASK_SET, session, null);
        ModelCommand later = ModelCommand.none(session, 0, 0, 0, 0, 0, 0);
        device.core.submit(later);
        device.core.ready.addFirst(
                device.core.ready.pollLast()); // as if another thread was faster than the one with the function
        turns();
        assertEquals(ModelCore.GOOD, later.status);
        assertEquals(0, unit.executedAborted.get());
    }

    @Test
    void aSessionThatTheUnitRefusesIsRefused() throws ScstUserException {
        serve(SETTINGS);
        ModelSession refused = device.core.attach("refused", 0);
        turns();
        assertFalse(refused.isAttached());
        assertNotEquals(0, refused.attachResult);
        assertEquals(List.of("initiator"), unit.initiators());
    }

    @Test
    void aNewSessionMayHaveTheHandleOfOneThatHasEnded() throws ScstUserException {
        ModelSession session = serve(SETTINGS.withBatchCommands(1));
        device.core.detach(session);
        ModelSession second = device.core.attach("second", 0);
        assertEquals(session.handle, second.handle);
        turns();
        assertEquals(List.of("second"), unit.initiators());
        assertEquals(ModelCore.GOOD, run(ModelCommand.none(second, 0, 0, 0, 0, 0, 0)).status);
        device.core.detach(second);
        turns();
        assertEquals(List.of(), unit.initiators());
    }

    @Test
    void withoutMemoryLeftTheInitiatorIsToldToComeAgain() throws ScstUserException {
        ModelSession session = serve(SETTINGS.withLimits(8192, 1000));
        assertEquals(ModelCore.BUSY, run(ModelCommand.write(session, 0, pattern(1, 32))).status);
        assertEquals(ModelCore.BUSY, run(ModelCommand.read(session, 0, 32)).status);
        assertEquals(2, counters.value(Counter.SCST_NO_BUFFER));
        assertEquals(ModelCore.GOOD, run(ModelCommand.write(session, 0, pattern(1, 1))).status);
    }

    @Test
    void aChangedCapacityIsToldToTheKernel() throws ScstUserException {
        serve(SETTINGS);
        frontEnd.capacityChanged();
        assertEquals(1, device.capacityChanges);
    }

    @Test
    void stoppingAnswersWhatWasFetched() throws ScstUserException {
        ModelSession session = serve(SETTINGS);
        ModelCommand read = ModelCommand.read(session, 0, 1);
        device.core.submit(read);
        assertEquals(1, frontEnd.turn(0) + frontEnd.turn(1));
        assertFalse(read.isDone(), "the reply waits for the next turn");
        frontEnd.close();
        assertTrue(read.isDone());
        assertEquals(0, device.unansweredAtClose);
        assertEquals(List.of(), unit.initiators());
    }

    @Test
    void stoppingDoesNotWaitForeverAndFreesTheMemoryWhenItMay() throws ScstUserException {
        ModelSession session = serve(SETTINGS.withLimits(1 << 20, 50));
        putAside = true;
        device.core.submit(ModelCommand.read(session, 0, 1));
        turns();
        IllegalStateException busy = assertThrows(IllegalStateException.class, () -> frontEnd.close());
        assertTrue(busy.getMessage().contains("1 commands are not completed"), busy.getMessage());
        assertEquals(1, device.unansweredAtClose);
        assertTrue(RegionCounts.openBytes("scst_user data: disk0") > 0, "the store may still write there");
        assertTrue(unit.completeOne());
        assertEquals(Map.of(), ScstRegions.open());
    }

    @Test
    void aDeviceWhoseStoreIsStuckKeepsNoOtherFromItsEnd() throws ScstUserException {
        ModelScstUserDevice first = new ModelScstUserDevice(ModelFaults.NONE, false);
        try (SimUnit firstUnit = new SimUnit(16, command -> false)) {
            ScstUserFrontEnds both = new ScstUserFrontEnds();
            both.add(ScstUserFrontEnd.open(ScstUserSettings.of("disk1", 0, 512), firstUnit, rings, first, counters));
            ModelSession session = serve(SETTINGS.withLimits(1 << 20, 50));
            both.add(frontEnd);
            putAside = true;
            device.core.submit(ModelCommand.read(session, 0, 1));
            turns();
            IllegalStateException busy = assertThrows(IllegalStateException.class, both::close);
            assertTrue(busy.getMessage().startsWith("disk0: "), busy.getMessage());
            assertFalse(device.isOpen());
            assertFalse(first.isOpen());
        } finally {
            first.dispose();
        }
    }

    @Test
    void threadsThatWaitInTheKernelEnd() throws Exception {
        device = new ModelScstUserDevice(ModelFaults.NONE, true);
        frontEnd = ScstUserFrontEnd.start(SETTINGS.withThreads(3), unit, rings, device, counters);
        assertEquals(3, frontEndThreads());
        frontEnd.close();
        assertEquals(0, frontEndThreads());
    }

    @Test
    void handlerThreadsAnswerWhileTheLoopsWaitInTheKernel() throws Exception {
        device = new ModelScstUserDevice(ModelFaults.NONE, true);
        try (DedicatedRings dedicated = new DedicatedRings("test", 64, 2, counters)) {
            frontEnd = ScstUserFrontEnd.start(SETTINGS.withThreads(1), unit, dedicated, device, counters);
            ModelSession session = device.core.attach("initiator", 0);
            ModelCommand command = ModelCommand.write(session, 0, pattern(1, 1));
            device.core.submit(command);
            synchronized (command) {
                while (!command.isDone()) {
                    command.wait();
                }
            }
            assertEquals(ModelCore.GOOD, command.status);
            frontEnd.close();
        }
    }

    @Test
    void sessionsComeAndGoWhileAllThatMayWaitForTheStoreDo() throws Exception {
        device = new ModelScstUserDevice(ModelFaults.NONE, true);
        CountDownLatch free = new CountDownLatch(1);
        AtomicInteger waiting = new AtomicInteger();
        FakeStore store = FakeStore.ofBlocks(1024).by(operation -> {
            waiting.incrementAndGet();
            awaitQuietly(free);
            operation.run();
        });
        try (DedicatedRings overflow = new DedicatedRings("stuck", 64, 1, counters);
                LogicalUnit stuck = LogicalUnit.builder("disk0", store)
                        .handOver(executor -> new OverflowExecutor(executor, 1, () -> true, overflow))
                        .raisedByTransport(EnumSet.allOf(UnitAttention.class))
                        .build()) {
            frontEnd = ScstUserFrontEnd.start(SETTINGS.withBatchCommands(1), stuck, rings, device, counters);
            ModelSession session = device.core.attach("initiator", 0);
            awaitInModel(session::isAttached);
            ModelCommand[] reads = new ModelCommand[4];
            for (int i = 0; i < reads.length; i++) {
                reads[i] = ModelCommand.read(session, i, 1);
                device.core.submit(reads[i]);
            }
            awaitInModel(() -> waiting.get() == 2); // one of two loops, and the thread of the ring
            ModelSession other = device.core.attach("other", 0);
            awaitInModel(other::isAttached);
            free.countDown();
            for (ModelCommand read : reads) {
                awaitInModel(read::isDone);
                assertEquals(ModelCore.GOOD, read.status);
            }
            frontEnd.close();
        }
    }

    /** The buffers are the kernel's, which would use them again: so nothing is answered for the store. */
    @Test
    void commandsOfAStuckStoreWaitAndLaterOnesAreRefused() throws Exception {
        long[] nowMs = {1};
        FakeStore store = FakeStore.ofBlocks(1024);
        try (LogicalUnit stuck = LogicalUnit.builder("disk0", store)
                .commandTimeoutMs(1_000)
                .raisedByTransport(EnumSet.allOf(UnitAttention.class))
                .build()) {
            Watchdog watchdog = new Watchdog(() -> nowMs[0]);
            watchdog.watch(stuck);
            frontEnd = ScstUserFrontEnd.open(SETTINGS, stuck, rings, device, counters);
            ModelSession session = device.core.attach("initiator", 0);
            turns();
            store.hold();
            ModelCommand read = ModelCommand.read(session, 3, 1);
            device.core.submit(read);
            turns();
            nowMs[0] += 1_001;
            watchdog.step();
            turns();
            assertFalse(read.isDone());
            nowMs[0] += 1_000;
            watchdog.step();
            ModelCommand refused = ModelCommand.read(session, 4, 1);
            device.core.submit(refused);
            turns();
            assertEquals(ModelCore.CHECK_CONDITION, refused.status);
            store.release();
            turns();
            assertEquals(ModelCore.GOOD, read.status);
            frontEnd.close();
        }
    }

    @Test
    void whatAStuckThreadHadFetchedCountsAsAborted() throws Exception {
        device = new ModelScstUserDevice(ModelFaults.NONE, true);
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        unit.close();
        unit = new SimUnit(1024, command -> {
            stuck.countDown();
            awaitQuietly(free);
            return false;
        });
        frontEnd =
                ScstUserFrontEnd.start(SETTINGS.withThreads(1).withLimits(1 << 20, 50), unit, rings, device, counters);
        ModelSession session = device.core.attach("initiator", 0);
        awaitInModel(session::isAttached);
        synchronized (device.core) { // fetched together
            for (int i = 0; i < 3; i++) {
                device.core.submit(ModelCommand.read(session, i, 1));
            }
        }
        stuck.await();
        IllegalStateException busy = assertThrows(IllegalStateException.class, () -> frontEnd.close());
        assertTrue(busy.getMessage().contains("1 threads still wait"), busy.getMessage());
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("scst-disk0-0"))
                .findFirst()
                .orElseThrow();
        free.countDown();
        thread.join();
        assertEquals(3, unit.executedAborted.get());
        assertEquals(Map.of(), ScstRegions.open());
    }

    @Test
    void anErrorEndsOneCommandAndNoThread() throws Exception {
        device = new ModelScstUserDevice(ModelFaults.NONE, true);
        RingFactory failing = new FailingRings(rings, 2);
        frontEnd = ScstUserFrontEnd.start(SETTINGS.withThreads(1), unit, failing, device, counters);
        ModelSession refused = device.core.attach("mistaken", 0);
        awaitInModel(() -> refused.attachResult != null);
        assertFalse(refused.isAttached());
        ModelSession session = device.core.attach("initiator", 0);
        awaitInModel(session::isAttached);
        ModelCommand[] reads = new ModelCommand[6];
        synchronized (device.core) {
            for (int i = 0; i < reads.length; i++) {
                reads[i] = ModelCommand.read(session, i, 1);
                device.core.submit(reads[i]);
            }
        }
        for (int i = 0; i < reads.length; i++) {
            ModelCommand read = reads[i];
            awaitInModel(read::isDone);
            assertEquals(i == 1 ? ModelCore.CHECK_CONDITION : ModelCore.GOOD, read.status, "read " + i);
        }
        frontEnd.close();
        assertEquals(0, frontEndThreads());
    }

    /** Rings of which each fails, with an Error, at the command that has that number. */
    private record FailingRings(RingFactory rings, int failAt) implements RingFactory {
        @Override
        public CommandRing open(CommandExecutor executor) {
            CommandRing ring = rings.open(executor);
            AtomicInteger commands = new AtomicInteger();
            AtomicInteger drains = new AtomicInteger();
            return new CommandRing() {
                @Override
                public void submit(Command command) {
                    if (commands.incrementAndGet() == failAt) {
                        throw new AssertionError("at a command, on purpose");
                    }
                    ring.submit(command);
                }

                @Override
                public int drain() {
                    if (drains.incrementAndGet() == failAt) {
                        throw new AssertionError("at a drain, on purpose");
                    }
                    return ring.drain();
                }

                @Override
                public void close() {
                    ring.close();
                }
            };
        }

        @Override
        public void close() {
            rings.close();
        }
    }

    private void awaitInModel(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            device.core.awaitEvent(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long frontEndThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("scst-disk0-"))
                .count();
    }

    @Test
    void aUnitThatThrowsLosesNoCommand() throws ScstUserException {
        unit.close();
        unit = new SimUnit(16, command -> {
            throw new IllegalStateException("a mistake, on purpose");
        });
        ModelSession session = serve(SETTINGS);
        assertSense(
                run(ModelCommand.read(session, 0, 1)),
                SenseKey.HARDWARE_ERROR,
                AdditionalSense.INTERNAL_TARGET_FAILURE);
    }
}
