package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.ABORT_TASK;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.ABORT_TASK_SET;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.CLEAR_ACA;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.CLEAR_TASK_SET;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.I_T_NEXUS_RESET;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.LOGICAL_UNIT_RESET;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.QUERY_ASYNCHRONOUS_EVENT;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.QUERY_TASK;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.QUERY_TASK_SET;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.TARGET_COLD_RESET;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.TARGET_WARM_RESET;
import static org.lunette.frontend.iscsi.pdu.TaskManagementRequest.TASK_REASSIGN;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.command.QueueError;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;

/** Task management functions; RFC 7143, 11.5 and 11.6. */
class TaskManagementTest {
    private final Bench bench = new Bench().loggedIn();
    private final Initiator initiator = bench.initiator;

    private void assertAnswer(int code) {
        assertEquals(
                code,
                bench.next(Opcode.TASK_MANAGEMENT_RESPONSE).taskManagement().response());
    }

    private void endHeld() {
        bench.device.endHeld();
        bench.thread.run();
    }

    @Test
    void abortTaskIsAnsweredWhenTheTaskHasEndedAndItHasNoStatus() {
        bench.device.holding = true;
        int aborted = initiator.read(0, 1);
        int other = initiator.read(0, 1);
        initiator.send(initiator.taskManagement(ABORT_TASK, 0, aborted));
        assertTrue(bench.device.held.get(0).isAborted());
        assertFalse(bench.device.held.get(1).isAborted());
        bench.assertSilent();
        endHeld();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        assertEquals(other, bench.next(Opcode.DATA_IN).pdu().initiatorTaskTag());
        bench.assertSilent();
        assertTrue(bench.device.managed.isEmpty(), "the device is not asked");
    }

    @Test
    void abortTaskOfOneThatWaitsForDataIsAnsweredAtOnce() {
        ScsiCommand write = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 2), 1024, true);
        initiator.send(write);
        int transferTag = bench.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        initiator.send(initiator.taskManagement(ABORT_TASK, 0, write.initiatorTaskTag()));
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        initiator.send(initiator.dataOut(write.initiatorTaskTag(), transferTag, 0, 0, true), new byte[1024]);
        bench.assertSilent();
        assertTrue(bench.device.executed.isEmpty(), "data that come late are dropped");

        ScsiCommand sameTag = initiator.command(0, new byte[6], 0, false);
        sameTag.setInitiatorTaskTag(write.initiatorTaskTag());
        initiator.send(sameTag);
        bench.next(Opcode.SCSI_RESPONSE);
    }

    @Test
    void abortTaskOfOneWhoseDataGoOutIsAnsweredAfterItsStatus() {
        bench.transport.room = 1;
        ScsiCommand read = initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 40), 40 * 512, false);
        initiator.send(read);
        initiator.send(initiator.taskManagement(ABORT_TASK, 0, read.initiatorTaskTag()));
        assertEquals(1, bench.transport.sent.size());
        bench.transport.writable = true;
        bench.transport.room = -1;
        bench.connection.writable();
        bench.next(Opcode.DATA_IN);
        bench.next(Opcode.DATA_IN);
        assertTrue(bench.next(Opcode.DATA_IN).dataIn().hasStatus());
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
    }

    @Test
    void abortTaskOfNone() {
        initiator.testUnitReady(0);
        bench.next(Opcode.SCSI_RESPONSE);
        TaskManagementRequest ended = initiator.taskManagement(ABORT_TASK, 0, 1);
        ended.setRefCmdSn(1);
        initiator.send(ended);
        assertAnswer(TaskManagementResponse.TASK_DOES_NOT_EXIST);

        bench.device.holding = true;
        int tag = initiator.testUnitReady(0);
        initiator.send(initiator.taskManagement(ABORT_TASK, 1, tag));
        assertAnswer(TaskManagementResponse.TASK_DOES_NOT_EXIST);
        assertFalse(bench.device.held.get(0).isAborted(), "it is another unit's");
    }

    @Test
    void abortTaskOfOneThatNeverArrivedCountsItAsReceived() {
        int lost = initiator.cmdSn++;
        initiator.testUnitReady(0);
        bench.assertSilent();
        TaskManagementRequest abort = initiator.taskManagement(ABORT_TASK, 0, 4711);
        abort.setRefCmdSn(lost);
        initiator.send(abort);
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        bench.next(Opcode.SCSI_RESPONSE);
    }

    @Test
    void abortTaskOfOneThatCameEarly() {
        int gap = initiator.cmdSn++;
        int early = initiator.testUnitReady(0);
        int behind = initiator.testUnitReady(0);
        initiator.send(initiator.taskManagement(ABORT_TASK, 0, early));
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        ScsiCommand first = initiator.command(0, new byte[6], 0, false);
        first.setCmdSn(gap);
        initiator.send(first);
        assertEquals(
                first.initiatorTaskTag(), bench.next(Opcode.SCSI_RESPONSE).pdu().initiatorTaskTag());
        assertEquals(behind, bench.next(Opcode.SCSI_RESPONSE).pdu().initiatorTaskTag());
        bench.assertSilent();
    }

    @Test
    void abortTaskSetConcernsOneUnitAndTheTasksBeforeIt() {
        bench.device.holding = true;
        initiator.testUnitReady(1);
        initiator.testUnitReady(2);
        initiator.testUnitReady(1);
        TaskManagementRequest abort = initiator.taskManagement(ABORT_TASK_SET, 1, -1);
        int later = initiator.testUnitReady(1);
        abort.setCmdSn(initiator.cmdSn - 1); // sent before the last command, say its numbers
        initiator.send(abort);
        assertTrue(bench.device.held.get(0).isAborted());
        assertFalse(bench.device.held.get(1).isAborted());
        assertTrue(bench.device.held.get(2).isAborted());
        assertFalse(bench.device.held.get(3).isAborted());
        endHeld();
        bench.next(Opcode.SCSI_RESPONSE);
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        assertEquals(later, bench.next(Opcode.SCSI_RESPONSE).pdu().initiatorTaskTag());
    }

    @Test
    void resetsAreTheDevicesAndWaitForTheTasks() {
        bench.device.holding = true;
        initiator.testUnitReady(3);
        initiator.send(initiator.taskManagement(LOGICAL_UNIT_RESET, 3, -1));
        assertEquals(Function.LOGICAL_UNIT_RESET, bench.device.managed.get(0).function());
        assertEquals(3, bench.device.managed.get(0).lun());
        assertTrue(bench.device.held.get(0).isAborted());
        bench.assertSilent();
        endHeld();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
    }

    @Test
    void resetsWaitForTheDevice() throws InterruptedException {
        bench.device.answersManagement = false;
        initiator.send(initiator.taskManagement(LOGICAL_UNIT_RESET, 0, -1));
        bench.assertSilent();
        Thread other = new Thread(() -> bench.device.managed.get(0).respond(Response.FUNCTION_COMPLETE));
        other.start();
        other.join();
        bench.assertSilent();
        bench.thread.run();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
    }

    @Test
    void clearTaskSetAndClearAcaAndWarmReset() {
        bench.device.holding = true;
        initiator.testUnitReady(0);
        initiator.send(initiator.taskManagement(CLEAR_ACA, 0, -1));
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        assertFalse(bench.device.held.get(0).isAborted());
        initiator.send(initiator.taskManagement(CLEAR_TASK_SET, 0, -1));
        initiator.send(initiator.taskManagement(TARGET_WARM_RESET, 0, -1));
        bench.assertSilent();
        endHeld();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        assertEquals(
                java.util.List.of(Function.CLEAR_ACA, Function.CLEAR_TASK_SET, Function.TARGET_WARM_RESET),
                bench.device.managed.stream().map(m -> m.function()).toList());
        assertFalse(bench.transport.closed);
    }

    @Test
    void coldResetEndsAllSessionsOfTheTarget() {
        Bench other = new Bench(bench);
        other.initiator.isid++;
        other.loggedIn();
        initiator.send(initiator.taskManagement(TARGET_COLD_RESET, 0, -1));
        other.thread.run();
        bench.thread.run();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        assertTrue(bench.transport.closed);
        other.thread.run();
        assertTrue(other.transport.closed);
    }

    private Bench otherSession() {
        Bench other = new Bench(bench);
        other.initiator.isid++;
        return other.loggedIn();
    }

    private static void assertTaskAborted(int tag, long expectedBytes, SentPdu response) {
        assertEquals(tag, response.pdu().initiatorTaskTag());
        assertEquals(0x40, response.scsiResponse().status());
        assertEquals(expectedBytes > 0, response.scsiResponse().isUnderflow());
        assertEquals(expectedBytes, response.scsiResponse().residualBytes());
        assertEquals(0, response.data().length);
    }

    @Test
    void whatAnotherNexusAbortsEndsWithTaskAborted() {
        bench.device.holding = true;
        int read = initiator.read(0, 1);
        int ownFault = initiator.testUnitReady(0);
        initiator.send(initiator.taskManagement(ABORT_TASK, 0, ownFault));
        bench.device.held.forEach(org.lunette.command.Command::abort); // as a reset through another session does
        endHeld();
        assertTaskAborted(read, 512, bench.next(Opcode.SCSI_RESPONSE));
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        bench.assertSilent();
    }

    @Test
    void aResetAbortsWhatWaitsForDataInOtherSessionsBeforeTheDeviceIsAsked() {
        Bench other = otherSession();
        ScsiCommand write = other.initiator.command(3, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        other.initiator.send(write);
        int writeTag = other.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        ScsiCommand elsewhere = other.initiator.command(4, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        other.initiator.send(elsewhere);
        int elsewhereTag = other.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();

        initiator.send(initiator.taskManagement(LOGICAL_UNIT_RESET, 3, -1));
        assertTrue(bench.device.managed.isEmpty());
        other.thread.run();
        other.assertSilent(); // its initiator still owes data
        bench.thread.run();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        assertEquals(1, bench.device.managed.size());

        other.initiator.send(other.initiator.dataOut(write.initiatorTaskTag(), writeTag, 0, 0, true), new byte[512]);
        assertTaskAborted(write.initiatorTaskTag(), 512, other.next(Opcode.SCSI_RESPONSE));
        assertTrue(bench.device.executed.isEmpty());
        other.initiator.send(
                other.initiator.dataOut(elsewhere.initiatorTaskTag(), elsewhereTag, 0, 0, true), new byte[512]);
        assertEquals(0, other.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
        assertEquals(1, bench.device.executed.size());
    }

    /** TAS is 0: the initiator learns of it by a unit attention. */
    @Test
    void whatAnotherNexusAbortsMayEndWithoutStatus() {
        Bench small = new Bench(new IscsiLimits().commandsPerSession(2)).loggedIn();
        small.device.holding = true;
        small.initiator.testUnitReady(0);
        small.initiator.testUnitReady(0);
        small.device.held.forEach(org.lunette.command.Command::abortWithoutStatus);
        small.device.endHeld();
        small.thread.run();
        SentPdu nop = small.next(Opcode.NOP_IN);
        assertEquals(3, nop.pdu().maxCmdSn(), "the window opens all the same");
        small.device.holding = false;
        small.initiator.testUnitReady(0);
        assertEquals(0, small.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
    }

    @Test
    void whatWaitsForDataInOtherSessionsMayEndWithoutStatus() {
        bench.device.tellsOfAborts = false;
        Bench other = otherSession();
        ScsiCommand write = other.initiator.command(3, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        other.initiator.send(write);
        int transferTag = other.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        initiator.send(initiator.taskManagement(CLEAR_TASK_SET, 3, -1));
        other.thread.run();
        bench.thread.run();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        other.initiator.send(other.initiator.dataOut(write.initiatorTaskTag(), transferTag, 0, 0, true), new byte[512]);
        other.assertSilent();
        assertTrue(bench.device.executed.isEmpty());
        other.initiator.testUnitReady(3);
        assertEquals(0, other.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
    }

    /** QERR: what waits for data is in the task set too, as the initiator sees it. */
    @ParameterizedTest
    @EnumSource(QueueError.class)
    void aCheckConditionAbortsWhatWaitsForData(QueueError queueError) {
        bench.device.queueError = queueError;
        Bench other = otherSession();
        int[] transferTags = new int[2];
        ScsiCommand[] writes = new ScsiCommand[2];
        for (Bench one : new Bench[] {bench, other}) {
            int i = one == bench ? 0 : 1;
            writes[i] = one.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
            one.initiator.send(writes[i]);
            transferTags[i] = one.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        }
        initiator.send(initiator.command(0, new byte[] {(byte) 0xff, 0, 0, 0, 0, 0}, 0, false));
        assertEquals(2, bench.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
        other.thread.run();
        bench.device.executed.clear();
        initiator.send(initiator.dataOut(writes[0].initiatorTaskTag(), transferTags[0], 0, 0, true), new byte[512]);
        other.initiator.send(
                other.initiator.dataOut(writes[1].initiatorTaskTag(), transferTags[1], 0, 0, true), new byte[512]);
        if (queueError == QueueError.NONE) {
            assertEquals(0, bench.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
        } else {
            bench.assertSilent();
        }
        if (queueError == QueueError.ALL) {
            assertTaskAborted(writes[1].initiatorTaskTag(), 512, other.next(Opcode.SCSI_RESPONSE));
        } else {
            assertEquals(0, other.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
        }
        int executed = queueError == QueueError.NONE ? 2 : queueError == QueueError.OF_NEXUS ? 1 : 0;
        assertEquals(executed, bench.device.executed.size());
    }

    @Test
    void aTargetResetAbortsWhatWaitsForDataOfAllUnits() {
        Bench other = otherSession();
        ScsiCommand write = other.initiator.command(3, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        other.initiator.send(write);
        int transferTag = other.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        initiator.send(initiator.taskManagement(TARGET_WARM_RESET, 0, -1));
        other.thread.run();
        bench.thread.run();
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        other.initiator.send(other.initiator.dataOut(write.initiatorTaskTag(), transferTag, 0, 0, true), new byte[512]);
        assertTaskAborted(write.initiatorTaskTag(), 512, other.next(Opcode.SCSI_RESPONSE));
    }

    @Test
    void aSessionThatEndsWhileOthersAreAskedResetsNothing() {
        Bench other = otherSession();
        initiator.send(initiator.taskManagement(LOGICAL_UNIT_RESET, 0, -1));
        bench.disconnect();
        other.thread.run();
        bench.thread.run();
        assertTrue(bench.device.managed.isEmpty());
    }

    @Test
    void whatAnAbortedTaskHeldUpIsAbortedWithItAndNeverReachesTheDevice() {
        ScsiCommand ordered = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        ordered.setAttribute(ScsiCommand.ORDERED);
        initiator.send(ordered);
        bench.next(Opcode.READY_TO_TRANSFER);
        initiator.testUnitReady(0);
        initiator.send(initiator.taskManagement(ABORT_TASK_SET, 0, -1));
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        bench.assertSilent();
        assertTrue(bench.device.executed.isEmpty());
    }

    @Test
    void theFunctionsOfProtocolLevel2AreThereFromThenOn() {
        for (int function : new int[] {QUERY_TASK, QUERY_TASK_SET, QUERY_ASYNCHRONOUS_EVENT, I_T_NEXUS_RESET}) {
            initiator.send(initiator.taskManagement(function, 0, -1));
            assertAnswer(TaskManagementResponse.FUNCTION_NOT_SUPPORTED);
        }
        assertTrue(bench.device.managed.isEmpty());
        Bench level2 = new Bench().loggedIn("iSCSIProtocolLevel=2");
        for (int function : new int[] {QUERY_TASK, QUERY_TASK_SET, QUERY_ASYNCHRONOUS_EVENT, I_T_NEXUS_RESET}) {
            level2.initiator.send(level2.initiator.taskManagement(function, 0, -1));
            assertEquals(
                    TaskManagementResponse.FUNCTION_COMPLETE,
                    level2.next(Opcode.TASK_MANAGEMENT_RESPONSE)
                            .taskManagement()
                            .response());
        }
        assertEquals(3, level2.device.managed.size(), "QUERY TASK is answered by who knows the tags");
        level2.initiator.send(level2.initiator.taskManagement(13, 0, -1));
        assertEquals(
                TaskManagementResponse.FUNCTION_NOT_SUPPORTED,
                level2.next(Opcode.TASK_MANAGEMENT_RESPONSE).taskManagement().response());
    }

    @Test
    void queriesTellOfCommandsThatTheDeviceDoesNotHaveYet() {
        Bench level2 = new Bench().loggedIn("iSCSIProtocolLevel=2");
        ScsiCommand write = level2.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        level2.initiator.send(write);
        level2.next(Opcode.READY_TO_TRANSFER);
        int tag = write.initiatorTaskTag();
        int[][] queries = {{QUERY_TASK, 0, tag}, {QUERY_TASK_SET, 0, -1}, {QUERY_TASK, 1, tag}, {QUERY_TASK_SET, 1, -1}
        };
        for (int[] query : queries) {
            level2.initiator.send(level2.initiator.taskManagement(query[0], query[1], query[2]));
            assertEquals(
                    query[1] == 0
                            ? TaskManagementResponse.FUNCTION_SUCCEEDED
                            : TaskManagementResponse.FUNCTION_COMPLETE,
                    level2.next(Opcode.TASK_MANAGEMENT_RESPONSE)
                            .taskManagement()
                            .response());
        }
    }

    @Test
    void nexusResetAbortsTheSessionsOwnCommandsOfAllUnits() {
        Bench level2 = new Bench().loggedIn("iSCSIProtocolLevel=2");
        level2.device.holding = true;
        level2.initiator.testUnitReady(0);
        level2.initiator.testUnitReady(3);
        level2.initiator.send(level2.initiator.taskManagement(I_T_NEXUS_RESET, 0, -1));
        assertTrue(level2.device.held.stream().allMatch(command -> command.isAborted()));
        level2.assertSilent();
        level2.device.endHeld();
        level2.thread.run();
        assertEquals(
                TaskManagementResponse.FUNCTION_COMPLETE,
                level2.next(Opcode.TASK_MANAGEMENT_RESPONSE).taskManagement().response());
        level2.assertSilent();
    }

    @Test
    void whatTheDeviceTellsOfAnEventGoesIntoTheResponse() {
        Bench level2 = new Bench().loggedIn("iSCSIProtocolLevel=2");
        level2.device.answersManagement = false;
        level2.initiator.send(level2.initiator.taskManagement(QUERY_ASYNCHRONOUS_EVENT, 0, -1));
        level2.device.managed.get(0).succeed(0x162903);
        level2.thread.run();
        TaskManagementResponse response =
                level2.next(Opcode.TASK_MANAGEMENT_RESPONSE).taskManagement();
        assertEquals(TaskManagementResponse.FUNCTION_SUCCEEDED, response.response());
        assertEquals(0x162903, response.additionalInformation());
        assertEquals(0x16, response.bytes()[8]);
    }

    @Test
    void whereEachNexusHasATaskSetClearTaskSetIsItsOwnAffair() {
        bench.device.taskSetPerNexus = true;
        Bench other = otherSession();
        ScsiCommand write = other.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        other.initiator.send(write);
        int transferTag = other.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        initiator.send(initiator.taskManagement(CLEAR_TASK_SET, 0, -1));
        assertAnswer(TaskManagementResponse.FUNCTION_COMPLETE);
        other.thread.run();
        other.initiator.send(other.initiator.dataOut(write.initiatorTaskTag(), transferTag, 0, 0, true), new byte[512]);
        assertEquals(0, other.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
    }

    @Test
    void theDeviceIsToldOfWhatIsGivenUpSoThatWhoWaitsThereEnds() {
        bench.device.holding = true;
        int tag = initiator.testUnitReady(5);
        initiator.send(initiator.taskManagement(ABORT_TASK, 5, tag));
        assertEquals(java.util.List.of(5), bench.device.toldOfAborts);
        initiator.testUnitReady(2);
        bench.disconnect();
        assertEquals(java.util.List.of(5, 5, 2), bench.device.toldOfAborts);
    }

    @Test
    void whatCannotBeDone() {
        initiator.send(initiator.taskManagement(LOGICAL_UNIT_RESET, 9, -1));
        assertAnswer(TaskManagementResponse.LUN_DOES_NOT_EXIST);
        initiator.send(initiator.taskManagement(ABORT_TASK_SET, 9, -1));
        assertAnswer(TaskManagementResponse.LUN_DOES_NOT_EXIST);
        initiator.send(initiator.taskManagement(TASK_REASSIGN, 0, -1));
        assertAnswer(TaskManagementResponse.REASSIGNMENT_NOT_SUPPORTED);
        initiator.send(initiator.taskManagement(100, 0, -1));
        assertAnswer(TaskManagementResponse.FUNCTION_NOT_SUPPORTED);
    }

    @Test
    void aWindowThatOpensWithoutAResponseIsAnnounced() {
        Bench small = new Bench(new IscsiLimits().commandsPerSession(2)).loggedIn();
        small.device.holding = true;
        small.initiator.testUnitReady(0);
        small.initiator.testUnitReady(0);
        small.initiator.send(small.initiator.taskManagement(ABORT_TASK_SET, 0, -1));
        small.device.end(small.device.held.get(0)); // the function is not answered before the other has ended
        small.thread.run();
        SentPdu nop = small.next(Opcode.NOP_IN);
        assertEquals(-1, nop.pdu().initiatorTaskTag());
        assertEquals(-1, nop.nopIn().targetTransferTag());
        assertEquals(3, nop.pdu().maxCmdSn());
    }

    @Test
    void requestsThatPileUpAreRejected() {
        Bench few = new Bench(new IscsiLimits().managementRequestsPerSession(2)).loggedIn();
        few.device.holding = true;
        int tag = few.initiator.testUnitReady(0);
        for (int i = 0; i < 3; i++) {
            few.initiator.send(few.initiator.taskManagement(ABORT_TASK, 0, tag));
        }
        assertEquals(
                TaskManagementResponse.FUNCTION_REJECTED,
                few.next(Opcode.TASK_MANAGEMENT_RESPONSE).taskManagement().response());
        few.device.endHeld();
        few.thread.run();
        assertEquals(2, few.transport.sent.size());
    }
}
