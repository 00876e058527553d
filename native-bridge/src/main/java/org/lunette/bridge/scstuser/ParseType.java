package org.lunette.bridge.scstuser;

/** {@code SCST_USER_PARSE_*}: which commands the handler parses. */
public enum ParseType {
    /** None: what the kernel's table does not know it refuses itself. */
    STANDARD,
    /** All. */
    CALL,
    /** Those that the kernel's table does not know. */
    EXCEPTION;

    /** The number in {@link OptFlyweight#parseType()}. */
    public int code() {
        return ordinal();
    }
}
