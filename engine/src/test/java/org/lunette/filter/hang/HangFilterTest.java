package org.lunette.filter.hang;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** What hangs does so until it is aborted, or the filter switched off; others go on. */
public class HangFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "hang,probability=5%";
    }

    @Override
    protected String idle() {
        return "hang,lba=64-100";
    }

    @Override
    protected String wrongOption() {
        return "every=0";
    }

    @Test
    void itHangsUntilItIsSwitchedOff() {
        try (FilteredUnit filtered = new FilteredUnit("hang,lba=100")) {
            Initiator initiator = filtered.initiator("a");
            Initiator.Pending hangs = initiator.startIn(Cdb.read(100, 1), BLOCK);
            initiator.in(Cdb.read(99, 1), BLOCK).good();
            filtered.timer.advanceMs(3_600_000);
            assertFalse(hangs.isDone());
            assertEquals(1, filtered.filter().keptCount());
            filtered.filter().switchOff();
            hangs.reply().good();
        }
    }

    @Test
    void aResetEndsIt() {
        try (FilteredUnit filtered = new FilteredUnit("hang,opcode=read")) {
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            Initiator.Pending hangs = a.startIn(Cdb.read(100, 1), BLOCK);
            assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.LOGICAL_UNIT_RESET));
            hangs.reply().is(ScsiStatus.TASK_ABORTED);
        }
    }

    @Test
    void functionsHangTooIfThatIsSaid() {
        try (FilteredUnit filtered = new FilteredUnit("hang,lba=100,functions")) {
            Initiator initiator = filtered.initiator("a");
            Initiator.Pending hangs = initiator.startIn(Cdb.read(100, 1), BLOCK);
            CompletableFuture<Response> reset = initiator.startManage(Function.LOGICAL_UNIT_RESET);
            hangs.abort();
            filtered.chain.handler().commandsAborted(0);
            assertFalse(hangs.isDone() || reset.isDone());
            filtered.filter().switchOff();
            assertTrue(hangs.isDone());
            assertEquals(Response.FUNCTION_COMPLETE, reset.join());
        }
    }
}
