package org.lunette.scsi.reservation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.lunette.command.Nexus;
import org.lunette.scsi.reservation.ActionResult.Loss;
import org.lunette.scsi.reservation.ActionResult.Notice;
import org.lunette.scsi.reservation.ActionResult.Outcome;

/** The service actions that change persistent reservations; SPC-5, 5.14. */
public final class ServiceActions {
    private ServiceActions() {}

    /** REGISTER, and REGISTER AND IGNORE EXISTING KEY. */
    public static ServiceAction register(RegisterRequest request) {
        return state -> new Registering(request, state).result();
    }

    /** RESERVE. A type of null is one that the command did not name rightly, here and below. */
    public static ServiceAction reserve(Nexus nexus, long key, ReservationType type) {
        return byRegistered(nexus, key, (state, mine) -> {
            if (type == null) {
                return ActionResult.refused(Outcome.INVALID_TYPE);
            }
            if (state.type() != null) {
                return state.type() == type && state.holds(mine)
                        ? ActionResult.done(state)
                        : ActionResult.refused(Outcome.CONFLICT);
            }
            return ActionResult.done(state.reserved(type, mine));
        });
    }

    /** RELEASE. */
    public static ServiceAction release(Nexus nexus, long key, ReservationType type) {
        return byRegistered(nexus, key, (state, mine) -> {
            if (!state.holds(mine)) {
                return ActionResult.done(state);
            }
            if (state.type() != type) {
                return ActionResult.refused(Outcome.INVALID_RELEASE);
            }
            List<Registration> told = type.forRegistrants() ? without(state, mine::equals) : List.of();
            return ActionResult.done(state.reserved(null, null), notices(told, Loss.RESERVATION_RELEASED));
        });
    }

    /** CLEAR. */
    public static ServiceAction clear(Nexus nexus, long key) {
        return byRegistered(nexus, key, (state, mine) -> cleared(state, without(state, mine::equals)));
    }

    /** CLEAR by an administrator: every registered nexus is told. */
    public static ServiceAction clear() {
        return state -> cleared(state, state.registrations());
    }

    private static ActionResult cleared(ReservationState state, List<Registration> told) {
        ReservationState next = state.registered(List.of()).reserved(null, null).counted();
        return ActionResult.done(next, notices(told, Loss.RESERVATION_PREEMPTED));
    }

    /**
     * The end of a key by an administrator: its registrations end as if the holder had been preempted, and with the
     * holder's the reservation. Those that lose access with that are told.
     */
    public static ServiceAction clear(long key) {
        return state -> {
            List<Registration> gone = without(state, r -> r.key() != key);
            if (gone.isEmpty()) {
                return ActionResult.refused(Outcome.INVALID_KEY);
            }
            List<Registration> left = without(state, r -> r.key() == key);
            boolean releases = state.type() != null
                    && (left.isEmpty()
                            || state.holder() != null && state.holder().key() == key);
            List<Notice> notices = new ArrayList<>(notices(gone, Loss.REGISTRATION_PREEMPTED));
            if (releases && state.type().forRegistrants()) {
                notices.addAll(notices(left, Loss.RESERVATION_RELEASED));
            }
            ReservationState next = state.registered(left).counted();
            return ActionResult.done(releases ? next.reserved(null, null) : next, notices);
        };
    }

    /**
     * PREEMPT, and the reservation's part of PREEMPT AND ABORT.
     *
     * @param victimKey the key whose registrations end; 0 for everybody else's, if every registered nexus holds the
     *     reservation
     * @param type of the reservation that the nexus gets, if it takes one over
     */
    public static ServiceAction preempt(Nexus nexus, long key, long victimKey, ReservationType type) {
        return byRegistered(nexus, key, (state, mine) -> {
            boolean everybody = state.type() != null && state.type().allRegistrants() && victimKey == 0;
            if (victimKey == 0 && !everybody) {
                return ActionResult.refused(Outcome.INVALID_KEY);
            }
            boolean takesOver =
                    everybody || state.holder() != null && state.holder().key() == victimKey;
            return takesOver
                    ? takeOver(state, mine, r -> everybody || r.key() == victimKey, type)
                    : unregister(state, mine, victimKey);
        });
    }

    private static ActionResult takeOver(
            ReservationState state, Registration mine, Predicate<Registration> meant, ReservationType type) {
        if (type == null) {
            return ActionResult.refused(Outcome.INVALID_TYPE);
        }
        Predicate<Registration> victim = r -> !r.equals(mine) && meant.test(r);
        List<Registration> left = without(state, victim);
        List<Notice> notices = new ArrayList<>(notices(without(state, victim.negate()), Loss.REGISTRATION_PREEMPTED));
        if (state.type() != type) {
            notices.addAll(notices(left.stream().filter(r -> !r.equals(mine)).toList(), Loss.RESERVATION_RELEASED));
        }
        return ActionResult.done(state.registered(left).reserved(type, mine).counted(), notices);
    }

    private static ActionResult unregister(ReservationState state, Registration mine, long victimKey) {
        List<Registration> left = without(state, r -> r.key() == victimKey);
        if (left.size() == state.registrations().size()) {
            return ActionResult.refused(Outcome.CONFLICT);
        }
        ReservationState next = state.registered(left).counted();
        // Only a reservation that every registered nexus holds can lose its last holder here.
        List<Registration> gone = without(state, r -> r.key() != victimKey || r.equals(mine));
        return ActionResult.done(
                left.isEmpty() ? next.reserved(null, null) : next, notices(gone, Loss.REGISTRATION_PREEMPTED));
    }

    /**
     * REGISTER AND MOVE.
     *
     * @param to the nexus that gets the reservation, and {@code newKey}
     * @param unregisters UNREG: whether the registration of the nexus that gives it ends
     * @param persists APTPL
     */
    public static ServiceAction move(
            Nexus nexus, long key, Nexus to, long newKey, boolean unregisters, boolean persists) {
        return byRegistered(nexus, key, (state, mine) -> {
            if (!state.holds(mine) || state.type().allRegistrants()) {
                return ActionResult.refused(Outcome.CONFLICT);
            }
            if (newKey == 0) {
                return ActionResult.refused(Outcome.INVALID_KEY);
            }
            if (to.sameAs(nexus)) {
                return ActionResult.refused(Outcome.INVALID_DESTINATION);
            }
            Registration theirs = new Registration(to, newKey);
            List<Registration> all = new ArrayList<>(without(state, r -> unregisters && r.equals(mine)));
            Registration before = state.of(to);
            if (before == null) {
                all.add(theirs);
            } else {
                all.set(all.indexOf(before), theirs);
            }
            if (all.size() > PersistentReservations.MAX_REGISTRATIONS) {
                return ActionResult.refused(Outcome.NO_RESOURCES);
            }
            return ActionResult.done(state.registered(List.copyOf(all))
                    .reserved(state.type(), theirs)
                    .persisting(persists)
                    .counted());
        });
    }

    /** What an action does for a nexus that has named its key. */
    @FunctionalInterface
    private interface OfRegistered {
        ActionResult on(ReservationState state, Registration mine);
    }

    private static ServiceAction byRegistered(Nexus nexus, long key, OfRegistered action) {
        return state -> {
            Registration mine = state.of(nexus);
            return mine == null || mine.key() != key ? ActionResult.refused(Outcome.CONFLICT) : action.on(state, mine);
        };
    }

    private static List<Registration> without(ReservationState state, Predicate<Registration> unwanted) {
        return state.registrations().stream().filter(unwanted.negate()).toList();
    }

    private static List<Notice> notices(List<Registration> registrations, Loss loss) {
        return registrations.stream().map(r -> new Notice(r, loss)).toList();
    }
}
