package org.lunette.scsi.primary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lunette.scsi.page.PageBuffer;

/**
 * The TransportID of an iSCSI initiator; SPC-5, 7.6.4. Its names compare in lower case (RFC 7143, 4.2.7.1), and an ISID
 * by its value.
 *
 * @param name of the initiator port, {@code iqn…,i,0xISID}, or of the initiator device
 * @param ofPort whether it is that of a port: format 01b
 * @param lengthBytes how long the TransportID is
 */
record TransportId(String name, boolean ofPort, int lengthBytes) {
    static final int MIN_BYTES = 24;

    private static final String PORT_SEPARATOR = ",i,0x";
    private static final int ISCSI = 0x05;
    private static final int NO_PROTOCOL = 0x0f;
    private static final int FORMAT_SHIFT = 6;
    private static final int PORT_FORMAT = 1;
    private static final int HEADER_BYTES = 4;
    private static final int MAX_NAME_BYTES = 223;
    private static final Pattern NAME = Pattern.compile("(?:iqn|eui|naa)\\.[^\\p{Cntrl} ,]+");
    private static final Pattern PORT = Pattern.compile("([^,]+),i,0x([0-9a-f]{1,12})");

    /** The TransportID of an initiator port. The name of one that is not an iSCSI port's goes in as it is. */
    static byte[] of(String initiatorPort) {
        boolean ofPort = initiatorPort.contains(PORT_SEPARATOR);
        boolean iscsi = ofPort || NAME.matcher(initiatorPort).matches();
        PageBuffer id = new PageBuffer()
                .put8((ofPort ? PORT_FORMAT << FORMAT_SHIFT : 0) | (iscsi ? ISCSI : NO_PROTOCOL))
                .zeros(3);
        id.nullPadded(initiatorPort).zeros(Math.max(0, MIN_BYTES - id.length()));
        id.set16(2, id.length() - HEADER_BYTES);
        return id.toBytes();
    }

    /**
     * Reads the one that starts at an offset of a parameter list, and ends with the list at the latest.
     *
     * @throws InvalidParameter if there is none
     */
    static TransportId read(ByteBuffer list, int at) throws InvalidParameter {
        int roomBytes = list.limit() - at;
        require(roomBytes >= MIN_BYTES, at, -1);
        int format = list.get(at) >> FORMAT_SHIFT & 3;
        require((list.get(at) & 0x0f) == ISCSI, at, 3);
        require(format <= PORT_FORMAT, at, 7);
        int lengthBytes = HEADER_BYTES + (list.getShort(at + 2) & 0xffff);
        require(lengthBytes >= MIN_BYTES && lengthBytes <= roomBytes && lengthBytes % 4 == 0, at + 2, -1);
        int nameAt = at + HEADER_BYTES;
        String text = text(list, nameAt, at + lengthBytes);
        boolean ofPort = format == PORT_FORMAT;
        String name = ofPort ? port(text) : text;
        require(name != null && isName(ofPort ? name.substring(0, name.indexOf(',')) : name), nameAt, -1);
        return new TransportId(name, ofPort, lengthBytes);
    }

    /** What is there up to the first NUL, which must be there, as everything after it is. */
    private static String text(ByteBuffer list, int from, int end) throws InvalidParameter {
        int length = 0;
        while (from + length < end && list.get(from + length) != 0) {
            length++;
        }
        require(from + length < end, from, -1);
        for (int i = from + length; i < end; i++) {
            require(list.get(i) == 0, i, -1);
        }
        String text = new String(list.array(), list.arrayOffset() + from, length, StandardCharsets.UTF_8);
        return text.toLowerCase(Locale.ROOT);
    }

    private static String port(String text) {
        Matcher port = PORT.matcher(text);
        return port.matches()
                ? port.group(1) + PORT_SEPARATOR + String.format("%012x", Long.parseLong(port.group(2), 16))
                : null;
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches() && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
    }

    private static void require(boolean holds, int fieldByte, int bit) throws InvalidParameter {
        if (!holds) {
            throw new InvalidParameter(fieldByte, bit);
        }
    }

    /** Whether an initiator port is meant: the port that is named, or one of the device. */
    boolean means(String initiatorPort) {
        return ofPort ? initiatorPort.equals(name) : initiatorPort.startsWith(name + PORT_SEPARATOR);
    }
}
