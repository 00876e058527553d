package org.lunette.scsi.primary;

import java.util.function.Consumer;
import org.lunette.command.Nexus;
import org.lunette.scsi.reservation.ActionResult.Outcome;
import org.lunette.scsi.reservation.ReservationState;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.reservation.ServiceAction;
import org.lunette.scsi.reservation.ServiceActions;

/**
 * What an administrator sees of a unit's reservations, and may do to them when those who made them cannot. Nexuses are
 * told of it as if one of them had done it, and what is kept follows. Any thread may call.
 */
public final class ReservationAdministration {
    private final Reservations reservations;
    private final ReservationNotices notices;

    public ReservationAdministration(Reservations reservations, ReservationNotices notices) {
        this.reservations = reservations;
        this.notices = notices;
    }

    /** What is registered and reserved now. */
    public ReservationState state() {
        return reservations.persistent().state();
    }

    /** The nexus that holds the unit by RESERVE; null if none does. */
    public Nexus legacyHolder() {
        return reservations.legacyHolder();
    }

    /**
     * Ends every registration and every reservation, also that of RESERVE. Each registered nexus is told RESERVATIONS
     * PREEMPTED, as by CLEAR.
     *
     * @param then called once, here or on another thread, when that is kept: DONE, or NOT_KEPT and nothing persistent
     *     has changed
     */
    public void clear(Consumer<Outcome> then) {
        reservations.clearLegacy();
        perform(ServiceActions.clear(), then);
    }

    /**
     * Ends the registrations of a key, and the reservation if it was theirs. Their nexuses are told REGISTRATIONS
     * PREEMPTED, as by PREEMPT, and those that lose access with the reservation RESERVATIONS RELEASED.
     *
     * @param then as for {@link #clear(Consumer)}; INVALID_KEY if nobody has registered the key
     */
    public void clear(long key, Consumer<Outcome> then) {
        perform(ServiceActions.clear(key), then);
    }

    private void perform(ServiceAction action, Consumer<Outcome> then) {
        reservations.administer(action, result -> {
            notices.raise(result);
            then.accept(result.outcome());
        });
    }
}
