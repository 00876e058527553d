package org.lunette.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What a device is to be, whatever its store: options that stand among those of the store.
 *
 * @param blockBytes the length of a logical block: a power of two, 512 to 65536
 * @param removable whether the medium can be ejected
 */
public record UnitSettings(int blockBytes, boolean removable) {
    /** What is served when nothing is said. */
    public static final UnitSettings DEFAULT = new UnitSettings(512, false);

    private static final String BLOCK_SIZE = "block-size";
    private static final String REMOVABLE = "removable";
    private static final int MIN_BLOCK_BYTES = 512;
    private static final int MAX_BLOCK_BYTES = 64 * 1024;

    /** What was said of the unit, and the specification of the store without it. */
    record Split(UnitSettings unit, String store) {}

    /** One line of help. */
    public static String usage() {
        return "[," + BLOCK_SIZE + "=BYTES][," + REMOVABLE + "]";
    }

    /**
     * Takes the options of the unit out of a store's specification.
     *
     * @throws SettingsException if one is wrong or given twice
     */
    static Split takeFrom(String store) throws SettingsException {
        int blockBytes = 0;
        boolean removable = false;
        List<String> left = new ArrayList<>();
        for (String part : store.split("(?<!\\\\),", -1)) {
            String key = part.replaceFirst("=.*", "");
            boolean ours = !left.isEmpty() && (key.equals(BLOCK_SIZE) || key.equals(REMOVABLE));
            if (!ours) {
                left.add(part);
            } else if (key.equals(BLOCK_SIZE) ? blockBytes != 0 : removable) {
                throw new SettingsException("'" + store + "': the option '" + key + "' is given twice");
            } else if (key.equals(BLOCK_SIZE)) {
                blockBytes = blockBytes(store, part);
            } else if (part.equals(REMOVABLE)) {
                removable = true;
            } else {
                throw new SettingsException("'" + store + "': the option 'removable' takes no value");
            }
        }
        UnitSettings unit = new UnitSettings(blockBytes == 0 ? DEFAULT.blockBytes : blockBytes, removable);
        return new Split(unit, String.join(",", left));
    }

    private static int blockBytes(String store, String part) throws SettingsException {
        String value = part.substring(Math.min(part.length(), BLOCK_SIZE.length() + 1));
        int bytes = value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
        if (bytes < MIN_BLOCK_BYTES || bytes > MAX_BLOCK_BYTES || Integer.bitCount(bytes) != 1) {
            throw new SettingsException("'" + store + "': '" + part + "' is no block size: it is a power of two from "
                    + MIN_BLOCK_BYTES + " to " + MAX_BLOCK_BYTES + " bytes, such as block-size=4096");
        }
        return bytes;
    }
}
