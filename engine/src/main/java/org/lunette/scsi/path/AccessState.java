package org.lunette.scsi.path;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.lunette.command.AdditionalSense;

/**
 * The asymmetric access state of a target port group with respect to a logical unit, and which commands it lets
 * through; SPC-5, 5.15.2. Logical block dependent is left out: it takes referrals.
 */
public enum AccessState {
    ACTIVE_OPTIMIZED(0x0, 0x01, "optimized", AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION, PathNeed.values()),
    ACTIVE_NON_OPTIMIZED(
            0x1, 0x02, "non-optimized", AdditionalSense.NO_ADDITIONAL_SENSE_INFORMATION, PathNeed.values()),
    STANDBY(
            0x2,
            0x04,
            "standby",
            AdditionalSense.LOGICAL_UNIT_NOT_READY_TARGET_PORT_IN_STANDBY_STATE,
            PathNeed.NONE,
            PathNeed.SETTLED,
            PathNeed.STANDBY),
    UNAVAILABLE(
            0x3,
            0x08,
            "unavailable",
            AdditionalSense.LOGICAL_UNIT_NOT_READY_TARGET_PORT_IN_UNAVAILABLE_STATE,
            PathNeed.NONE,
            PathNeed.SETTLED),
    /** A state of a port more than of a group: only an administrator should choose it. */
    OFFLINE(0xe, 0x40, "offline", AdditionalSense.LOGICAL_UNIT_NOT_READY_OFFLINE, PathNeed.NONE, PathNeed.SETTLED),
    /** On the way to another state; nobody can ask for this one. */
    TRANSITIONING(
            0xf,
            0x80,
            "transitioning",
            AdditionalSense.LOGICAL_UNIT_NOT_READY_ASYMMETRIC_ACCESS_STATE_TRANSITION,
            PathNeed.NONE);

    /** The bits of REPORT TARGET PORT GROUPS that say which states there are: T_SUP, O_SUP and so on. */
    public static final int ALL_SUPPORTED =
            Arrays.stream(values()).mapToInt(state -> state.supported).reduce(0, (a, b) -> a | b);

    private final int code;
    private final int supported;
    private final String word;
    private final AdditionalSense additionalSense;
    private final int satisfied;

    AccessState(int code, int supported, String word, AdditionalSense additionalSense, PathNeed... satisfied) {
        int mask = 0;
        for (PathNeed need : satisfied) {
            mask |= need.bit();
        }
        this.code = code;
        this.supported = supported;
        this.word = word;
        this.additionalSense = additionalSense;
        this.satisfied = mask;
    }

    /** The ASYMMETRIC ACCESS STATE. */
    public int code() {
        return code;
    }

    /** What administrators call it. */
    public String word() {
        return word;
    }

    /** Why a command that the state does not let through ends with NOT READY. */
    public AdditionalSense additionalSense() {
        return additionalSense;
    }

    /** Whether a command with this need is processed. */
    public boolean satisfies(PathNeed need) {
        return (satisfied & need.bit()) != 0;
    }

    /** Whether the medium is reached. */
    public boolean isActive() {
        return satisfies(PathNeed.ACTIVE);
    }

    /** The state that can be asked for by this ASYMMETRIC ACCESS STATE; empty if there is none. */
    public static Optional<AccessState> ofCode(int code) {
        return settled(state -> state.code == code);
    }

    /** The state that can be asked for by this word; empty if there is none. */
    public static Optional<AccessState> ofWord(String word) {
        return settled(state -> state.word.equals(word));
    }

    private static Optional<AccessState> settled(Predicate<AccessState> which) {
        return Arrays.stream(values())
                .filter(which)
                .filter(state -> state != TRANSITIONING)
                .findFirst();
    }
}
