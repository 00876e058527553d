package org.lunette.scsi.reservation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.lunette.command.Nexus;

/**
 * The registrations and the persistent reservation of one logical unit, and the service actions that change them;
 * SPC-5.
 *
 * <p>Any thread may call. Each action is atomic and leaves a new {@link ReservationState}; what it refuses, it leaves
 * unchanged.
 */
public final class PersistentReservations {
    /** How many nexuses may be registered. */
    public static final int MAX_REGISTRATIONS = 1024;

    /** How an action ended. */
    public enum Outcome {
        DONE,
        /** RESERVATION CONFLICT. */
        CONFLICT,
        /** A release with a scope or type that is not the reservation's. */
        INVALID_RELEASE,
        /** No type, or one with a scope other than the logical unit, where one is needed. */
        INVALID_TYPE,
        /** A key of 0 where one must be named. */
        INVALID_KEY,
        /** {@link #MAX_REGISTRATIONS} are there. */
        NO_RESOURCES
    }

    /** What a nexus is to be told by a unit attention. */
    public enum Loss {
        RESERVATION_PREEMPTED,
        RESERVATION_RELEASED,
        REGISTRATION_PREEMPTED
    }

    /** Whom to tell what. */
    public record Notice(Registration registration, Loss loss) {}

    /** How an action ended, and who is to be told of it: never the nexus that asked for it. */
    public record Result(Outcome outcome, List<Notice> notices) {
        private static final Result DONE = new Result(Outcome.DONE, List.of());

        static Result refused(Outcome outcome) {
            return new Result(outcome, List.of());
        }
    }

    private volatile ReservationState state = ReservationState.NONE;

    /** What is reserved and registered now. */
    public ReservationState state() {
        return state;
    }

    /** Whether the reservation forbids a nexus this access. */
    public boolean conflicts(Standing standing, Access access) {
        ReservationState now = state;
        return now.type() != null && !standing.allows(now, access);
    }

    /**
     * REGISTER, and REGISTER AND IGNORE EXISTING KEY.
     *
     * @param key the key that the nexus claims to have; 0 if it claims none
     * @param newKey what to register; 0 to unregister
     * @param ignoreKey whether {@code key} does not count
     */
    public synchronized Result register(Nexus nexus, long key, long newKey, boolean ignoreKey) {
        ReservationState old = state;
        Registration mine = old.of(nexus);
        long registered = mine == null ? 0 : mine.key();
        if (!ignoreKey && key != registered) {
            return Result.refused(Outcome.CONFLICT);
        }
        if (mine == null) {
            return newKey == 0 ? Result.DONE : add(new Registration(nexus, newKey));
        }
        if (newKey == 0) {
            return remove(mine);
        }
        Registration changed = new Registration(nexus, newKey);
        List<Registration> all = new ArrayList<>(old.registrations());
        all.set(all.indexOf(mine), changed);
        Registration holder = mine.equals(old.holder()) ? changed : old.holder();
        state = new ReservationState(List.copyOf(all), old.generation() + 1, old.type(), holder);
        return Result.DONE;
    }

    private Result add(Registration registration) {
        ReservationState old = state;
        if (old.registrations().size() >= MAX_REGISTRATIONS) {
            return Result.refused(Outcome.NO_RESOURCES);
        }
        List<Registration> all = new ArrayList<>(old.registrations());
        all.add(registration);
        state = new ReservationState(List.copyOf(all), old.generation() + 1, old.type(), old.holder());
        return Result.DONE;
    }

    private Result remove(Registration mine) {
        ReservationState old = state;
        List<Registration> left = without(old, mine::equals);
        boolean releases = old.holds(mine) && (!old.type().allRegistrants() || left.isEmpty());
        if (!releases) {
            state = new ReservationState(left, old.generation() + 1, old.type(), old.holder());
            return Result.DONE;
        }
        state = new ReservationState(left, old.generation() + 1, null, null);
        return new Result(
                Outcome.DONE, old.type().forRegistrants() ? notices(left, Loss.RESERVATION_RELEASED) : List.of());
    }

    /** RESERVE. A type of null is one that the command did not name rightly, here and below. */
    public synchronized Result reserve(Nexus nexus, long key, ReservationType type) {
        ReservationState old = state;
        Registration mine = old.of(nexus);
        if (mine == null || mine.key() != key) {
            return Result.refused(Outcome.CONFLICT);
        }
        if (type == null) {
            return Result.refused(Outcome.INVALID_TYPE);
        }
        if (old.type() != null) {
            return old.type() == type && old.holds(mine) ? Result.DONE : Result.refused(Outcome.CONFLICT);
        }
        state = new ReservationState(old.registrations(), old.generation(), type, type.allRegistrants() ? null : mine);
        return Result.DONE;
    }

    /** RELEASE. */
    public synchronized Result release(Nexus nexus, long key, ReservationType type) {
        ReservationState old = state;
        Registration mine = old.of(nexus);
        if (mine == null || mine.key() != key) {
            return Result.refused(Outcome.CONFLICT);
        }
        if (!old.holds(mine)) {
            return Result.DONE;
        }
        if (old.type() != type) {
            return Result.refused(Outcome.INVALID_RELEASE);
        }
        state = new ReservationState(old.registrations(), old.generation(), null, null);
        List<Registration> told = type.forRegistrants() ? without(old, mine::equals) : List.of();
        return new Result(Outcome.DONE, notices(told, Loss.RESERVATION_RELEASED));
    }

    /** CLEAR. */
    public synchronized Result clear(Nexus nexus, long key) {
        ReservationState old = state;
        Registration mine = old.of(nexus);
        if (mine == null || mine.key() != key) {
            return Result.refused(Outcome.CONFLICT);
        }
        state = new ReservationState(List.of(), old.generation() + 1, null, null);
        return new Result(Outcome.DONE, notices(without(old, mine::equals), Loss.RESERVATION_PREEMPTED));
    }

    /**
     * PREEMPT, and the reservation's part of PREEMPT AND ABORT.
     *
     * @param victimKey the key whose registrations end; 0 for everybody else's, if every registered nexus holds the
     *     reservation
     * @param type of the reservation that the nexus gets, if it takes one over
     * @return of the notices, those of {@link Loss#REGISTRATION_PREEMPTED} name the nexuses whose commands PREEMPT AND
     *     ABORT aborts
     */
    public synchronized Result preempt(Nexus nexus, long key, long victimKey, ReservationType type) {
        ReservationState old = state;
        Registration mine = old.of(nexus);
        if (mine == null || mine.key() != key) {
            return Result.refused(Outcome.CONFLICT);
        }
        boolean everybody = old.type() != null && old.type().allRegistrants() && victimKey == 0;
        if (victimKey == 0 && !everybody) {
            return Result.refused(Outcome.INVALID_KEY);
        }
        boolean takesOver = everybody || old.holder() != null && old.holder().key() == victimKey;
        return takesOver ? takeOver(mine, everybody, victimKey, type) : unregister(mine, victimKey);
    }

    private Result takeOver(Registration mine, boolean everybody, long victimKey, ReservationType type) {
        if (type == null) {
            return Result.refused(Outcome.INVALID_TYPE);
        }
        ReservationState old = state;
        Predicate<Registration> victim = r -> !r.equals(mine) && (everybody || r.key() == victimKey);
        List<Registration> left = without(old, victim);
        state = new ReservationState(left, old.generation() + 1, type, type.allRegistrants() ? null : mine);
        List<Notice> notices = new ArrayList<>(notices(without(old, victim.negate()), Loss.REGISTRATION_PREEMPTED));
        if (old.type() != type && old.type().forRegistrants()) {
            notices.addAll(notices(left.stream().filter(r -> !r.equals(mine)).toList(), Loss.RESERVATION_RELEASED));
        }
        return new Result(Outcome.DONE, List.copyOf(notices));
    }

    private Result unregister(Registration mine, long victimKey) {
        ReservationState old = state;
        List<Registration> left = without(old, r -> r.key() == victimKey);
        if (left.size() == old.registrations().size()) {
            return Result.refused(Outcome.CONFLICT);
        }
        // Only a reservation that every registered nexus holds can lose its last holder here.
        boolean heldOn = old.type() != null && !left.isEmpty();
        state = new ReservationState(left, old.generation() + 1, heldOn ? old.type() : null, old.holder());
        List<Registration> gone = without(old, r -> r.key() != victimKey || r.equals(mine));
        return new Result(Outcome.DONE, notices(gone, Loss.REGISTRATION_PREEMPTED));
    }

    private static List<Registration> without(ReservationState state, Predicate<Registration> unwanted) {
        return state.registrations().stream().filter(unwanted.negate()).toList();
    }

    private static List<Notice> notices(List<Registration> registrations, Loss loss) {
        return registrations.stream().map(r -> new Notice(r, loss)).toList();
    }
}
