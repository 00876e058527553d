package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lunette.command.Nexus;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;

/** One target in two portal groups: two target ports, one set of units; RFC 7143, 4.1 and 4.4. */
class PortalGroupsTest {
    private final Bench first = new Bench();
    private final Bench second = new Bench(first, 2);

    @Test
    void discoveryThroughEitherGroupNamesThePortalsOfBoth() {
        for (Bench bench : List.of(first, second)) {
            bench.loggedInForDiscovery();
            bench.initiator.send(bench.initiator.textRequest(), Initiator.text("SendTargets=All"));
            assertEquals(
                    "TargetName=" + Initiator.TARGET + " TargetAddress=127.0.0.1:3260,1 TargetAddress=127.0.0.1:3261,2",
                    bench.next(Opcode.TEXT_RESPONSE).string());
        }
    }

    @Test
    void aLoginIsToldItsGroup() {
        second.initiator.logIn();
        SentPdu response = second.next(Opcode.LOGIN_RESPONSE);
        assertTrue(response.string().contains("TargetPortalGroupTag=2"), response.string());
    }

    @Test
    void oneInitiatorPortHasASessionInEachGroup() {
        first.loggedIn();
        second.loggedIn();
        assertFalse(first.transport.aborted, "no reinstatement: the target ports differ");
        assertEquals(2, first.groups.sessionCount());
        Nexus one = first.device.nexuses.get(0);
        Nexus other = first.device.nexuses.get(1);
        assertEquals(one.initiatorPort(), other.initiatorPort());
        assertEquals(Initiator.TARGET + ",t,0x0001", one.targetPort());
        assertEquals(Initiator.TARGET + ",t,0x0002", other.targetPort());
        assertEquals(2, other.relativeTargetPort());
    }

    @Test
    void aSessionIsReinstatedInItsOwnGroup() {
        first.loggedIn();
        second.loggedIn();
        Bench again = new Bench(second);
        again.initiator.logIn();
        second.thread.run();
        assertTrue(second.transport.aborted);
        assertFalse(first.transport.aborted);
        second.disconnect();
        again.thread.run();
        assertEquals(
                LoginStatus.SUCCESS, again.next(Opcode.LOGIN_RESPONSE).login().status());
        assertEquals(2, first.groups.sessionCount());
    }

    @Test
    void theGroupsShareTheLimitOfSessions() {
        Bench one = new Bench(new IscsiLimits().sessions(1));
        Bench other = new Bench(one, 2);
        one.loggedIn();
        other.initiator.logIn();
        assertEquals(
                LoginStatus.OUT_OF_RESOURCES,
                other.next(Opcode.LOGIN_RESPONSE).login().status());
        one.disconnect();
        new Bench(other).loggedIn();
    }

    @Test
    void aColdResetEndsTheSessionsOfAllGroups() {
        first.loggedIn();
        second.loggedIn();
        first.initiator.send(first.initiator.taskManagement(TaskManagementRequest.TARGET_COLD_RESET, 0, -1));
        second.thread.run();
        first.thread.run();
        assertEquals(
                TaskManagementResponse.FUNCTION_COMPLETE,
                first.next(Opcode.TASK_MANAGEMENT_RESPONSE).taskManagement().response());
        second.thread.run();
        assertTrue(first.transport.closed);
        assertTrue(second.transport.closed);
    }

    @Test
    void aResetGivesUpWhatWaitsForItsDataInAnotherGroup() {
        first.loggedIn();
        second.loggedIn("InitialR2T=Yes", "ImmediateData=No");
        ScsiCommand write = second.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        second.initiator.send(write);
        int tag = second.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        first.initiator.send(first.initiator.taskManagement(TaskManagementRequest.LOGICAL_UNIT_RESET, 0, -1));
        assertTrue(first.device.managed.isEmpty(), "the device is not asked while the write could still reach it");
        second.thread.run();
        first.thread.run();
        assertEquals(1, first.device.managed.size());
        second.initiator.send(second.initiator.dataOut(write.initiatorTaskTag(), tag, 0, 0, true), new byte[512]);
        assertEquals(0x40, second.next(Opcode.SCSI_RESPONSE).scsiResponse().status(), "TASK ABORTED");
        assertTrue(first.device.executed.isEmpty());
    }

    @Test
    void twoGroupsHaveTwoTagsAndPorts() {
        assertThrows(IllegalArgumentException.class, () -> first.groups.add(2, 3));
        assertThrows(IllegalArgumentException.class, () -> first.groups.add(3, 2));
    }
}
