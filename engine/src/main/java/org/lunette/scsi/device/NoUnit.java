package org.lunette.scsi.device;

import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.page.UnitIdentity;
import org.lunette.scsi.primary.Inquiry;

/** What a target answers for a LUN that has no logical unit; SPC-5. */
final class NoUnit {
    private static final int INQUIRY = 0x12;
    private static final int REQUEST_SENSE = 0x03;
    private static final int DESC = 0x01;
    private static final int EVPD_OR_CMDDT = 0x03;
    private static final UnitIdentity NOBODY = new UnitIdentity("", "", "", "", 0, false, java.util.List.of());

    void execute(Command command) {
        switch (command.opcode()) {
            case INQUIRY -> inquire(command, Inquiry.NO_UNIT);
            case REQUEST_SENSE -> {
                AdditionalSense absent = AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED;
                requestSense(command, SenseKey.ILLEGAL_REQUEST, absent);
            }
            default ->
                command.completeCheckCondition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED);
        }
    }

    static void inquire(Command command, int peripheral) {
        if ((command.cdb8(1) & EVPD_OR_CMDDT) != 0 || command.cdb8(2) != 0) {
            command.completeCheckCondition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
            return;
        }
        PageBuffer data = Inquiry.standard(peripheral, NOBODY);
        command.dataIn(data.array(), Math.min(data.length(), command.cdb16(3)));
        command.completeGood();
    }

    static void requestSense(Command command, SenseKey key, AdditionalSense additional) {
        byte[] sense = new byte[Sense.FIXED_BYTES];
        int length = Sense.current(sense, (command.cdb8(1) & DESC) != 0, key, additional);
        command.dataIn(sense, Math.min(length, command.cdb8(4)));
        command.completeGood();
    }
}
