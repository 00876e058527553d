package org.lunette.scsi.readiness;

import org.lunette.command.AdditionalSense;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.Task;

/**
 * How ready a logical unit is. Lasts over resets and the loss of nexuses; what of it outlives the process, others keep.
 *
 * <p>Any thread may call. Every change goes through one of the methods here, so that no two operations are under way,
 * and none on a medium that is not there.
 */
public final class Readiness {
    /** What the medium is or goes through. */
    public enum State {
        READY(SenseKey.NO_SENSE, AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION, Need.values()),
        EJECTED(SenseKey.NOT_READY, AdditionalSense.MEDIUM_NOT_PRESENT, Need.NOTHING, Need.UNIT),
        FORMATTING(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_FORMAT_IN_PROGRESS, Need.NOTHING),
        SANITIZING(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_SANITIZE_IN_PROGRESS, Need.NOTHING),
        FORMAT_CORRUPT(
                SenseKey.MEDIUM_ERROR,
                AdditionalSense.MEDIUM_FORMAT_CORRUPTED,
                Need.NOTHING,
                Need.UNIT,
                Need.MEDIUM_TO_SANITIZE,
                Need.MEDIUM_TO_FORMAT),
        /** Only another sanitize operation of the restricted completion mode leads out. */
        SANITIZE_FAILED_RESTRICTED(
                SenseKey.MEDIUM_ERROR, AdditionalSense.SANITIZE_COMMAND_FAILED, Need.NOTHING, Need.MEDIUM_TO_SANITIZE),
        /** As restricted, but EXIT FAILURE MODE leads out too: AUSE was 1. */
        SANITIZE_FAILED(
                SenseKey.MEDIUM_ERROR, AdditionalSense.SANITIZE_COMMAND_FAILED, Need.NOTHING, Need.MEDIUM_TO_SANITIZE);

        private final SenseKey key;
        private final AdditionalSense additional;
        private final int satisfied;

        State(SenseKey key, AdditionalSense additional, Need... satisfied) {
            int mask = 0;
            for (Need need : satisfied) {
                mask |= need.bit();
            }
            this.key = key;
            this.additional = additional;
            this.satisfied = mask;
        }

        /** Whether a command with this need is processed. */
        public boolean satisfies(Need need) {
            return (satisfied & need.bit()) != 0;
        }

        private boolean hasProgress() {
            return this == FORMATTING || this == SANITIZING;
        }
    }

    private volatile State state = State.READY;
    private volatile int progress;
    private State beforeEjection;

    public State state() {
        return state;
    }

    // ---- what an initiator is told ----

    /** Ends a command that a state does not allow. */
    public void refuse(Task task, State because) {
        if (because.hasProgress()) {
            task.failWithProgress(because.key, because.additional, progress);
        } else {
            task.fail(because.key, because.additional);
        }
    }

    /** Writes sense data that tells the state, as REQUEST SENSE returns it; returns its length. */
    public int sense(byte[] to, boolean inDescriptors) {
        State now = state;
        int length = Sense.current(to, inDescriptors, now.key, now.additional);
        return now.hasProgress() ? Sense.withProgress(to, length, progress) : length;
    }

    // ---- the medium comes and goes ----

    /** The medium is taken out, unless it is being worked on; returns the state now. */
    public synchronized State eject() {
        if (state != State.EJECTED && state.satisfies(Need.UNIT)) {
            beforeEjection = state;
            state = State.EJECTED;
        }
        return state;
    }

    /** The medium is put in as it was; returns whether it was out. */
    public synchronized boolean load() {
        if (state != State.EJECTED) {
            return false;
        }
        state = beforeEjection;
        return true;
    }

    // ---- operations ----

    /** An operation begins; returns false if the state is another one by now. */
    public synchronized boolean begin(State from, State operation) {
        if (state != from) {
            return false;
        }
        progress = 0;
        state = operation;
        return true;
    }

    /** How far the operation has come, in units of 1/65536. */
    public void progress(int of65536) {
        progress = of65536;
    }

    /** The operation ends, and leaves the medium in this state. */
    public synchronized void end(State after) {
        state = after;
    }

    /** Leaves a failed sanitize operation behind, if that may be; returns the state now. */
    public synchronized State exitFailure() {
        if (state == State.SANITIZE_FAILED) {
            state = State.READY;
        }
        return state;
    }
}
