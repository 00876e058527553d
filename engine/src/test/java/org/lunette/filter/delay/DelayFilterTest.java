package org.lunette.filter.delay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** Commands wait for the time that is said, hold up nobody else, and end at once when they are aborted. */
public class DelayFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "delay,time=500us,spread=exponential";
    }

    @Override
    protected String idle() {
        return "delay,opcode=REPORT_LUNS,time=1s";
    }

    @Override
    protected String wrongOption() {
        return "spread=wide";
    }

    @Test
    void eachKindWaitsForItsTime() {
        try (FilteredUnit filtered = new FilteredUnit("delay,read=20ms,write=50ms")) {
            Initiator initiator = filtered.initiator("a");
            Initiator.Pending write = initiator.startOut(Cdb.write(0, 1), new byte[BLOCK]);
            Initiator.Pending read = initiator.startIn(Cdb.read(0, 1), BLOCK);
            filtered.timer.advanceMs(19);
            assertFalse(read.isDone());
            filtered.timer.advanceMs(1);
            read.reply().good();
            filtered.timer.advanceMs(29);
            assertFalse(write.isDone());
            filtered.timer.advanceMs(1);
            write.reply().good();
            initiator.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void largerCommandsAndLongerWaysTakeLonger() {
        try (FilteredUnit filtered = new FilteredUnit("delay,opcode=read,per-byte=1us")) {
            Initiator initiator = filtered.initiator("a");
            Initiator.Pending read = initiator.startIn(Cdb.read(0, 8), 8 * BLOCK);
            filtered.timer.advanceMs(4);
            assertFalse(read.isDone());
            filtered.timer.advanceMs(1);
            read.reply().good();
            filtered.set("per-byte=,seek=100ms");
            assertEquals(50, waitMs(filtered, initiator.startIn(Cdb.read(256, 1), BLOCK)));
            initiator.in(Cdb.read(257, 1), BLOCK).good(); // the head is there
        }
    }

    private static int waitMs(FilteredUnit filtered, Initiator.Pending pending) {
        for (int ms = 0; ms < 1000; ms++) {
            if (pending.isDone()) {
                return ms;
            }
            filtered.timer.advanceMs(1);
        }
        throw new AssertionError("never");
    }

    @Test
    void oneSeedIsOneRun() {
        assertEquals(times("seed=7"), times("seed=7"));
        assertFalse(times("seed=7").equals(times("seed=8")));
    }

    private static List<Integer> times(String seed) {
        List<Integer> times = new ArrayList<>();
        try (FilteredUnit filtered = new FilteredUnit("delay,read=20ms,spread=exponential," + seed)) {
            Initiator initiator = filtered.initiator("a");
            for (int i = 0; i < 30; i++) {
                times.add(waitMs(filtered, initiator.startIn(Cdb.read(0, 1), BLOCK)));
            }
        }
        return times;
    }

    @Test
    void anOrderedCommandKeepsItsPlace() {
        try (FilteredUnit filtered = new FilteredUnit("delay,read=50ms,write=1ms")) {
            filtered.store.logged();
            Initiator initiator = filtered.initiator("a");
            initiator.startIn(Cdb.read(1, 1), BLOCK);
            initiator.as(TaskAttribute.ORDERED).startOut(Cdb.write(2, 1), new byte[BLOCK]);
            initiator.as(TaskAttribute.SIMPLE).startOut(Cdb.write(3, 1), new byte[BLOCK]);
            filtered.timer.advanceMs(49);
            assertEquals(List.of(), filtered.store.log);
            filtered.timer.advanceMs(1);
            assertEquals(List.of("read 512 512", "write 1024 512", "write 1536 512"), filtered.store.log);
        }
    }

    @Test
    void whatIsAbortedEndsAtOnceAndNeverReachesTheUnit() {
        try (FilteredUnit filtered = new FilteredUnit("delay,write=1m")) {
            filtered.store.logged();
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            Initiator.Pending write = a.startOut(Cdb.write(0, 1), new byte[BLOCK]);
            assertEquals(Response.FUNCTION_SUCCEEDED, a.manage(Function.QUERY_TASK_SET));
            assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.QUERY_TASK_SET));
            assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.ABORT_TASK_SET));
            assertFalse(write.isDone());
            assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.LOGICAL_UNIT_RESET));
            write.reply().is(ScsiStatus.TASK_ABORTED);
            a.none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
            Initiator.Pending second = a.startOut(Cdb.write(0, 1), new byte[BLOCK]);
            second.abort();
            filtered.chain.handler().commandsAborted(0);
            second.reply();
            Initiator.Pending third = a.prepare(Cdb.write(0, 1), DataDirection.OUT, new byte[BLOCK], BLOCK, BLOCK);
            third.abort(); // who aborts it has looked here before it comes
            filtered.chain.handler().commandsAborted(0);
            assertTrue(a.send(third).isDone());
            filtered.timer.advanceMs(60_000);
            assertEquals(List.of(), filtered.store.log);
        }
    }

    @Test
    void withTasZeroTheAbortedOfOthersEndWithoutStatus() {
        try (FilteredUnit filtered = new FilteredUnit("delay,read=1m")) {
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            byte[] list = Cdb.of("00000000 0a0a 00 10 00 00 00 00 ffff 0000");
            b.out(Cdb.modeSelect(6, list.length), list).good();
            a.takeAttentions();
            Initiator.Pending read = a.startIn(Cdb.read(0, 1), BLOCK);
            b.manage(Function.CLEAR_TASK_SET);
            read.reply();
            assertTrue(read.endedWithoutStatus());
            a.none(Cdb.testUnitReady()).attention(AdditionalSense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        }
    }

    @Test
    void moreThanItKeepsIsRefused() {
        try (FilteredUnit filtered = new FilteredUnit("delay,read=1m")) {
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            List<Initiator.Pending> kept = new ArrayList<>();
            for (int i = 0; i < 1024; i++) {
                kept.add(a.startIn(Cdb.read(0, 1), BLOCK));
            }
            a.in(Cdb.read(0, 1), BLOCK).is(ScsiStatus.TASK_SET_FULL);
            b.in(Cdb.read(0, 1), BLOCK).is(ScsiStatus.BUSY);
            filtered.filter().switchOff();
            kept.forEach(read -> read.reply().good());
        }
    }

    @Test
    void closedItEndsWhatItKeeps() {
        FilteredUnit filtered = new FilteredUnit("delay,read=1m");
        Initiator initiator = filtered.initiator("a");
        Initiator.Pending read = initiator.startIn(Cdb.read(0, 1), BLOCK);
        filtered.chain.close();
        read.reply().is(ScsiStatus.TASK_ABORTED);
        filtered.filter().switchOn();
        initiator.in(Cdb.read(0, 1), BLOCK).good();
    }

    @Test
    void manyBytesThatTakeLongAreNotDoneAtOnce() {
        try (FilteredUnit filtered = new FilteredUnit("delay,per-byte=60m")) {
            Initiator initiator = new Initiator(filtered.chain.handler(), "a");
            Initiator.Pending four = initiator.startIn(Cdb.read(0, 1), 4 << 20);
            Initiator.Pending eight = initiator.startIn(Cdb.read(0, 1), 8 << 20);
            filtered.timer.advanceMs(3_600_000);
            assertFalse(four.isDone());
            assertFalse(eight.isDone());
        }
    }
}
