package org.lunette.scsi.path;

/** What a command needs of the target port by which it comes, to be processed; see {@link AccessState}. */
public enum PathNeed {
    /** Nothing: an initiator learns by it what the path is. */
    NONE,
    /** A state that is not just changing: SET TARGET PORT GROUPS leads out of all others. */
    SETTLED,
    /** A port that is at least in standby: the unit answers, though not for its medium. */
    STANDBY,
    /** A port by which the medium is reached. */
    ACTIVE;

    private final int bit = 1 << ordinal();

    int bit() {
        return bit;
    }
}
