package org.lunette.scsi.primary;

import org.lunette.command.Nexus;
import org.lunette.scsi.reservation.ActionResult;
import org.lunette.scsi.reservation.ActionResult.Notice;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.UnitAttention;

/** Tells nexuses what service actions took from them; SPC-5, 5.14. Any thread may call. */
public final class ReservationNotices {
    private final NexusTable nexuses;

    public ReservationNotices(NexusTable nexuses) {
        this.nexuses = nexuses;
    }

    /** Raises the unit attentions of what an action has done. */
    void raise(ActionResult result) {
        result.notices().forEach(this::raise);
    }

    private void raise(Notice notice) {
        UnitAttention attention = switch (notice.loss()) {
            case RESERVATION_PREEMPTED -> UnitAttention.RESERVATIONS_PREEMPTED;
            case RESERVATION_RELEASED -> UnitAttention.RESERVATIONS_RELEASED;
            case REGISTRATION_PREEMPTED -> UnitAttention.REGISTRATIONS_PREEMPTED;
        };
        nexuses.raise(attention, (Nexus nexus) -> notice.registration().isOf(nexus));
    }

    /** Raises them too, and those that have lost their registration do not prevent the medium's removal any more. */
    void raiseAndAllowRemoval(ActionResult result) {
        nexuses.allowRemoval(result::unregisters);
        raise(result);
    }
}
