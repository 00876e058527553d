package org.lunette.scsi.reservation;

import java.util.List;
import org.lunette.command.Nexus;

/**
 * How a service action ended.
 *
 * @param outcome what became of it
 * @param next the state that it leaves; null if it leaves everything persistent as it was, as one that was refused does
 * @param notices who is to be told of it: never the nexus that asked for it
 */
public record ActionResult(Outcome outcome, ReservationState next, List<Notice> notices) {
    /** How an action ended. */
    public enum Outcome {
        DONE,
        /** RESERVATION CONFLICT. */
        CONFLICT,
        /** A release with a scope or type that is not the reservation's. */
        INVALID_RELEASE,
        /** No type, or one with a scope other than the logical unit, where one is needed. */
        INVALID_TYPE,
        /** A key of 0 where one must be named, or one that nobody has. */
        INVALID_KEY,
        /** A nexus that is registered registers others: SPEC_I_PT. */
        INVALID_SPECIFICATION,
        /** The nexus that is to get the reservation is the one that gives it. */
        INVALID_DESTINATION,
        /** {@link PersistentReservations#MAX_REGISTRATIONS} are there. */
        NO_RESOURCES,
        /** The state could not be kept as it has to be. */
        NOT_KEPT,
        /** The command was aborted before its turn came. */
        ABORTED
    }

    /** What a nexus is to be told by a unit attention. */
    public enum Loss {
        RESERVATION_PREEMPTED,
        RESERVATION_RELEASED,
        REGISTRATION_PREEMPTED
    }

    /** Whom to tell what. */
    public record Notice(Registration registration, Loss loss) {}

    /** An action that leaves everything as it was. */
    public static ActionResult refused(Outcome outcome) {
        return new ActionResult(outcome, null, List.of());
    }

    static ActionResult done(ReservationState next) {
        return done(next, List.of());
    }

    static ActionResult done(ReservationState next, List<Notice> notices) {
        return new ActionResult(Outcome.DONE, next, List.copyOf(notices));
    }

    /** Whether a nexus loses its registration: those are the ones whose commands PREEMPT AND ABORT aborts. */
    public boolean unregisters(Nexus nexus) {
        return notices.stream()
                .anyMatch(notice -> notice.loss() == Loss.REGISTRATION_PREEMPTED
                        && notice.registration().isOf(nexus));
    }
}
