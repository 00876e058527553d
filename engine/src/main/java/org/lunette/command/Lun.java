package org.lunette.command;

/** Logical unit numbers of one level; SAM-5, 4.7. In the engine a LUN is an {@code int}; on a wire, 8 bytes. */
public final class Lun {
    /** What {@link #decode} returns for a number in a form that the engine does not serve. */
    public static final int UNDECODABLE = -1;
    /** The LUN of the REPORT LUNS well-known logical unit, C101h; its own {@code int}. */
    public static final int REPORT_LUNS_WELL_KNOWN = 0x1_0001;
    /** The highest LUN that {@link #encode} takes: 14 bits, flat space addressing. */
    public static final int MAX = 0x3fff;

    private static final long BELOW_FIRST_LEVEL = 0x0000_ffff_ffff_ffffL;

    private Lun() {}

    /** Decodes 8 bytes, read big-endian: peripheral device (bus 0) or flat space addressing, or the well-known unit. */
    public static int decode(long wire) {
        if ((wire & BELOW_FIRST_LEVEL) != 0) {
            return UNDECODABLE;
        }
        int level = (int) (wire >>> 48);
        return switch (level >>> 14) {
            case 0 -> (level & 0x3f00) == 0 ? level & 0xff : UNDECODABLE;
            case 1 -> level & 0x3fff;
            case 3 -> level == 0xc101 ? REPORT_LUNS_WELL_KNOWN : UNDECODABLE;
            default -> UNDECODABLE;
        };
    }

    /** Encodes a LUN as 8 bytes, to be written big-endian: peripheral device addressing below 256, else flat space. */
    public static long encode(int lun) {
        if (lun < 0 || lun > MAX) {
            throw new IllegalArgumentException("LUN " + lun + " is not within 0 to " + MAX);
        }
        long level = lun < 256 ? lun : 0x4000 | lun;
        return level << 48;
    }
}
