package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lunette.command.Nexus;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.LogoutRequest;
import org.lunette.frontend.iscsi.pdu.LogoutResponse;
import org.lunette.frontend.iscsi.pdu.NopOut;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.RejectReason;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;

/** Logout, loss and reinstatement of sessions, pings, and requests that are not for full feature phase. */
class SessionLifeTest {
    private final Bench bench = new Bench();
    private final Initiator initiator = bench.initiator;

    @Test
    void logoutEndsTasksFirstAndThenTheConnection() {
        bench.loggedIn();
        bench.device.holding = true;
        initiator.read(0, 1);
        initiator.send(initiator.logout(LogoutRequest.CLOSE_SESSION));
        assertTrue(bench.device.held.get(0).isAborted());
        bench.assertSilent();
        initiator.send(initiator.nopOut(true)); // nothing is answered any more
        assertTrue(bench.device.lost.isEmpty());
        bench.device.endHeld();
        bench.thread.run();
        assertEquals(1, bench.device.lost.size(), "before the initiator knows, who may be here by another connection");
        assertEquals(
                LogoutResponse.CLOSED,
                bench.next(Opcode.LOGOUT_RESPONSE).logout().response());
        bench.assertSilent();
        assertTrue(bench.transport.closed);
        bench.disconnect();
        assertEquals(1, bench.device.lost.size());
        assertEquals(0, bench.group.sessionCount());
        assertEquals(0, bench.group.buffers().heldBytes() - 8192, "what is held is kept for others");
    }

    @Test
    void aShutDownAnswersWhatTheDeviceHas() {
        bench.loggedIn();
        bench.device.holding = true;
        int read = initiator.read(0, 1);
        ScsiCommand write = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        initiator.send(write);
        bench.next(Opcode.READY_TO_TRANSFER);
        bench.connection.shutDown();
        bench.connection.shutDown();
        assertFalse(bench.transport.closed);
        assertFalse(bench.device.held.get(0).isAborted());
        initiator.testUnitReady(0);
        assertEquals(1, bench.device.executed.size(), "nothing more is taken");
        bench.device.endHeld();
        bench.thread.run();
        assertEquals(read, bench.next(Opcode.DATA_IN).pdu().initiatorTaskTag());
        bench.assertSilent();
        assertTrue(bench.transport.closed);
        bench.disconnect();
        assertEquals(1, bench.device.lost.size());
    }

    @Test
    void aShutDownGivesUpWhatWaitsBehindAnother() {
        bench.loggedIn();
        ScsiCommand ordered = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        ordered.setAttribute(ScsiCommand.ORDERED);
        initiator.send(ordered);
        bench.next(Opcode.READY_TO_TRANSFER);
        initiator.testUnitReady(0);
        bench.connection.shutDown();
        bench.thread.run();
        assertTrue(bench.device.executed.isEmpty(), "it would change the medium without anybody being told");
        assertTrue(bench.transport.closed);
        bench.disconnect();
        assertEquals(1, bench.device.lost.size());
    }

    @Test
    void aShutDownSendsDataToTheirEnd() {
        bench.loggedIn("MaxRecvDataSegmentLength=512");
        bench.transport.room = 1;
        initiator.read(0, 3);
        bench.connection.shutDown();
        assertFalse(bench.transport.closed);
        bench.transport.writable = true;
        bench.transport.room = -1;
        bench.connection.writable();
        bench.next(Opcode.DATA_IN);
        bench.next(Opcode.DATA_IN);
        assertTrue(bench.next(Opcode.DATA_IN).dataIn().hasStatus());
        assertTrue(bench.transport.closed);
    }

    @Test
    void aShutDownThatTheDeviceHoldsUpEndsInTime() {
        bench.loggedIn();
        bench.device.holding = true;
        initiator.testUnitReady(0);
        bench.connection.tick(0);
        bench.connection.shutDown();
        bench.connection.tick(1_000);
        bench.connection.tick(30_999);
        assertFalse(bench.transport.aborted);
        bench.connection.tick(31_000);
        assertTrue(bench.transport.aborted);
    }

    @Test
    void logoutOfTheConnectionByItsCid() {
        bench.loggedIn();
        LogoutRequest wrong = initiator.logout(LogoutRequest.CLOSE_CONNECTION);
        wrong.setCid(7);
        initiator.send(wrong);
        assertEquals(
                LogoutResponse.CID_NOT_FOUND,
                bench.next(Opcode.LOGOUT_RESPONSE).logout().response());
        initiator.send(initiator.logout(LogoutRequest.REMOVE_FOR_RECOVERY));
        assertEquals(
                LogoutResponse.RECOVERY_NOT_SUPPORTED,
                bench.next(Opcode.LOGOUT_RESPONSE).logout().response());
        initiator.send(initiator.logout(9));
        assertEquals(
                RejectReason.INVALID_PDU_FIELD,
                bench.next(Opcode.REJECT).reject().reason());
        assertFalse(bench.transport.closed);
        initiator.send(initiator.logout(LogoutRequest.CLOSE_CONNECTION));
        assertEquals(
                LogoutResponse.CLOSED,
                bench.next(Opcode.LOGOUT_RESPONSE).logout().response());
        assertTrue(bench.transport.closed);
    }

    @Test
    void aLogoutThatTasksHoldUpEndsInTime() {
        bench.loggedIn();
        bench.device.holding = true;
        initiator.testUnitReady(0);
        bench.connection.tick(0);
        initiator.send(initiator.logout(LogoutRequest.CLOSE_SESSION));
        bench.connection.tick(50_000);
        bench.connection.tick(79_999);
        assertFalse(bench.transport.aborted);
        bench.connection.tick(80_000);
        assertTrue(bench.transport.aborted);
    }

    @Test
    void theNexusIsLostWhenTheDeviceHasEndedItsCommands() {
        bench.loggedIn();
        bench.device.holding = true;
        initiator.read(0, 1);
        initiator.send(initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true)); // waits for data
        bench.disconnect();
        assertTrue(bench.device.held.get(0).isAborted());
        assertTrue(bench.device.lost.isEmpty());
        assertEquals(1, bench.group.sessionCount());
        bench.device.endHeld();
        bench.thread.run();
        assertEquals(1, bench.device.lost.size());
        assertEquals(0, bench.group.sessionCount());
        bench.groups.close();
        assertEquals(0, bench.group.buffers().heldBytes());
    }

    @Test
    void dataThatWereStillToBeSentAreForgotten() {
        bench.loggedIn();
        bench.transport.room = 1;
        initiator.read(0, 100);
        bench.disconnect();
        assertEquals(1, bench.device.lost.size());
        bench.groups.close();
        assertEquals(0, bench.group.buffers().heldBytes());
    }

    @Test
    void aConnectionLostWithinAPduGivesItsBufferBack() {
        bench.loggedIn();
        ScsiCommand write = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        byte[] bytes = Initiator.bytes(write, new byte[512]);
        bench.receive(java.util.Arrays.copyOf(bytes, 300));
        bench.disconnect();
        assertEquals(0, bench.group.sessionCount());
        bench.groups.close();
        assertEquals(0, bench.group.buffers().heldBytes());
    }

    @Test
    void aSecondLoginOfTheSamePortEndsTheFirstSessionFirst() {
        bench.loggedIn();
        bench.device.holding = true;
        initiator.testUnitReady(0);
        Nexus old = bench.device.nexuses.get(0);

        Bench again = new Bench(bench);
        again.initiator.logIn();
        again.assertSilent();
        bench.thread.run();
        assertTrue(bench.transport.aborted);
        bench.disconnect();
        again.thread.run();
        again.assertSilent();
        bench.device.endHeld();
        bench.thread.run();
        assertEquals(java.util.List.of(old), bench.device.lost);
        again.thread.run();
        assertEquals(
                LoginStatus.SUCCESS, again.next(Opcode.LOGIN_RESPONSE).login().status());
        assertEquals(1, bench.device.nexuses.size());
        assertNotSame(old, bench.device.nexuses.get(0));
        assertTrue(old.sameAs(bench.device.nexuses.get(0)));
        assertEquals(1, bench.group.sessionCount());
        bench.device.holding = false;
        again.initiator.testUnitReady(0);
        again.next(Opcode.SCSI_RESPONSE);
    }

    @Test
    void anInitiatorThatGivesUpWaitingLeavesNothingBehind() {
        bench.loggedIn();
        bench.device.holding = true;
        initiator.testUnitReady(0);
        Bench second = new Bench(bench);
        second.initiator.logIn();
        Bench third = new Bench(bench);
        third.initiator.logIn();
        second.thread.run();
        assertEquals(
                LoginStatus.TARGET_ERROR,
                second.next(Opcode.LOGIN_RESPONSE).login().status(),
                "the latest login is the one that waits");
        second.disconnect();
        third.disconnect();
        bench.thread.run();
        bench.disconnect();
        bench.device.endHeld();
        bench.thread.run();
        assertEquals(0, bench.group.sessionCount());
        new Bench(bench).loggedIn();
    }

    @Test
    void sessionsOfDifferentPortsLiveSideBySide() {
        bench.loggedIn();
        Bench other = new Bench(bench);
        other.initiator.isid++;
        other.loggedIn();
        assertEquals(2, bench.group.sessionCount());
        assertEquals(2, bench.device.nexuses.size());
        assertFalse(bench.transport.aborted);
    }

    @Test
    void pingsAreEchoed() {
        bench.loggedIn("MaxRecvDataSegmentLength=512");
        byte[] data = new byte[700];
        new java.util.Random(5).nextBytes(data);
        NopOut ping = initiator.nopOut(false);
        initiator.send(ping, data);
        SentPdu pong = bench.next(Opcode.NOP_IN);
        assertEquals(ping.initiatorTaskTag(), pong.pdu().initiatorTaskTag());
        assertEquals(-1, pong.nopIn().targetTransferTag());
        assertArrayEquals(java.util.Arrays.copyOf(data, 512), pong.data(), "as much as the initiator takes");
    }

    @Test
    void aSilentPeerIsPingedAndThenGivenUp() {
        bench.loggedIn();
        bench.connection.tick(0);
        bench.connection.tick(59_999);
        bench.assertSilent();
        bench.connection.tick(60_000);
        SentPdu ping = bench.next(Opcode.NOP_IN);
        assertEquals(-1, ping.pdu().initiatorTaskTag());
        int pingTag = ping.nopIn().targetTransferTag();
        assertTrue(pingTag != -1);

        NopOut answer = initiator.nopOut(true);
        answer.setInitiatorTaskTag(-1);
        answer.setTargetTransferTag(pingTag);
        initiator.send(answer);
        bench.assertSilent();
        bench.connection.tick(61_000);
        bench.connection.tick(121_000);
        bench.next(Opcode.NOP_IN);
        bench.connection.tick(180_999);
        assertFalse(bench.transport.aborted);
        bench.connection.tick(181_000);
        assertTrue(bench.transport.aborted);
    }

    @Test
    void aPeerThatTakesDataIsNotSilent() {
        bench.loggedIn("MaxRecvDataSegmentLength=512");
        bench.connection.tick(0);
        bench.transport.room = 1;
        initiator.read(0, 8); // the last that is read from the peer, as long as it has data to take
        bench.connection.tick(1_000);
        for (int i = 1; i < 8; i++) {
            bench.transport.writable = true;
            bench.transport.room = 1;
            bench.connection.writable();
            bench.connection.tick(1_000 + i * 30_000);
            assertFalse(bench.transport.aborted, "it is slow, but there");
            bench.next(Opcode.DATA_IN);
        }
        assertTrue(bench.next(Opcode.DATA_IN).dataIn().hasStatus());
    }

    @Test
    void aPingDoesNotUseUpAStatSn() {
        bench.loggedIn();
        bench.connection.tick(0);
        bench.connection.tick(60_000);
        int statSn = bench.next(Opcode.NOP_IN).pdu().statSn();
        initiator.testUnitReady(0);
        assertEquals(statSn, bench.next(Opcode.SCSI_RESPONSE).pdu().statSn());
        initiator.testUnitReady(0);
        assertEquals(statSn + 1, bench.next(Opcode.SCSI_RESPONSE).pdu().statSn());
    }

    @Test
    void requestsThatAreNotServedAreRejectedWithTheirHeader() {
        bench.loggedIn();
        initiator.send(initiator.snack());
        SentPdu reject = bench.next(Opcode.REJECT);
        assertEquals(RejectReason.SNACK_REJECT, reject.reject().reason());
        assertEquals(Opcode.SNACK_REQUEST, reject.data()[0]);
        assertEquals(48, reject.data().length);

        initiator.send(initiator.login(true, 1, 3), new byte[16]);
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());

        var unknown = initiator.snack();
        unknown.bytes()[0] = 0x1c;
        initiator.send(unknown);
        assertEquals(
                RejectReason.COMMAND_NOT_SUPPORTED,
                bench.next(Opcode.REJECT).reject().reason());
        initiator.testUnitReady(0);
        bench.next(Opcode.SCSI_RESPONSE);
    }

    @Test
    void aDiscoverySessionServesTextAndLogoutOnly() {
        bench.loggedInForDiscovery();
        initiator.testUnitReady(0);
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());
        initiator.send(initiator.taskManagement(5, 0, -1));
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());
        initiator.send(initiator.dataOut(1, -1, 0, 0, true), new byte[100]);
        assertEquals(
                RejectReason.PROTOCOL_ERROR, bench.next(Opcode.REJECT).reject().reason());
        initiator.send(initiator.logout(LogoutRequest.CLOSE_SESSION));
        bench.next(Opcode.LOGOUT_RESPONSE);
        assertTrue(bench.transport.closed);
        assertTrue(bench.device.executed.isEmpty());
    }

    @Test
    void aDataSegmentBeyondWhatWasDeclaredEndsTheConnection() {
        Bench small = new Bench(new IscsiLimits().receiveSegmentBytes(1024)).loggedIn();
        small.initiator.send(small.initiator.nopOut(true), new byte[1025]);
        assertTrue(small.transport.aborted);
        small.assertSilent();
    }

    @Test
    void commandsThatOtherThreadsCompleteComeBackInOrder() throws InterruptedException {
        bench.loggedIn();
        bench.device.holding = true;
        int[] tags = new int[50];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = initiator.read(i, 1);
        }
        Thread other = new Thread(bench.device::endHeld);
        other.start();
        other.join();
        bench.assertSilent();
        bench.thread.run();
        for (int tag : tags) {
            assertEquals(tag, bench.next(Opcode.DATA_IN).pdu().initiatorTaskTag());
        }
    }

    @Test
    void aPingWithMoreDataThanIsKeptIsRejected() {
        bench.loggedIn();
        initiator.send(initiator.nopOut(false), new byte[(64 << 10) + 1]);
        assertEquals(
                RejectReason.OUT_OF_RESOURCES,
                bench.next(Opcode.REJECT).reject().reason());
        initiator.testUnitReady(0);
        bench.next(Opcode.SCSI_RESPONSE);
    }

    @Test
    void aFaultOfOursCostsTheSession() {
        bench.loggedIn();
        bench.device.holding = true;
        initiator.testUnitReady(0);
        bench.transport.failing = true;
        bench.device.endHeld();
        bench.thread.run();
        assertTrue(bench.transport.aborted);
    }
}
