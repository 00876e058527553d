package org.lunette.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** The order that task attributes ask for, where a filter keeps commands; SAM-5, 8.6. */
class KeptOrderTest {
    private static final int BLOCK = 512;

    private static Initiator.Pending read(Initiator initiator) {
        return initiator.startIn(Cdb.read(0, 1), BLOCK);
    }

    private static Initiator.Pending write(Initiator initiator) {
        return initiator.startOut(Cdb.write(0, 1), new byte[BLOCK]);
    }

    @Test
    void anOrderedCommandThatWasAbortedHoldsUpNobody() {
        try (FilteredUnit filtered = new FilteredUnit("delay,write=1s,read=1ms")) {
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            write(a.as(TaskAttribute.ORDERED));
            assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.ABORT_TASK_SET));
            Initiator.Pending read = read(b);
            filtered.timer.advanceMs(1);
            assertTrue(read.isDone(), "it waits for what is gone");
            read.reply().good();
        }
    }

    @Test
    void anOrderedCommandThatWasPassedOnEarlyHoldsUpNobody() {
        try (FilteredUnit filtered = new FilteredUnit("delay,write=1s,read=1ms")) {
            Initiator initiator = filtered.initiator("a");
            Initiator.Pending write = write(initiator.as(TaskAttribute.ORDERED));
            filtered.filter().switchOff();
            write.reply().good();
            filtered.filter().switchOn();
            Initiator.Pending read = read(initiator.as(TaskAttribute.SIMPLE));
            filtered.timer.advanceMs(1);
            assertTrue(read.isDone(), "it waits for what is gone");
            read.reply().good();
        }
    }

    @Test
    void oneOrderedCommandOfTwoThatIsAbortedLeavesThePlaceOfTheOther() {
        try (FilteredUnit filtered = new FilteredUnit("delay,write=5ms,read=1ms")) {
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            Initiator.Pending kept = write(a.as(TaskAttribute.ORDERED));
            write(b.as(TaskAttribute.ORDERED));
            assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.ABORT_TASK_SET));
            Initiator.Pending read = read(b.as(TaskAttribute.SIMPLE));
            filtered.timer.advanceMs(1);
            assertFalse(read.isDone());
            filtered.timer.advanceMs(4);
            kept.reply().good();
            read.reply().good();
        }
    }

    @Test
    void anOrderedCommandThatMayGoWaitsForThoseThatMayNotYet() {
        try (FilteredUnit filtered = new FilteredUnit("rate,iops=100,burst=0ms")) {
            Initiator initiator = filtered.initiator("a");
            Initiator other = filtered.initiator("b").as(TaskAttribute.ORDERED);
            read(initiator).reply().good();
            Initiator.Pending second = read(initiator);
            Initiator.Pending ordered = other.startIn(Cdb.of("12 00 00 00 24 00"), 36);
            assertFalse(ordered.isDone(), "it overtakes what came before it");
            filtered.timer.advanceMs(10);
            second.reply().good();
            ordered.reply().good();
        }
    }

    @Test
    void whatMayGoWaitsForAnOrderedCommandThatMayNotYet() {
        try (FilteredUnit filtered = new FilteredUnit("rate,iops=100,burst=0ms")) {
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            Initiator c = filtered.initiator("c").as(TaskAttribute.HEAD_OF_QUEUE);
            read(a).reply().good();
            Initiator.Pending ordered = write(a.as(TaskAttribute.ORDERED));
            Initiator.Pending later = read(b);
            assertFalse(later.isDone(), "it overtakes an ORDERED command");
            assertTrue(read(c).isDone(), "HEAD OF QUEUE waits");
            filtered.timer.advanceMs(10);
            ordered.reply().good();
            later.reply().good();
        }
    }
}
