package org.lunette.scsi.reservation;

import java.util.List;
import org.lunette.command.Nexus;

/**
 * Everything that persistent reservations of one logical unit are at one moment. Immutable.
 *
 * @param registrations in the order in which they came
 * @param generation PRGENERATION, a counter of 32 bits that wraps
 * @param type of the reservation; null if there is none
 * @param holder of the reservation; null if there is none, or every registered nexus holds it
 * @param persists whether it outlives a power loss: APTPL as the last registration said
 */
public record ReservationState(
        List<Registration> registrations, int generation, ReservationType type, Registration holder, boolean persists) {
    static final ReservationState NONE = new ReservationState(List.of(), 0, null, null, false);

    /** The registration of a nexus; null if it has none. */
    public Registration of(Nexus nexus) {
        for (Registration registration : registrations) {
            if (registration.isOf(nexus)) {
                return registration;
            }
        }
        return null;
    }

    /** Whether a registration, which may be null, holds the reservation. */
    public boolean holds(Registration registration) {
        return type != null && registration != null && (type.allRegistrants() || registration.isOf(holder.nexus()));
    }

    /**
     * The key that READ RESERVATION reports: that of the holder, or 0 if every registered nexus holds the reservation.
     */
    public long reportedKey() {
        return holder == null ? 0 : holder.key();
    }

    /** The same with other registrations. */
    ReservationState registered(List<Registration> others) {
        return new ReservationState(others, generation, type, holder, persists);
    }

    /** The same with another reservation; null for none. */
    ReservationState reserved(ReservationType by, Registration heldBy) {
        Registration one = by == null || by.allRegistrants() ? null : heldBy;
        return new ReservationState(registrations, generation, by, one, persists);
    }

    /** The same, one PRGENERATION later. */
    ReservationState counted() {
        return new ReservationState(registrations, generation + 1, type, holder, persists);
    }

    /** The same, and it outlives a power loss or does not. */
    ReservationState persisting(boolean outlives) {
        return outlives == persists ? this : new ReservationState(registrations, generation, type, holder, outlives);
    }
}
