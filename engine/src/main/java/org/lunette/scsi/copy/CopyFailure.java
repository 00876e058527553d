package org.lunette.scsi.copy;

import java.util.Arrays;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.Task;

/** Why a copy ends with CHECK CONDITION, or does not begin. */
final class CopyFailure extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MAX_FORWARDED_BYTES = 64;

    /** Adds to sense data; returns its new length. */
    @FunctionalInterface
    private interface Detail {
        int add(byte[] sense, int lengthBytes);
    }

    private final transient Detail detail;
    private final SenseKey key;
    private final AdditionalSense additional;

    private CopyFailure(SenseKey key, AdditionalSense additional, Detail detail) {
        super(additional.name(), null, false, false); // an answer to an initiator: nobody looks at a stack trace
        this.key = key;
        this.additional = additional;
        this.detail = detail;
    }

    /** A failure without details. */
    static CopyFailure of(SenseKey key, AdditionalSense additional) {
        return new CopyFailure(key, additional, (sense, length) -> length);
    }

    /**
     * ILLEGAL REQUEST for a field of the parameter list.
     *
     * @param bit its leftmost bit, or -1 for a field of whole bytes
     */
    static CopyFailure illegal(AdditionalSense additional, int fieldByte, int bit) {
        return new CopyFailure(
                SenseKey.ILLEGAL_REQUEST,
                additional,
                (sense, length) -> Sense.withFieldPointer(sense, length, false, fieldByte, bit));
    }

    /** INVALID FIELD IN PARAMETER LIST; see {@link #illegal}. */
    static CopyFailure invalidParameter(int fieldByte) {
        return illegal(AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, fieldByte, -1);
    }

    /** PARAMETER LIST LENGTH ERROR. */
    static CopyFailure listLength() {
        return of(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
    }

    /**
     * COPY ABORTED for a segment; SPC-5, the errors detected while segment descriptors are processed.
     *
     * @param inSegment whether {@code fieldByte} counts from the segment descriptor's start, else from the list's
     */
    static CopyFailure segment(AdditionalSense additional, int segment, boolean inSegment, int fieldByte) {
        return new CopyFailure(SenseKey.COPY_ABORTED, additional, (sense, length) -> {
            int longer = Sense.withCommandSpecificInformation(sense, length, segment);
            return Sense.withSegmentPointer(sense, longer, inSegment, fieldByte);
        });
    }

    /** COPY ABORTED since a copy source or destination ended a command of the copy manager like this. */
    static CopyFailure thirdParty(int segment, boolean source, Command command) {
        ScsiStatus how = command.isAborted() ? ScsiStatus.TASK_ABORTED : command.status();
        byte status = how.code();
        byte[] theirs = Arrays.copyOf(command.sense(), Math.min(command.senseBytes(), MAX_FORWARDED_BYTES));
        boolean cut = theirs.length < command.senseBytes();
        return new CopyFailure(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE, (sense, length) -> {
            int longer = Sense.withCommandSpecificInformation(sense, length, segment);
            return Sense.withForwarded(sense, longer, source, status, theirs, cut);
        });
    }

    /** The failure of a command to the very unit that the copy was asked of, in that unit's own words. */
    static CopyFailure likeThatOf(Command command) {
        byte[] theirs = Arrays.copyOf(command.sense(), command.senseBytes());
        return new CopyFailure(SenseKey.COPY_ABORTED, AdditionalSense.THIRD_PARTY_DEVICE_FAILURE, (sense, length) -> {
            System.arraycopy(theirs, 0, sense, 0, theirs.length);
            return theirs.length;
        });
    }

    /** Ends a task with the sense data. */
    void end(Task task) {
        byte[] sense = sense(task.descriptorSense());
        task.fail(sense, sense.length);
    }

    /** The sense data. */
    byte[] sense(boolean inDescriptors) {
        byte[] sense = new byte[Sense.MAX_BYTES];
        int length = Sense.current(sense, inDescriptors, key, additional);
        return Arrays.copyOf(sense, detail.add(sense, length));
    }
}
