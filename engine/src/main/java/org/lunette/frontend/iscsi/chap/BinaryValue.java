package org.lunette.frontend.iscsi.chap;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Bytes as a value of a key: hexadecimal after {@code 0x}, Base64 after {@code 0b}; RFC 7143, 6.1. */
public final class BinaryValue {
    private static final int PREFIX = 2;

    private BinaryValue() {}

    /** The bytes of a value; empty if it is none, or has not so many of them. Its length is looked at first. */
    public static Optional<byte[]> decode(String value, int minBytes, int maxBytes) {
        int length = value.length() - PREFIX;
        Optional<byte[]> bytes = Optional.empty();
        try {
            if (value.startsWith("0x") || value.startsWith("0X")) {
                if (length <= 2L * maxBytes) {
                    bytes = Optional.of(HexFormat.of().parseHex(value.substring(PREFIX)));
                }
            } else if (value.startsWith("0b") || value.startsWith("0B")) {
                if (length <= (maxBytes + 2L) / 3 * 4) {
                    bytes = Optional.of(Base64.getDecoder().decode(value.substring(PREFIX)));
                }
            }
        } catch (IllegalArgumentException e) { // odd, or other characters
            return Optional.empty();
        }
        return bytes.filter(decoded -> decoded.length >= minBytes && decoded.length <= maxBytes);
    }

    /** Writes bytes in hexadecimal. */
    public static String hexadecimal(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
