package org.lunette.scsi.reservation;

import org.lunette.command.Nexus;

/**
 * How one nexus stands to the reservations of one logical unit, kept from command to command so that a registration
 * need not be searched for each. Any thread may use it.
 */
public final class Standing {
    private record View(ReservationState of, boolean registered, boolean holder) {}

    private final Nexus nexus;
    // Immutable, so a race over this plain field costs at most a second look.
    private View view = new View(ReservationState.NONE, false, false);

    public Standing(Nexus nexus) {
        this.nexus = nexus;
    }

    Nexus nexus() {
        return nexus;
    }

    boolean allows(ReservationState state, Access access) {
        View current = in(state);
        return state.type().allows(access, current.registered, current.holder);
    }

    private View in(ReservationState state) {
        View current = view;
        if (current.of != state) {
            Registration registration = state.of(nexus);
            current = new View(state, registration != null, state.holds(registration));
            view = current;
        }
        return current;
    }
}
