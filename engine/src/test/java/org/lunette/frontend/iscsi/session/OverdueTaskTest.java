package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.frontend.iscsi.pdu.LogoutRequest;
import org.lunette.frontend.iscsi.pdu.LogoutResponse;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;

/** Commands that the device has not ended by their deadlines: who gets which answer, and what stays the device's. */
class OverdueTaskTest {
    private final Bench bench = new Bench().loggedIn();
    private final Initiator initiator = bench.initiator;

    OverdueTaskTest() {
        bench.device.holding = true;
    }

    private Command held(int index) {
        return bench.device.held.get(index);
    }

    private void overdue(Command command) {
        command.overdue(command.use());
        bench.thread.run();
    }

    private void endHeld() {
        bench.device.endHeld();
        bench.thread.run();
    }

    private void assertTimedOut(int tag) {
        SentPdu response = bench.next(Opcode.SCSI_RESPONSE);
        assertEquals(tag, response.pdu().initiatorTaskTag());
        assertEquals(ScsiStatus.CHECK_CONDITION.code(), response.scsiResponse().status());
        byte[] sense = response.data();
        assertEquals(AdditionalSense.COMMAND_TIMEOUT_DURING_PROCESSING.code(), sense[2 + 12]);
        assertEquals(AdditionalSense.COMMAND_TIMEOUT_DURING_PROCESSING.qualifier(), sense[2 + 13]);
    }

    private void assertFunction(int code) {
        assertEquals(
                code,
                bench.next(Opcode.TASK_MANAGEMENT_RESPONSE).taskManagement().response());
    }

    @Test
    void theAnswerComesOnceAndItsTagIsFree() {
        int tag = initiator.read(0, 1);
        Command late = held(0);
        overdue(late);
        assertTimedOut(tag);
        assertTrue(late.isAborted(), "what has not begun is not begun any more");
        ScsiCommand sameTag = initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 1), 512, false);
        sameTag.setInitiatorTaskTag(tag);
        initiator.send(sameTag);
        assertEquals(2, bench.device.heldCount());
        endHeld();
        assertEquals(tag, bench.next(Opcode.DATA_IN).pdu().initiatorTaskTag());
        bench.assertSilent();
    }

    @Test
    void theBufferIsNoOtherCommandsUntilTheDeviceGivesItBack() {
        initiator.read(0, 1);
        Command late = held(0);
        long lent = late.dataAddress();
        overdue(late);
        bench.next(Opcode.SCSI_RESPONSE);
        initiator.read(1, 1);
        assertNotEquals(lent, held(1).dataAddress());
        endHeld();
        bench.next(Opcode.DATA_IN);
        long held = bench.group.buffers().heldBytes();
        initiator.read(2, 1);
        initiator.read(3, 1);
        assertEquals(held, bench.group.buffers().heldBytes(), "both buffers are back");
    }

    @Test
    void oneThatEndsBeforeItIsFoundKeepsItsAnswer() {
        initiator.read(0, 1);
        Command inTime = held(0);
        int use = inTime.use();
        endHeld();
        bench.next(Opcode.DATA_IN);
        initiator.read(1, 1);
        inTime.overdue(use);
        bench.thread.run();
        bench.assertSilent();
        endHeld();
        bench.next(Opcode.DATA_IN);
    }

    @Test
    void anAbortOfItIsNotComplete() {
        int tag = initiator.read(0, 1);
        Command late = held(0);
        initiator.send(initiator.taskManagement(TaskManagementRequest.ABORT_TASK, 0, tag));
        bench.assertSilent();
        overdue(late);
        assertFunction(TaskManagementResponse.FUNCTION_REJECTED);
        bench.assertSilent();
        endHeld();
        bench.assertSilent();
    }

    @Test
    void anOrderedTaskBehindItGoesOn() {
        int first = initiator.read(0, 1);
        ScsiCommand ordered = initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 1, 1), 512, false);
        ordered.setAttribute(ScsiCommand.ORDERED);
        initiator.send(ordered);
        assertEquals(1, bench.device.heldCount());
        overdue(held(0));
        assertTimedOut(first);
        assertEquals(2, bench.device.heldCount());
    }

    @Test
    void aLogoutAndTheSessionsEndDoNotWaitForIt() {
        initiator.read(0, 1);
        initiator.send(initiator.logout(LogoutRequest.CLOSE_SESSION));
        bench.assertSilent();
        overdue(held(0));
        assertEquals(
                LogoutResponse.CLOSED,
                bench.next(Opcode.LOGOUT_RESPONSE).logout().response());
        assertEquals(1, bench.device.lost.size());
        bench.disconnect();
        assertEquals(0, bench.group.sessionCount());
        endHeld(); // after all, and nobody is there any more
        bench.assertSilent();
    }

    @Test
    void aLostConnectionsSessionIsOverAndItsBufferStaysTheDevices() {
        initiator.read(0, 1);
        bench.disconnect();
        assertEquals(1, bench.group.sessionCount());
        overdue(held(0));
        assertEquals(0, bench.group.sessionCount());
        long lent = bench.group.buffers().heldBytes();
        bench.groups.close();
        assertEquals(lent, bench.group.buffers().heldBytes(), "it is not freed under the device");
        endHeld();
        assertEquals(0, bench.group.buffers().heldBytes());
    }
}
