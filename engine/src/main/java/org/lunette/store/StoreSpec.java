package org.lunette.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a user wrote to name a store, {@code KIND:SUBJECT[,KEY[=VALUE]]...}, taken apart.
 *
 * @param text as it was written, for messages
 * @param kind what stands before the colon
 * @param subject what follows it: a size, a path; perhaps empty
 * @param options the options in their order; one without a value maps to the empty string
 */
public record StoreSpec(String text, String kind, String subject, Map<String, String> options) {
    /** The smallest logical block: every store's size is a multiple of it. */
    public static final int SECTOR_BYTES = 512;

    /**
     * Takes a specification apart. A comma within a path is written {@code \,}.
     *
     * @throws StoreException if it has not this form
     */
    public static StoreSpec parse(String text) throws StoreException {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new StoreException(
                    "'" + text + "' is not a store: it has the form KIND:..., such as ram:1G or file:/srv/disk.img");
        }
        String[] parts = text.substring(colon + 1).split("(?<!\\\\),", -1);
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String key = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            String value = equals < 0 ? "" : parts[i].substring(equals + 1);
            if (key.isEmpty() || options.put(key, value) != null) {
                throw new StoreException("'" + text + "': the option '" + parts[i] + "' is empty or given twice");
            }
        }
        return new StoreSpec(text, text.substring(0, colon), parts[0].replace("\\,", ","), options);
    }

    /**
     * Refuses options that a kind of store does not know.
     *
     * @throws StoreException naming the first unknown option and those that there are
     */
    public void allowOptions(Set<String> known) throws StoreException {
        for (String key : options.keySet()) {
            if (!known.contains(key)) {
                String right =
                        known.isEmpty() ? "takes no options" : "takes " + String.join(", ", new TreeSet<>(known));
                throw new StoreException(
                        "'" + text + "': a store of kind " + kind + " " + right + ", not '" + key + "'");
            }
        }
    }

    /** Whether an option is there. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /**
     * Whether an option that takes no value is there.
     *
     * @throws StoreException if it has a value: {@code direct=no} must not mean {@code direct}
     */
    public boolean flag(String option) throws StoreException {
        String value = options.get(option);
        if (value != null && !value.isEmpty()) {
            throw new StoreException(
                    "'" + text + "': the option '" + option + "' takes no value: write it or leave it out");
        }
        return value != null;
    }

    /**
     * A store's size in bytes, of the subject or of an option's value.
     *
     * @throws StoreException if it is no size, is zero, or is no multiple of {@link #SECTOR_BYTES}
     */
    public long size(String value) throws StoreException {
        long bytes;
        try {
            bytes = ByteSize.parse(value);
        } catch (StoreException e) {
            throw new StoreException("'" + text + "': " + e.getMessage(), e);
        }
        if (bytes == 0 || bytes % SECTOR_BYTES != 0) {
            throw new StoreException("'" + text + "': the size must be a multiple of " + SECTOR_BYTES
                    + " bytes and not 0, not " + bytes);
        }
        return bytes;
    }
}
