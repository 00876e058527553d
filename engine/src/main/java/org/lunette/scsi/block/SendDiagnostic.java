package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.scsi.path.PathNeed;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * SEND DIAGNOSTIC; SPC-5. The default self-test reads the ends of the medium, a short one samples, an extended one all
 * of it. None changes anything, so that DEVOFFL and UNITOFFL permit what is not done. Of diagnostic pages there is the
 * one that lists them.
 */
public final class SendDiagnostic implements OpcodeTable.Source {
    private static final int PF = 0x10;
    private static final int SELFTEST = 0x04;
    private static final int ABORT_BACKGROUND = 4;
    private static final int FOREGROUND = 4;
    private static final int SHORT = 1;
    private static final int EXTENDED = 2;
    private static final int TIMEOUT_S = 3600;
    private static final int PAGE_HEADER_BYTES = 4;

    private final SelfTests tests;

    public SendDiagnostic(SelfTests tests) {
        this.tests = tests;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("SEND DIAGNOSTIC", "1d f7 00 ff ff 00")
                .access(Access.WRITE)
                .dataOutIf(1, PF)
                .length(3, 2)
                .timeoutS(TIMEOUT_S)
                .needs(PathNeed.STANDBY)
                .handledBy(this::send));
    }

    private void send(Task task) {
        Command command = task.command();
        int code = command.cdb8(1) >> 5;
        boolean selfTest = (command.cdb8(1) & SELFTEST) != 0;
        int kind = code & ~FOREGROUND;
        if (code != 0 && selfTest) {
            task.invalidCdb(1, 2);
        } else if ((code != 0 || selfTest) && command.cdb16(3) != 0) {
            task.invalidCdb(3, 7);
        } else if (task.endedByAbort()) {
            return;
        } else if (selfTest) {
            runInForeground(task, 0, SelfTest.Extent.ENDS);
        } else if (code == ABORT_BACKGROUND) {
            tests.abort(SelfTest.Outcome.ABORTED_BY_SEND_DIAGNOSTIC);
            task.good();
        } else if (kind == SHORT || kind == EXTENDED) {
            SelfTest.Extent extent = kind == SHORT ? SelfTest.Extent.SAMPLES : SelfTest.Extent.ALL;
            if (code == kind) {
                runInBackground(task, code, extent);
            } else {
                runInForeground(task, code, extent);
            }
        } else if (code != 0) {
            task.invalidCdb(1, 7);
        } else {
            takePage(task, command.cdb16(3));
        }
    }

    private void runInForeground(Task task, int code, SelfTest.Extent extent) {
        boolean started = tests.start(code, extent, () -> isUnwanted(task), outcome -> finish(task, outcome));
        if (!started) {
            busy(task);
        }
    }

    /** Asked with each piece that is read: so long the test goes on. */
    private static boolean isUnwanted(Task task) {
        task.progressed();
        return task.command().isAborted();
    }

    private static void finish(Task task, SelfTest.Outcome outcome) {
        if (task.endedByAbort()) {
            return;
        }
        switch (outcome) {
            case PASSED -> task.good();
            case FAILED -> task.fail(SenseKey.HARDWARE_ERROR, AdditionalSense.LOGICAL_UNIT_FAILED_SELF_TEST);
            default -> task.fail(SenseKey.ABORTED_COMMAND, AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION);
        }
    }

    private void runInBackground(Task task, int code, SelfTest.Extent extent) {
        if (tests.start(code, extent, () -> false, outcome -> {})) {
            task.good();
        } else {
            busy(task);
        }
    }

    private static void busy(Task task) {
        task.fail(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_SELF_TEST_IN_PROGRESS);
    }

    /** Takes nothing, or the page that asks for the list of pages, which is what RECEIVE DIAGNOSTIC RESULTS gives. */
    private static void takePage(Task task, int lengthBytes) {
        Command command = task.command();
        if (lengthBytes == 0) {
            task.good();
            return;
        }
        if ((command.cdb8(1) & PF) == 0) {
            task.invalidCdb(1, 4);
            return;
        }
        byte[] page = new byte[PAGE_HEADER_BYTES];
        command.setTransferBytes(lengthBytes);
        if (lengthBytes < PAGE_HEADER_BYTES || command.dataOut(page, PAGE_HEADER_BYTES) < PAGE_HEADER_BYTES) {
            task.parameterListTooShort();
        } else if (page[0] != 0) {
            task.invalidParameter(0, -1);
        } else if (page[2] != 0 || page[3] != 0) {
            task.invalidParameter(2, -1);
        } else {
            task.good();
        }
    }
}
