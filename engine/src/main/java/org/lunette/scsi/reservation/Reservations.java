package org.lunette.scsi.reservation;

import java.util.function.Supplier;
import org.lunette.command.Nexus;
import org.lunette.scsi.reservation.PersistentReservations.Outcome;
import org.lunette.scsi.reservation.PersistentReservations.Result;

/**
 * The reservations of one logical unit: the persistent ones, and the one of RESERVE and RELEASE (SPC-2). Any thread may
 * call.
 */
public final class Reservations {
    // Its monitor, which its own actions take, guards both kinds: each excludes the other.
    private final PersistentReservations persistent = new PersistentReservations();
    private volatile Nexus legacyHolder;

    /** The persistent ones. */
    public PersistentReservations persistent() {
        return persistent;
    }

    /** Whether some nexus holds the unit by RESERVE. */
    public boolean legacyReserved() {
        return legacyHolder != null;
    }

    /**
     * Whether a command conflicts with a reservation.
     *
     * @param allowedUnderLegacy whether the command is allowed though another nexus holds the unit by RESERVE
     */
    public boolean conflicts(Standing standing, Access access, boolean allowedUnderLegacy) {
        Nexus holder = legacyHolder;
        if (holder != null && holder != standing.nexus() && !allowedUnderLegacy) {
            return true;
        }
        return persistent.conflicts(standing, access);
    }

    /**
     * Performs a service action of PERSISTENT RESERVE OUT, unless some nexus holds the unit by RESERVE: that is a
     * conflict. No nexus comes to hold it in between.
     */
    public Result perform(Supplier<Result> action) {
        synchronized (persistent) {
            return legacyHolder == null ? action.get() : Result.refused(Outcome.CONFLICT);
        }
    }

    /**
     * RESERVE. Returns false on a conflict: another nexus holds the unit, or keys are registered (see
     * {@link #ignoresLegacy}).
     */
    public boolean reserveLegacy(Nexus nexus) {
        synchronized (persistent) {
            if (!persistent.state().registrations().isEmpty() || legacyHolder != null && legacyHolder != nexus) {
                return false;
            }
            legacyHolder = nexus;
            return true;
        }
    }

    /** RELEASE by a nexus, or the end of it; does nothing for one that is not the holder. */
    public void releaseLegacy(Nexus nexus) {
        synchronized (persistent) {
            if (legacyHolder == nexus) {
                legacyHolder = null;
            }
        }
    }

    /** Ends a reservation by RESERVE, whoever holds it: a reset does. */
    public void clearLegacy() {
        synchronized (persistent) {
            legacyHolder = null;
        }
    }

    /**
     * Whether RESERVE and RELEASE of a nexus end with GOOD and do nothing, since its persistent reservation gives it
     * what it asks for; SPC-5.
     */
    public boolean ignoresLegacy(Nexus nexus) {
        ReservationState state = persistent.state();
        Registration mine = state.of(nexus);
        return state.type() != null
                && mine != null
                && (state.holds(mine) || state.type().forRegistrants());
    }
}
