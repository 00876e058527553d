package org.lunette.scsi.reservation;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.lunette.scsi.reservation.ActionResult.Outcome;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registrations and the persistent reservation of one logical unit; SPC-5.
 *
 * <p>Any thread may call. Actions are done one after another, in the order in which they are asked for. Each is atomic
 * and leaves a new {@link ReservationState}; what it refuses, it leaves unchanged. Where the state outlives a power
 * loss, the new one is kept before anybody can see it, and the action fails if it cannot be.
 */
public final class PersistentReservations {
    /** How many nexuses may be registered. */
    public static final int MAX_REGISTRATIONS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PersistentReservations.class);
    private static final String KEPT = "reservations";

    /** An action, and whoever waits for its result. */
    private record Turn(ServiceAction action, Consumer<ActionResult> then) {}

    private final KeptValues kept;
    /** As many as there are commands in the task set, at most; guarded by this. */
    private final Queue<Turn> turns = new ArrayDeque<>();

    private boolean busy;
    /** What is kept may be another state than the one that is seen; for whoever has the turn. */
    private boolean keptIsUnsure;

    private volatile ReservationState state;

    /**
     * Takes up what was kept.
     *
     * @throws IllegalArgumentException if that is no state of reservations
     */
    PersistentReservations(KeptValues kept) {
        this.kept = kept;
        byte[] image = kept.load(KEPT);
        try {
            this.state = image == null ? ReservationState.NONE : ReservationImage.read(image);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    kept.place(KEPT) + " has no reservations: " + e.getMessage()
                            + ". Restore it, or remove it to go on without what was reserved",
                    e);
        }
    }

    /** Whether the state can outlive a power loss: PTPL_C. */
    public boolean canPersist() {
        return kept.keeps();
    }

    /** What is reserved and registered now. */
    public ReservationState state() {
        return state;
    }

    /** Whether the reservation forbids a nexus this access. */
    boolean conflicts(Standing standing, Access access) {
        ReservationState now = state;
        return now.type() != null && !standing.allows(now, access);
    }

    /** Performs an action when those before it are done; {@code then} is called once, here or on another thread. */
    void perform(ServiceAction action, Consumer<ActionResult> then) {
        synchronized (this) {
            turns.add(new Turn(action, then));
            if (busy) {
                return;
            }
            busy = true;
        }
        serve();
    }

    /** Takes one after another, until there is none or one must wait: then whoever ends it goes on here. */
    private void serve() {
        boolean goesOn = true;
        while (goesOn) {
            Turn turn;
            synchronized (this) {
                turn = turns.poll();
                busy = turn != null;
            }
            goesOn = turn != null && take(turn);
        }
    }

    /** Returns whether it has ended. */
    private boolean take(Turn turn) {
        ActionResult result;
        try {
            result = turn.action.on(state);
        } catch (RuntimeException | Error e) {
            LOG.error("a service action failed", e);
            result = ActionResult.refused(Outcome.NOT_KEPT);
        }
        ReservationState next = result.next();
        if (next == null || !isToBeKept(next)) {
            end(turn, result);
            return true;
        }
        byte[] image = ReservationImage.of(next);
        if (image.length > KeptValues.MAX_BYTES) {
            end(turn, ActionResult.refused(Outcome.NO_RESOURCES));
            return true;
        }
        return new Saving(turn, result).start(image);
    }

    private boolean isToBeKept(ReservationState next) {
        boolean outlives = next.persists() || state.persists();
        return outlives && (keptIsUnsure || !next.equals(state));
    }

    private void end(Turn turn, ActionResult result) {
        if (result.next() != null) {
            state = result.next();
        }
        try {
            turn.then.accept(result);
        } catch (RuntimeException | Error e) { // those that wait have no part in it
            LOG.error("the end of a service action failed", e);
        }
    }

    /** A state on its way to where it is kept. */
    private final class Saving {
        private final Turn turn;
        private final ActionResult result;
        /** Of the thread that saves and the one that is told of the end, the second goes on. */
        private final AtomicBoolean oneIsThrough = new AtomicBoolean();

        Saving(Turn turn, ActionResult result) {
            this.turn = turn;
            this.result = result;
        }

        /** Returns whether it has ended already. */
        boolean start(byte[] image) {
            save(image, this::ended);
            return !oneIsThrough.compareAndSet(false, true);
        }

        private void ended(StoreStatus status, long errorOffsetBytes) {
            keptIsUnsure = status != StoreStatus.OK;
            if (keptIsUnsure) {
                // Nobody knows what is there now, so what was there is written again.
                save(ReservationImage.of(state), this::restored);
            } else {
                finish(result);
            }
        }

        private void restored(StoreStatus status, long errorOffsetBytes) {
            keptIsUnsure = status != StoreStatus.OK;
            finish(ActionResult.refused(Outcome.NOT_KEPT));
        }

        private void finish(ActionResult with) {
            end(turn, with);
            if (!oneIsThrough.compareAndSet(false, true)) {
                serve();
            }
        }
    }

    private void save(byte[] image, StoreCompletion completion) {
        boolean asked = false;
        try {
            kept.save(KEPT, image, completion);
            asked = true;
        } catch (RuntimeException e) {
            LOG.error("{} cannot be written: {}", kept.place(KEPT), e.toString());
        }
        if (!asked) {
            completion.ended(StoreStatus.WRITE_FAILED, -1);
        }
    }
}
