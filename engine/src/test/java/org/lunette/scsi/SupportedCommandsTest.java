package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.unit.LogicalUnit;

/** REPORT SUPPORTED OPERATION CODES and REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS; SPC-5. */
public class SupportedCommandsTest {
    private static final int RCTD = 0x80;

    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", FakeStore.ofBlocks(1024)).build();
    private final Initiator initiator = Initiator.ready(unit, "a");

    private Reply report(int options, int code, int serviceAction) {
        byte[] cdb = Cdb.of("a3 0c 00 00 0000 0000ffff 0000");
        cdb[2] = (byte) options;
        cdb[3] = (byte) code;
        cdb[4] = (byte) (serviceAction >> 8);
        cdb[5] = (byte) serviceAction;
        return initiator.in(cdb, 0xffff);
    }

    @Test
    void theListIsTheTable() {
        List<Opcode> all = unit.opcodes().all();
        for (int timeouts : new int[] {0, RCTD}) {
            Reply reply = report(timeouts, 0, 0).good();
            int step = timeouts == 0 ? 8 : 20;
            assertEquals(all.size() * step, reply.u32(0));
            assertEquals(4 + all.size() * step, reply.transferBytes());
            for (int i = 0; i < all.size(); i++) {
                Opcode opcode = all.get(i);
                int at = 4 + i * step;
                assertEquals(opcode.code(), reply.u8(at), opcode.name());
                assertEquals(Math.max(0, opcode.serviceAction()), reply.u16(at + 2), opcode.name());
                int flags = (opcode.hasServiceAction() ? 1 : 0) | (timeouts == 0 ? 0 : 2);
                assertEquals(flags, reply.u8(at + 5), opcode.name());
                assertEquals(opcode.cdbBytes(), reply.u16(at + 6), opcode.name());
                if (timeouts != 0) {
                    assertEquals(0x0a, reply.u16(at + 8), opcode.name());
                    assertEquals(opcode.timeoutS(), reply.u32(at + 16), opcode.name());
                }
            }
        }
    }

    @Test
    void eachListedCommandIsReportedAlone() {
        for (Opcode opcode : unit.opcodes().all()) {
            int action = Math.max(0, opcode.serviceAction());
            for (int options : new int[] {opcode.hasServiceAction() ? 2 : 1, 3}) {
                Reply reply = report(options, opcode.code(), action).good();
                assertEquals(3, reply.u8(1), opcode.name() + ": supported, no timeouts");
                assertEquals(opcode.cdbBytes(), reply.u16(2));
                assertEquals(4 + opcode.cdbBytes(), reply.transferBytes());
                assertEquals(opcode.code(), reply.u8(4), "the usage data starts with the operation code");
                if (opcode.hasServiceAction()) {
                    assertEquals(action, reply.u8(5) & 0x1f);
                }
                Reply timed = report(options | RCTD, opcode.code(), action).good();
                assertEquals(0x83, timed.u8(1));
                assertEquals(0x0a, timed.u16(4 + opcode.cdbBytes()));
                assertEquals(4 + opcode.cdbBytes() + 12, timed.transferBytes());
            }
            report(opcode.hasServiceAction() ? 1 : 2, opcode.code(), action).invalidCdb(2);
        }
    }

    @Test
    void whatIsNotThereIsReportedSo() {
        assertEquals("00 01 00 00", report(1, 0xff, 0).good().hex());
        assertEquals("00 01 00 00", report(2, 0x9e, 0x1f).good().hex());
        assertEquals("00 01 00 00", report(2, 0xff, 0).good().hex());
        assertEquals("00 01 00 00", report(3, 0x28, 1).good().hex(), "READ(10) has no service action");
        assertEquals("00 01 00 00", report(3, 0x9e, 0x123).good().hex());
        report(4, 0, 0).invalidCdb(2);
        report(7, 0, 0).invalidCdb(2);
    }

    @Test
    void everyListedCommandIsKnownAndNoOtherIs() {
        for (int code = 0; code < 256; code++) {
            for (int action = 0; action < 32; action++) {
                byte[] cdb = new byte[16];
                cdb[0] = (byte) code;
                cdb[1] = (byte) action;
                // No room, no data: whatever it is, it changes nothing that would matter here.
                Reply reply = initiator
                        .send(initiator.prepare(cdb, DataDirection.NONE, null, 0, 0))
                        .reply();
                boolean unknown = reply.status() == ScsiStatus.CHECK_CONDITION
                        && reply.senseCodes().equals("05/20/00");
                boolean inTable = unit.opcodes().find(code, action) != null;
                boolean knownCode = inTable || unit.opcodes().hasServiceActions(code);
                assertEquals(!knownCode, unknown, Integer.toHexString(code) + "h/" + action + ": " + reply);
                if (knownCode && !inTable) {
                    reply.invalidCdb(1);
                }
            }
        }
    }

    @Test
    void whatTheUsageDataNamesIsNotRefusedAndWhatIsRefusedIsNotNamed() {
        for (Opcode opcode : unit.opcodes().all()) {
            for (int i = 0; i < opcode.cdbBytes(); i++) {
                assertEquals(0, opcode.usage(i) & opcode.refusedMask(i), opcode.name() + ", byte " + i);
            }
            assertEquals(0x04, opcode.usage(opcode.cdbBytes() - 1) & 0x04, opcode.name() + ": NACA");
        }
    }

    @Test
    void anAllocationLengthCutsTheDataAndNotTheLengthField() {
        Reply reply =
                initiator.in(Cdb.of("a3 0c 00 00 0000 0000000a 0000"), 255).good();
        assertEquals(10, reply.transferBytes());
        assertEquals(8 * unit.opcodes().all().size(), reply.u32(0));
    }

    @Test
    void supportedTaskManagementFunctionsAreReported() {
        Reply reply =
                initiator.in(Cdb.of("a3 0d 00 00 0000 000000ff 0000"), 255).good();
        assertEquals("fe 07 00 00", reply.hex());
        Reply extended =
                initiator.in(Cdb.of("a3 0d 80 00 0000 000000ff 0000"), 255).good();
        assertEquals(16, extended.transferBytes());
        assertEquals(0x0c, extended.u8(3));
    }

    // ---- declarations that cannot be right ----

    @Test
    void aDeclarationThatContradictsItselfIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Opcode.named("X", "28 00 00 00 00 00"), "6 bytes");
        assertThrows(
                IllegalArgumentException.class,
                () -> Opcode.named("X", "08 1f ff ff ff 00").refuse(1, 0x10));
        Opcode one = Opcode.named("X", "08 1f ff ff ff 00").handledBy(Task::good);
        Opcode action = Opcode.named("Y", "9e 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
                .withServiceAction()
                .handledBy(Task::good);
        Opcode whole = Opcode.named("Z", "9e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
                .handledBy(Task::good);
        for (List<Opcode> twice : List.of(List.of(one, one), List.of(action, action), List.of(action, whole))) {
            List<OpcodeTable.Source> source = List.of(commands -> commands.addAll(new ArrayList<>(twice)));
            assertThrows(IllegalArgumentException.class, () -> OpcodeTable.of(source));
        }
    }

    @Test
    void anUnknownOperationCodePointsAtItself() {
        Reply reply = initiator.none(Cdb.of("ff 00 00 00 00 00"));
        reply.check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        assertEquals(0xc0, reply.sense()[15] & 0xff);
        assertEquals(0, reply.sense()[17]);
    }
}
