package org.lunette.scsi.reservation;

/** The types of persistent reservations, and what each lets whom do; SPC-5. */
public enum ReservationType {
    //                                      holder        registered    anybody else
    WRITE_EXCLUSIVE(0x1, Access.WRITE, Access.READ, Access.READ),
    EXCLUSIVE_ACCESS(0x3, Access.WRITE, Access.NONE, Access.NONE),
    WRITE_EXCLUSIVE_REGISTRANTS_ONLY(0x5, Access.WRITE, Access.WRITE, Access.READ),
    EXCLUSIVE_ACCESS_REGISTRANTS_ONLY(0x6, Access.WRITE, Access.WRITE, Access.NONE),
    WRITE_EXCLUSIVE_ALL_REGISTRANTS(0x7, Access.WRITE, Access.WRITE, Access.READ),
    EXCLUSIVE_ACCESS_ALL_REGISTRANTS(0x8, Access.WRITE, Access.WRITE, Access.NONE);

    private static final ReservationType[] BY_CODE = new ReservationType[16];

    static {
        for (ReservationType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final Access holder;
    private final Access registered;
    private final Access other;

    /** The last three: the most that each may do. */
    ReservationType(int code, Access holder, Access registered, Access other) {
        this.code = code;
        this.holder = holder;
        this.registered = registered;
        this.other = other;
    }

    /** The type with this code; null for a code that has none. */
    public static ReservationType ofCode(int code) {
        return BY_CODE[code & 0xf];
    }

    /** The 4-bit TYPE code. */
    public int code() {
        return code;
    }

    /** Whether every registered nexus holds the reservation. */
    public boolean allRegistrants() {
        return this == WRITE_EXCLUSIVE_ALL_REGISTRANTS || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
    }

    /** Whether being registered lets a nexus in: registrants only and all registrants. */
    public boolean forRegistrants() {
        return registered == Access.WRITE;
    }

    /** Whether a nexus in this relation to the reservation may have this access. */
    public boolean allows(Access access, boolean isRegistered, boolean isHolder) {
        Access most = isHolder ? holder : isRegistered ? registered : other;
        return access.compareTo(most) <= 0;
    }
}
