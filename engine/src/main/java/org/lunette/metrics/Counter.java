package org.lunette.metrics;

/** The events that the engine counts. */
public enum Counter {
    /** Commands that found their ring full, and were answered TASK SET FULL. */
    RING_FULL("commands refused because a ring was full"),
    /** Commands that were ended with INTERNAL TARGET FAILURE because their handler threw an exception. */
    HANDLER_FAILED("commands ended because a handler failed"),
    /** Replies to SCST for commands that were gone: aborted, as a rule. */
    SCST_REPLY_TOO_LATE("replies to SCST that came too late"),
    /** Replies that SCST refused for another reason. */
    SCST_REPLY_REFUSED("replies that SCST refused"),
    /** Commands that SCST was told BUSY for, because the limit of lent memory was reached. */
    SCST_NO_BUFFER("commands of SCST refused for want of a data buffer"),
    /** Subcommands of SCST that this version does not know. */
    SCST_UNKNOWN_SUBCOMMAND("unknown subcommands of SCST");

    private final String label;

    Counter(String label) {
        this.label = label;
    }

    /** What is counted, in words. */
    public String label() {
        return label;
    }
}
