package org.lunette.scsi.device;

import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.scsi.primary.Inquiry;

/** The REPORT LUNS well-known logical unit; SPC-5. Its one command of substance the target answers for every LUN. */
final class WellKnownUnit {
    private static final int TEST_UNIT_READY = 0x00;
    private static final int REQUEST_SENSE = 0x03;
    private static final int INQUIRY = 0x12;

    void execute(Command command) {
        switch (command.opcode()) {
            case TEST_UNIT_READY -> command.completeGood();
            case INQUIRY -> NoUnit.inquire(command, Inquiry.WELL_KNOWN);
            case REQUEST_SENSE ->
                NoUnit.requestSense(command, SenseKey.NO_SENSE, AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION);
            default ->
                command.completeCheckCondition(
                        SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        }
    }
}
