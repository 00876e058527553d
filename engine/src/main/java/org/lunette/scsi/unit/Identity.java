package org.lunette.scsi.unit;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/**
 * Which logical unit this is, whatever path it is seen by; the serial number and the NAA designator follow from it.
 *
 * @param uuid its unique number
 */
public record Identity(UUID uuid) {
    private static final long NAA_LOCALLY_ASSIGNED = 0x3L << 60;
    private static final long LOW_60_BITS = -1L >>> 4;

    public Identity {
        Objects.requireNonNull(uuid);
    }

    /** The identity that follows from the names of target and unit alone: the same whenever both are. */
    public static Identity of(String targetName, String unitName) {
        String both = targetName.length() + ":" + targetName + "/" + unitName;
        return new Identity(UUID.nameUUIDFromBytes(both.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * 32 hexadecimal digits, of which the first 8 already differ from unit to unit: some initiators look no further.
     */
    public String serial() {
        return uuid.toString().replace("-", "");
    }

    /** An NAA designator of 8 bytes, locally assigned; SPC-5. */
    public long naa() {
        long mixed = uuid.getMostSignificantBits() ^ Long.rotateLeft(uuid.getLeastSignificantBits(), 4);
        return NAA_LOCALLY_ASSIGNED | mixed & LOW_60_BITS;
    }
}
