package org.lunette.scsi.readiness;

/** What a command needs of a logical unit to be processed; see {@link Readiness}. */
public enum Need {
    /** Nothing: INQUIRY, REPORT LUNS and REQUEST SENSE are processed whatever the unit does. */
    NOTHING,
    /** A unit that is not busy with its medium; there need not be one. */
    UNIT,
    /** A medium, though an operation has spoilt it: SANITIZE. */
    MEDIUM_TO_SANITIZE,
    /** A medium, though its format is corrupt: FORMAT UNIT. */
    MEDIUM_TO_FORMAT,
    /** A medium that can be read and written. */
    MEDIUM;

    private final int bit = 1 << ordinal();

    /** Whether it takes a store that answers. */
    public boolean isOfMedium() {
        return this != NOTHING && this != UNIT;
    }

    int bit() {
        return bit;
    }
}
