package org.lunette.bridge.scstuser;

/** {@code SCST_USER_ON_FREE_CMD_*}: whether the handler hears of each command's end. */
public enum OnFreeType {
    /** As ON_FREE_CMD: the only way to know when a buffer that the kernel does not cache is free again. */
    CALL,
    /** It does not. */
    IGNORE;

    /** The number in {@link OptFlyweight#onFreeCmdType()}. */
    public int code() {
        return ordinal();
    }
}
