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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;

/** Task management functions of a unit; SAM-5, clause 7. */
class TaskManagementFunctionsTest {
    private static final int BLOCK = 512;

    private final FakeStore store = FakeStore.ofBlocks(256);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");

    @Test
    void queryTaskSetTellsOfTheNexusesOwnCommands() {
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.QUERY_TASK_SET));
        store.hold();
        a.startIn(Cdb.read(0, 1), BLOCK);
        assertEquals(Response.FUNCTION_SUCCEEDED, a.manage(Function.QUERY_TASK_SET));
        assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.QUERY_TASK_SET));
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.QUERY_TASK_SET));
    }

    private int event(Initiator by) {
        int[] information = {-1};
        unit.manage(new TaskManagement(Function.QUERY_ASYNCHRONOUS_EVENT, by.nexus(), 0, (request, response) -> {
            boolean succeeded = response == Response.FUNCTION_SUCCEEDED;
            assertEquals(succeeded, request.additionalInformation() != 0);
            information[0] = request.additionalInformation();
        }));
        return information[0];
    }

    @Test
    void queryAsynchronousEventTellsOfAConditionAndLeavesIt() {
        assertEquals(0, event(a));
        unit.raise(UnitAttention.CAPACITY_CHANGED, NexusScope.only(a.nexus()));
        assertEquals(0x162a09, event(a), "one event");
        unit.raise(UnitAttention.MODE_PARAMETERS_CHANGED, NexusScope.only(a.nexus()));
        assertEquals(0x262a01, event(a), "more than one");
        assertEquals(0, event(b));
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        assertEquals(0x162a09, event(a));
    }

    @Test
    void nexusResetIsALossOfTheNexusThatGoesOn() {
        a.none(Cdb.of("16 00 00 00 00 00")).good();
        store.hold();
        Initiator.Pending mine = a.startIn(Cdb.read(0, 1), BLOCK);
        CompletableFuture<Response> answer = a.startManage(Function.I_T_NEXUS_RESET);
        assertTrue(mine.isAborted());
        assertFalse(answer.isDone());
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, answer.join());
        b.none(Cdb.testUnitReady()).good(); // the reservation of RESERVE is gone, and nothing is told
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.I_T_NEXUS_LOSS_OCCURRED);
        a.none(Cdb.testUnitReady()).good();
    }

    @Test
    void nexusResetLeavesOthersCommandsAlone() {
        store.hold();
        Initiator.Pending others = b.startIn(Cdb.read(0, 1), BLOCK);
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.I_T_NEXUS_RESET));
        store.release();
        others.reply().good();
    }

    @Test
    void clearTaskSetOfATaskSetForEachNexusIsTheNexusesOwn() {
        TaskAttributesTest.setControl(a, "0a0a 20 10 00 40 00 00 ffff 0000");
        b.takeAttentions();
        store.hold();
        Initiator.Pending mine = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending others = b.startIn(Cdb.read(1, 1), BLOCK);
        CompletableFuture<Response> answer = a.startManage(Function.CLEAR_TASK_SET);
        assertTrue(mine.isAborted());
        store.release();
        assertEquals(Response.FUNCTION_COMPLETE, answer.join());
        others.reply().good();
    }

    /** Whatever aborts it, whatever it waited for: what an aborted command would write is not written any more. */
    @Test
    void anAbortedCommandNeverWritesAfterItsAbortWasAnswered() throws Exception {
        long seed = Seed.OF_THIS_RUN;
        Random random = new Random(seed);
        Function[] functions = {
            Function.ABORT_TASK_SET,
            Function.CLEAR_TASK_SET,
            Function.I_T_NEXUS_RESET,
            Function.LOGICAL_UNIT_RESET,
            Function.TARGET_WARM_RESET
        };
        ExecutorService storeThreads = Executors.newFixedThreadPool(2);
        for (int round = 1; round <= 300; round++) {
            Function function = functions[random.nextInt(functions.length)];
            boolean own = function == Function.ABORT_TASK_SET || function == Function.I_T_NEXUS_RESET;
            if (random.nextBoolean()) {
                store.hold();
            }
            store.by(random.nextBoolean() ? storeThreads : Runnable::run);
            List<Initiator.Pending> writes = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                writes.add(anyWrite(random, round));
            }
            CompletableFuture<byte[]> answered = a.startManage(function).thenApply(response -> store.snapshot());
            store.release();
            byte[] then = answered.get(30, TimeUnit.SECONDS);
            writes.forEach(Initiator.Pending::reply);
            byte[] last = store.snapshot();
            int end = own ? 128 * BLOCK : 256 * BLOCK;
            assertArrayEquals(
                    Arrays.copyOf(then, end),
                    Arrays.copyOf(last, end),
                    function + ", round " + round + ", seed " + seed);
            a.takeAttentions();
            b.takeAttentions();
        }
        storeThreads.shutdown();
        assertEquals(0, unit.taskCount());
    }

    /** A writes to the first half of the unit, B to the second. */
    private Initiator.Pending anyWrite(Random random, int value) {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) value);
        boolean first = random.nextBoolean();
        TaskAttribute attribute = TaskAttribute.values()[random.nextInt(3)];
        Initiator by = first ? a : b;
        Initiator.Pending pending =
                by.as(attribute).startOut(Cdb.write(random.nextInt(128) + (first ? 0 : 128), 1), data);
        by.as(TaskAttribute.SIMPLE);
        return pending;
    }
}
