package org.lunette.scsi.reservation;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.lunette.command.Nexus;
import org.lunette.scsi.reservation.ActionResult.Outcome;
import org.lunette.store.KeptValues;

/**
 * The reservations of one logical unit: the persistent ones, and the one of RESERVE and RELEASE (SPC-2). Any thread may
 * call.
 */
public final class Reservations {
    private final PersistentReservations persistent;
    // Set in the turns of the persistent ones: each kind excludes the other.
    private volatile Nexus legacyHolder;

    /**
     * Takes up what was kept.
     *
     * @param kept where persistent reservations that outlive a power loss are kept; perhaps nowhere
     * @throws IllegalArgumentException if what was kept are no reservations
     */
    public Reservations(KeptValues kept) {
        this.persistent = new PersistentReservations(kept);
    }

    /** The persistent ones. */
    public PersistentReservations persistent() {
        return persistent;
    }

    /** The nexus that holds the unit by RESERVE; null if none does. */
    public Nexus legacyHolder() {
        return legacyHolder;
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
     * Performs a service action of PERSISTENT RESERVE OUT when those before it are done, unless some nexus holds the
     * unit by RESERVE: that is a conflict.
     *
     * @param then called once, with the result, here or on another thread; the state is the new one by then
     */
    public void perform(ServiceAction action, Consumer<ActionResult> then) {
        persistent.perform(
                state -> legacyHolder == null ? action.on(state) : ActionResult.refused(Outcome.CONFLICT), then);
    }

    /** As {@link #perform}, by an administrator, whom RESERVE does not hinder. */
    public void administer(ServiceAction action, Consumer<ActionResult> then) {
        persistent.perform(action, then);
    }

    /**
     * RESERVE, when the service actions before it are done. A conflict if another nexus holds the unit, or keys are
     * registered (see {@link #ignoresLegacy}).
     *
     * @param stillWanted asked when its turn comes, unless it is a conflict or changes nothing
     * @param then called once, here or on another thread
     */
    public void reserveLegacy(Nexus nexus, BooleanSupplier stillWanted, Consumer<Outcome> then) {
        persistent.perform(
                state -> new ActionResult(legacyOutcome(state, nexus, stillWanted), null, List.of()),
                result -> then.accept(result.outcome()));
    }

    private Outcome legacyOutcome(ReservationState state, Nexus nexus, BooleanSupplier stillWanted) {
        if (ignoresLegacy(state, nexus)) {
            return Outcome.DONE;
        }
        return state.registrations().isEmpty() ? takeLegacy(nexus, stillWanted) : Outcome.CONFLICT;
    }

    private synchronized Outcome takeLegacy(Nexus nexus, BooleanSupplier stillWanted) {
        if (legacyHolder != null) {
            return legacyHolder == nexus ? Outcome.DONE : Outcome.CONFLICT;
        }
        legacyHolder = nexus;
        if (stillWanted.getAsBoolean()) {
            return Outcome.DONE; // whoever aborts it from here finds the reservation, and ends it
        }
        legacyHolder = null;
        return Outcome.ABORTED;
    }

    /** RELEASE by a nexus, or the end of it; does nothing for one that is not the holder. */
    public synchronized void releaseLegacy(Nexus nexus) {
        if (legacyHolder == nexus) {
            legacyHolder = null;
        }
    }

    /** Ends a reservation by RESERVE, whoever holds it: a reset does. */
    public synchronized void clearLegacy() {
        legacyHolder = null;
    }

    /**
     * Whether RESERVE and RELEASE of a nexus end with GOOD and do nothing, since its persistent reservation gives it
     * what it asks for; SPC-5.
     */
    public boolean ignoresLegacy(Nexus nexus) {
        return ignoresLegacy(persistent.state(), nexus);
    }

    private static boolean ignoresLegacy(ReservationState state, Nexus nexus) {
        Registration mine = state.of(nexus);
        return state.type() != null
                && mine != null
                && (state.holds(mine) || state.type().forRegistrants());
    }
}
