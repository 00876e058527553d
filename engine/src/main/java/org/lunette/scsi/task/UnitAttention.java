package org.lunette.scsi.task;

import org.lunette.command.AdditionalSense;

/** Unit attention conditions, in their order of precedence; SAM-5, 5.14. */
public enum UnitAttention {
    POWER_ON_OR_RESET(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED),
    POWER_ON(AdditionalSense.POWER_ON_OCCURRED),
    RESET(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED),
    NEXUS_LOSS(AdditionalSense.I_T_NEXUS_LOSS_OCCURRED),
    RESERVATIONS_PREEMPTED(AdditionalSense.RESERVATIONS_PREEMPTED),
    RESERVATIONS_RELEASED(AdditionalSense.RESERVATIONS_RELEASED),
    REGISTRATIONS_PREEMPTED(AdditionalSense.REGISTRATIONS_PREEMPTED),
    COMMANDS_CLEARED(AdditionalSense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR),
    MEDIUM_CHANGED(AdditionalSense.NOT_READY_TO_READY_CHANGE_MEDIUM_MAY_HAVE_CHANGED),
    MODE_PARAMETERS_CHANGED(AdditionalSense.MODE_PARAMETERS_CHANGED),
    LOG_PARAMETERS_CHANGED(AdditionalSense.LOG_PARAMETERS_CHANGED),
    TIMESTAMP_CHANGED(AdditionalSense.TIMESTAMP_CHANGED),
    IDENTIFIER_CHANGED(AdditionalSense.DEVICE_IDENTIFIER_CHANGED),
    ACCESS_STATE_CHANGED(AdditionalSense.ASYMMETRIC_ACCESS_STATE_CHANGED),
    IMPLICIT_TRANSITION_FAILED(AdditionalSense.IMPLICIT_ASYMMETRIC_ACCESS_STATE_TRANSITION_FAILED),
    CAPACITY_CHANGED(AdditionalSense.CAPACITY_DATA_HAS_CHANGED),
    REPORTED_LUNS_CHANGED(AdditionalSense.REPORTED_LUNS_DATA_HAS_CHANGED),
    PREVIOUS_BUSY(AdditionalSense.PREVIOUS_BUSY_STATUS),
    PREVIOUS_TASK_SET_FULL(AdditionalSense.PREVIOUS_TASK_SET_FULL_STATUS),
    PREVIOUS_RESERVATION_CONFLICT(AdditionalSense.PREVIOUS_RESERVATION_CONFLICT_STATUS);

    private static final UnitAttention[] BY_PRECEDENCE = values();

    private final AdditionalSense additionalSense;

    UnitAttention(AdditionalSense additionalSense) {
        this.additionalSense = additionalSense;
    }

    static UnitAttention ofOrdinal(int ordinal) {
        return BY_PRECEDENCE[ordinal];
    }

    /** What the sense data says. */
    public AdditionalSense additionalSense() {
        return additionalSense;
    }

    int bit() {
        return 1 << ordinal();
    }
}
