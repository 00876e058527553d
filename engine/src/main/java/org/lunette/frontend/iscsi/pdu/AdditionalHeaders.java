package org.lunette.frontend.iscsi.pdu;

/**
 * Finds additional header segments; RFC 7143, 11.2.2.
 *
 * <pre>
 * Byte/     0       |       1       |       2       |       3       |
 *    +---------------+---------------+---------------+---------------+
 *   0| AHSLength                     | AHSType       | AHS-specific  |
 *    +---------------+---------------+---------------+---------------+
 *   4/ AHS-specific, padded to words                                 /
 * </pre>
 *
 * <p>AHSLength counts what follows the type, without padding.
 */
public final class AdditionalHeaders {
    /** The rest of a CDB longer than 16 bytes, after a reserved byte. */
    public static final int EXTENDED_CDB = 1;
    /** The expected read length of a bidirectional command, after a reserved byte. */
    public static final int BIDIRECTIONAL_READ_LENGTH = 2;
    /** {@link #find} found none of that type. */
    public static final int NONE = -1;
    /** The segments do not fit their lengths. */
    public static final int MALFORMED = -2;

    private static final int LENGTH_AND_TYPE_BYTES = 3;
    private static final int MIN_SEGMENT_BYTES = 4;

    private AdditionalHeaders() {}

    /**
     * Finds a segment of a type.
     *
     * @return its offset in the header, or {@link #NONE} or {@link #MALFORMED}
     */
    public static int find(Pdu pdu, int type) {
        int at = Pdu.BHS_BYTES;
        int end = at + pdu.ahsBytes();
        int found = NONE;
        while (at < end) {
            int segmentBytes = Pdu.padded(LENGTH_AND_TYPE_BYTES + pdu.int16(at));
            if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > end - at) {
                return MALFORMED;
            }
            if (found == NONE && (pdu.int8(at + 2) & 0x3f) == type) {
                found = at;
            }
            at += segmentBytes;
        }
        return found;
    }

    /** How many CDB bytes the extended CDB segment at {@code offset} adds to the first 16. */
    public static int extendedCdbBytes(Pdu pdu, int offset) {
        return Math.max(0, pdu.int16(offset) - 1);
    }

    /** Where the CDB bytes of the segment at {@code offset} begin. */
    public static int extendedCdbOffset(int offset) {
        return offset + 4;
    }
}
