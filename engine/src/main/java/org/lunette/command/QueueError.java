package org.lunette.command;

/** Which commands of a unit are aborted when one of a nexus ends with CHECK CONDITION: QERR; SPC-5. */
public enum QueueError {
    NONE,
    /** Those of every nexus. */
    ALL,
    /** Those of the same nexus. */
    OF_NEXUS
}
