package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lunette.frontend.iscsi.pdu.NopOut;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.RejectReason;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;

/** The CmdSN window and the order of commands; RFC 7143, 4.2.2.1. */
class CommandOrderTest {
    private final Bench bench =
            new Bench(new IscsiLimits().commandsPerSession(8).immediateCommandsPerSession(2)).loggedIn();
    private final Initiator initiator = bench.initiator;

    private ScsiCommand testUnitReady(int cmdSn) {
        ScsiCommand command = initiator.command(0, new byte[6], 0, false);
        command.setCmdSn(cmdSn);
        return command;
    }

    @Test
    void theWindowIsAsWideAsThereIsRoom() {
        bench.device.holding = true;
        for (int i = 0; i < 7; i++) {
            initiator.testUnitReady(0);
        }
        initiator.send(initiator.nopOut(true));
        SentPdu pong = bench.next(Opcode.NOP_IN);
        assertEquals(8, pong.pdu().expCmdSn());
        assertEquals(8, pong.pdu().maxCmdSn(), "room for one");
        initiator.testUnitReady(0);
        initiator.send(initiator.nopOut(true));
        pong = bench.next(Opcode.NOP_IN);
        assertEquals(9, pong.pdu().expCmdSn());
        assertEquals(8, pong.pdu().maxCmdSn(), "closed");

        initiator.testUnitReady(0);
        assertEquals(8, bench.device.held.size(), "beyond the window: ignored");
        bench.device.endHeld();
        bench.thread.run();
        for (int i = 0; i < 8; i++) {
            assertEquals(
                    9 + i, bench.next(Opcode.SCSI_RESPONSE).pdu().maxCmdSn(), "each status announces its own room");
        }
        bench.assertSilent();
    }

    @Test
    void numbersOutsideTheWindowAreIgnored() {
        initiator.send(testUnitReady(0));
        initiator.send(testUnitReady(9));
        initiator.send(testUnitReady(Integer.MIN_VALUE));
        NopOut nop = initiator.nopOut(false);
        nop.setCmdSn(-5);
        initiator.send(nop, new byte[64]);
        bench.assertSilent();
        assertTrue(bench.device.executed.isEmpty());
        initiator.send(testUnitReady(1));
        bench.next(Opcode.SCSI_RESPONSE);
    }

    @Test
    void theWindowWrapsAround() {
        Bench wrapping = new Bench(new IscsiLimits().commandsPerSession(4));
        wrapping.initiator.cmdSn = -2;
        wrapping.loggedIn();
        for (int i = 0; i < 6; i++) {
            wrapping.initiator.testUnitReady(0);
            SentPdu response = wrapping.next(Opcode.SCSI_RESPONSE);
            assertEquals(-1 + i, response.pdu().expCmdSn());
            assertEquals(-1 + i + 3, response.pdu().maxCmdSn());
        }
    }

    @Test
    void earlyRequestsWaitForTheirTurnWhateverTheirOrder() {
        long seed = Long.getLong("lunette.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int first = initiator.cmdSn;
            List<ScsiCommand> commands = new ArrayList<>();
            List<Integer> tags = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ScsiCommand command = initiator.command(0, new byte[6], 0, false);
                commands.add(command);
                tags.add(command.initiatorTaskTag());
            }
            Collections.shuffle(commands, random);
            bench.device.executed.clear();
            commands.forEach(initiator::send);
            assertEquals(tags, bench.device.executed, "round " + round);
            for (int i = 0; i < 8; i++) {
                bench.next(Opcode.SCSI_RESPONSE);
            }
            assertEquals(first + 8, initiator.cmdSn);
        }
    }

    @Test
    void otherRequestsWaitTooAndKeepTheirData() {
        NopOut ping = initiator.nopOut(false);
        ping.setCmdSn(2);
        initiator.send(ping, (byte) 1, (byte) 2, (byte) 3);
        bench.assertSilent();
        initiator.send(testUnitReady(1));
        bench.next(Opcode.NOP_IN);
        bench.next(Opcode.SCSI_RESPONSE);
    }

    @Test
    void duplicatesAreIgnored() {
        ScsiCommand second = testUnitReady(2);
        ScsiCommand first = testUnitReady(1);
        initiator.send(second);
        initiator.send(testUnitReady(2));
        initiator.send(first);
        initiator.send(testUnitReady(1));
        assertEquals(List.of(first.initiatorTaskTag(), second.initiatorTaskTag()), bench.device.executed);
        assertEquals(3, bench.next(Opcode.SCSI_RESPONSE).pdu().expCmdSn());
        assertEquals(3 + 7, bench.next(Opcode.SCSI_RESPONSE).pdu().maxCmdSn(), "no duplicate takes up room");
    }

    @Test
    void immediateCommandsGoFirstAndDoNotMoveTheWindow() {
        initiator.send(testUnitReady(2)); // waits for 1
        ScsiCommand immediate = testUnitReady(1);
        immediate.setImmediate(true);
        initiator.send(immediate);
        assertEquals(List.of(immediate.initiatorTaskTag()), bench.device.executed);
        assertEquals(1, bench.next(Opcode.SCSI_RESPONSE).pdu().expCmdSn());
    }

    @Test
    void tooManyImmediateCommandsAreRejected() {
        bench.device.holding = true;
        for (int i = 0; i < 3; i++) {
            ScsiCommand immediate = testUnitReady(1);
            immediate.setImmediate(true);
            initiator.send(immediate);
        }
        SentPdu reject = bench.next(Opcode.REJECT);
        assertEquals(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, reject.reject().reason());
        assertEquals(48, reject.data().length);
        assertEquals(2, bench.device.held.size());
    }

    @Test
    void aTagInUseIsRejectedAndCountsAsReceived() {
        bench.device.holding = true;
        int tag = initiator.testUnitReady(0);
        ScsiCommand again = testUnitReady(2);
        again.setInitiatorTaskTag(tag);
        initiator.send(again);
        SentPdu reject = bench.next(Opcode.REJECT);
        assertEquals(RejectReason.TASK_IN_PROGRESS, reject.reject().reason());
        initiator.send(testUnitReady(3));
        assertEquals(2, bench.device.held.size(), "the one behind it is not held up");
    }

    @Test
    void aRejectAnnouncesTheWindowBehindWhatItRejects() {
        Bench narrow = new Bench(new IscsiLimits().commandsPerSession(1)).loggedIn();
        ScsiCommand reserved = narrow.initiator.command(0, new byte[6], 0, false);
        reserved.setAttribute(7);
        narrow.initiator.send(reserved);
        SentPdu reject = narrow.next(Opcode.REJECT);
        assertEquals(2, reject.pdu().expCmdSn());
        assertEquals(2, reject.pdu().maxCmdSn(), "else the initiator may never send again");
    }

    @Test
    void aRejectComesBeforeTheAnswersOfThoseThatWaitedForItsRequest() {
        initiator.send(testUnitReady(2));
        ScsiCommand reserved = testUnitReady(1);
        reserved.setAttribute(7);
        initiator.send(reserved);
        assertEquals(
                RejectReason.INVALID_PDU_FIELD,
                bench.next(Opcode.REJECT).reject().reason());
        assertEquals(3, bench.next(Opcode.SCSI_RESPONSE).pdu().expCmdSn());
    }

    @Test
    void fieldsThatMakeNoSenseAreRejected() {
        ScsiCommand reserved = testUnitReady(1);
        reserved.setAttribute(7);
        initiator.send(reserved);
        assertEquals(
                RejectReason.INVALID_PDU_FIELD,
                bench.next(Opcode.REJECT).reject().reason());

        ScsiCommand untagged = testUnitReady(2);
        untagged.setInitiatorTaskTag(-1);
        initiator.send(untagged);
        assertEquals(
                RejectReason.INVALID_PDU_FIELD,
                bench.next(Opcode.REJECT).reject().reason());

        initiator.send(testUnitReady(3), new byte[8]);
        assertEquals(
                RejectReason.INVALID_PDU_FIELD,
                bench.next(Opcode.REJECT).reject().reason(),
                "data with a command that has none");
        assertEquals(4, bench.transport.sent.size() + 4);
    }

    @Test
    void anOrderedTaskWaitsForTheDataOfThoseBeforeIt() {
        ScsiCommand write = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        initiator.send(write);
        SentPdu r2t = bench.next(Opcode.READY_TO_TRANSFER);
        ScsiCommand ordered = initiator.command(0, new byte[6], 0, false);
        ordered.setAttribute(ScsiCommand.ORDERED);
        initiator.send(ordered);
        int behind = initiator.testUnitReady(0);
        ScsiCommand head = initiator.command(0, new byte[6], 0, false);
        head.setAttribute(ScsiCommand.HEAD_OF_QUEUE);
        initiator.send(head);
        assertEquals(List.of(head.initiatorTaskTag()), bench.device.executed);

        initiator.send(
                initiator.dataOut(write.initiatorTaskTag(), r2t.r2t().targetTransferTag(), 0, 0, true), new byte[512]);
        assertEquals(
                List.of(head.initiatorTaskTag(), write.initiatorTaskTag(), ordered.initiatorTaskTag(), behind),
                bench.device.executed);
    }

    @Test
    void anOrderedTaskIsWithTheDeviceAlone() {
        bench.device.holding = true;
        int first = initiator.testUnitReady(0);
        ScsiCommand ordered = initiator.command(0, new byte[6], 0, false);
        ordered.setAttribute(ScsiCommand.ORDERED);
        initiator.send(ordered);
        int behind = initiator.testUnitReady(0);
        ScsiCommand head = initiator.command(0, new byte[6], 0, false);
        head.setAttribute(ScsiCommand.HEAD_OF_QUEUE);
        initiator.send(head);
        int elsewhere = initiator.testUnitReady(1);
        assertEquals(List.of(first, head.initiatorTaskTag(), elsewhere), bench.device.executed);

        bench.device.executed.clear();
        bench.device.endHeld();
        bench.thread.run();
        assertEquals(List.of(ordered.initiatorTaskTag()), bench.device.executed);
        int last = initiator.testUnitReady(0);
        assertEquals(1, bench.device.executed.size());
        bench.device.endHeld();
        bench.thread.run();
        assertEquals(List.of(ordered.initiatorTaskTag(), behind, last), bench.device.executed);
    }

    @Test
    void anOrderedTaskThatIsAbortedHoldsUpNobody() {
        bench.device.holding = true;
        initiator.testUnitReady(0);
        ScsiCommand ordered = initiator.command(0, new byte[6], 0, false);
        ordered.setAttribute(ScsiCommand.ORDERED);
        initiator.send(ordered);
        int behind = initiator.testUnitReady(0);
        initiator.send(initiator.taskManagement(TaskManagementRequest.ABORT_TASK, 0, ordered.initiatorTaskTag()));
        bench.next(Opcode.TASK_MANAGEMENT_RESPONSE);
        assertEquals(2, bench.device.executed.size());
        assertEquals(behind, bench.device.executed.get(1));
    }

    @Test
    void anOrderedWriteHoldsUpThoseBehindItUntilItsDataAreHere() {
        ScsiCommand ordered = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        ordered.setAttribute(ScsiCommand.ORDERED);
        initiator.send(ordered);
        SentPdu first = bench.next(Opcode.READY_TO_TRANSFER);
        ScsiCommand simple = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 1, 1), 512, true);
        initiator.send(simple);
        SentPdu second = bench.next(Opcode.READY_TO_TRANSFER);
        int third = initiator.testUnitReady(0);
        initiator.send(
                initiator.dataOut(simple.initiatorTaskTag(), second.r2t().targetTransferTag(), 0, 0, true),
                new byte[512]);
        assertTrue(bench.device.executed.isEmpty(), "its data are here, but it may not overtake");
        initiator.send(
                initiator.dataOut(ordered.initiatorTaskTag(), first.r2t().targetTransferTag(), 0, 0, true),
                new byte[512]);
        assertEquals(List.of(ordered.initiatorTaskTag(), simple.initiatorTaskTag(), third), bench.device.executed);
    }

    @Test
    void commandsGoToTheirUnitsWithTheirCdbs() {
        bench.device.holding = true;
        ScsiCommand command =
                initiator.command(3, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 0, false);
        initiator.send(command);
        var held = bench.device.held.get(0);
        assertEquals(3, held.lun());
        assertEquals(command.initiatorTaskTag(), held.tag());
        assertEquals(16, held.cdbBytes());
        for (int i = 0; i < 16; i++) {
            assertEquals(i + 1, held.cdb8(i));
        }
        assertFalse(held.isAborted());
    }

    @Test
    void anExtendedCdbIsPutTogether() {
        bench.device.holding = true;
        byte[] header = new byte[48 + 20];
        ScsiCommand command = new ScsiCommand(header).begin();
        command.setFinal(true);
        command.setInitiatorTaskTag(initiator.nextTag());
        command.setAttribute(ScsiCommand.SIMPLE);
        command.setCdb(new byte[] {0x7f, 0, 0, 0, 0, 0, 0, 24, 0, 9, 10, 11, 12, 13, 14, 15}, 16);
        command.setAhsBytes(20);
        header[49] = 17; // a reserved byte and 16 of the CDB
        header[50] = 1;
        for (int i = 0; i < 16; i++) {
            header[52 + i] = (byte) (16 + i);
        }
        initiator.send(initiator.numbered(command));
        var held = bench.device.held.get(0);
        assertEquals(32, held.cdbBytes());
        assertEquals(0x7f, held.opcode());
        assertEquals(15, held.cdb8(15));
        assertEquals(16, held.cdb8(16));
        assertEquals(31, held.cdb8(31));
    }
}
