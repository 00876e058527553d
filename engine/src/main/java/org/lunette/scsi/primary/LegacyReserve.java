package org.lunette.scsi.primary;

import java.util.List;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/**
 * RESERVE and RELEASE, (6) and (10), of the whole unit; SPC-2, with the exceptions of SPC-5. Third-party and extent
 * reservations are refused.
 */
public final class LegacyReserve implements OpcodeTable.Source {
    private static final int THIRD_PARTY_AND_EXTENT_6 = 0x1f;
    private static final int THIRD_PARTY_AND_EXTENT_10 = 0x13;

    private final Reservations reservations;

    public LegacyReserve(Reservations reservations) {
        this.reservations = reservations;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("RESERVE(6)", "16 00 00 00 00 00")
                .refuse(1, THIRD_PARTY_AND_EXTENT_6)
                .handledBy(this::reserve));
        commands.add(Opcode.named("RELEASE(6)", "17 00 00 00 00 00")
                .refuse(1, THIRD_PARTY_AND_EXTENT_6)
                .passesLegacyReservation()
                .handledBy(this::release));
        commands.add(Opcode.named("RESERVE(10)", "56 00 00 00 00 00 00 00 00 00")
                .refuse(1, THIRD_PARTY_AND_EXTENT_10)
                .handledBy(this::reserve));
        commands.add(Opcode.named("RELEASE(10)", "57 00 00 00 00 00 00 00 00 00")
                .refuse(1, THIRD_PARTY_AND_EXTENT_10)
                .passesLegacyReservation()
                .handledBy(this::release));
    }

    private void reserve(Task task) {
        reservations.reserveLegacy(task.nexus().nexus(), () -> !task.command().isAborted(), outcome -> {
            switch (outcome) {
                case DONE -> task.good();
                case ABORTED -> task.end(ScsiStatus.TASK_ABORTED);
                default -> task.end(ScsiStatus.RESERVATION_CONFLICT);
            }
        });
    }

    private void release(Task task) {
        Nexus nexus = task.nexus().nexus();
        boolean keysAreRegistered =
                !reservations.persistent().state().registrations().isEmpty();
        if (keysAreRegistered && !reservations.ignoresLegacy(nexus)) {
            task.end(ScsiStatus.RESERVATION_CONFLICT);
            return;
        }
        reservations.releaseLegacy(nexus);
        task.good();
    }
}
