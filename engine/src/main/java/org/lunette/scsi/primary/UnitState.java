package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.AttentionQueue;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;

/** The commands that ask how a unit is: TEST UNIT READY and REQUEST SENSE; SPC-5. */
public final class UnitState implements OpcodeTable.Source {
    private static final int DESC = 0x01;

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("TEST UNIT READY", "00 00 00 00 00 00").handledBy(Task::good));
        commands.add(Opcode.named("REQUEST SENSE", "03 01 00 00 ff 00")
                .length(4, 1)
                .passesAttentions()
                .passesLegacyReservation()
                .handledBy(this::requestSense));
    }

    private void requestSense(Task task) {
        if (task.endedByAbort()) {
            return;
        }
        Command command = task.command();
        byte[] sense = new byte[Sense.FIXED_BYTES];
        boolean descriptor = (command.cdb8(1) & DESC) != 0;
        UnitAttention attention = task.takeAttention(AttentionQueue.ALL);
        int length = attention == null
                ? Sense.current(sense, descriptor, SenseKey.NO_SENSE, AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION)
                : Sense.current(sense, descriptor, SenseKey.UNIT_ATTENTION, attention.additionalSense());
        task.good(sense, length, command.cdb8(4));
    }
}
