package org.lunette.bridge.scstuser;

/** {@code enum scst_cdb_flags}: what the kernel must know of an operation code to treat a command rightly. */
public final class OpFlags {
    /** May take a few seconds at most. */
    public static final int SMALL_TIMEOUT = 0x1;
    /** May take hours. */
    public static final int LONG_TIMEOUT = 0x2;
    /** The flags and lengths were filled in. */
    public static final int INFO_VALID = 0x20;
    /** The command has no LBA. */
    public static final int LBA_NOT_VALID = 0x40;
    /** Treated as HEAD OF QUEUE whatever its attribute. */
    public static final int IMPLICIT_HEAD_OF_QUEUE = 0x80;
    /** Reports no unit attention. */
    public static final int SKIP_UNIT_ATTENTION = 0x100;
    /** Writes to the medium: refused on a read-only LUN. */
    public static final int WRITE_MEDIUM = 0x200;
    /** Allowed to all while another nexus holds a reservation of RESERVE(6) or (10). */
    public static final int RESERVE_ALLOWED = 0x1000;
    /** Allowed to all under the persistent reservations of the write exclusive types. */
    public static final int WRITE_EXCLUSIVE_ALLOWED = 0x2000;
    /** Allowed to all under the persistent reservations of the exclusive access types. */
    public static final int EXCLUSIVE_ACCESS_ALLOWED = 0x4000;
    /** Executed with no other command of the session beside it. */
    public static final int SERIALIZED = 0x10000;

    private OpFlags() {}
}
