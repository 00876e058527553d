package org.lunette.bridge.scstuser;

/**
 * {@code SCST_USER_MEM_*}: the data buffers of which commands the kernel keeps, pinned, for later commands. What it
 * keeps comes back by ON_CACHED_MEM_FREE and not before.
 */
public enum MemoryReuse {
    /** None. Buffers need no alignment, and each command pins its pages anew. */
    NONE,
    /** Those of commands with data-in. */
    READ,
    /** Those of commands with data-out. */
    WRITE,
    /** All. */
    ALL;

    /** The number in {@link OptFlyweight#memoryReuseType()}. */
    public int code() {
        return ordinal();
    }

    /** Whether the kernel keeps the buffers of commands of a direction, {@code SCST_DATA_*}. */
    public boolean keeps(int dataDirection) {
        return this == ALL
                || this == READ && dataDirection == ScstUser.SCST_DATA_READ
                || this == WRITE && dataDirection == ScstUser.SCST_DATA_WRITE;
    }
}
