package org.lunette.frontend.iscsi.session;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One {@code key=value} of a login or text negotiation; RFC 7143, 6.1. */
record KeyValue(String key, String value) {
    static final String NOT_UNDERSTOOD = "NotUnderstood";
    static final String REJECT = "Reject";
    static final String IRRELEVANT = "Irrelevant";
    static final String NONE = "None";
    static final String YES = "Yes";
    static final String NO = "No";

    private static final int MAX_KEY_BYTES = 63;
    private static final int MAX_VALUE_BYTES = 8192;

    /** Text that breaks the format. */
    static final class MalformedTextException extends Exception {
        MalformedTextException(String message) {
            super(message);
        }
    }

    /** Takes text apart: pairs, each ended by a NUL; the last NUL may be missing, and empty pairs are skipped. */
    static List<KeyValue> parse(byte[] text, int lengthBytes) throws MalformedTextException {
        List<KeyValue> pairs = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= lengthBytes; i++) {
            if (i == lengthBytes || text[i] == 0) {
                if (i > start) {
                    pairs.add(pair(new String(text, start, i - start, StandardCharsets.UTF_8)));
                }
                start = i + 1;
            }
        }
        return pairs;
    }

    private static KeyValue pair(String text) throws MalformedTextException {
        int equals = text.indexOf('=');
        if (equals < 1 || equals > MAX_KEY_BYTES || text.length() - equals - 1 > MAX_VALUE_BYTES) {
            throw new MalformedTextException("a pair with its '=' at " + equals + " of " + text.length());
        }
        return new KeyValue(text.substring(0, equals), text.substring(equals + 1));
    }

    /** Puts pairs together as text for the wire. */
    static byte[] format(List<KeyValue> pairs) {
        StringBuilder text = new StringBuilder();
        for (KeyValue pair : pairs) {
            text.append(pair.key).append('=').append(pair.value).append('\0');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the value is an answer that ends the negotiation of its key. */
    boolean isRefusal() {
        return value.equals(NOT_UNDERSTOOD) || value.equals(REJECT) || value.equals(IRRELEVANT);
    }

    /** Whether the value, a list, offers {@code choice}. */
    boolean offers(String choice) {
        for (String offered : value.split(",", -1)) {
            if (offered.equals(choice)) {
                return true;
            }
        }
        return false;
    }
}
