package org.lunette.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a device is to be, whatever its store: options that stand among those of the store.
 *
 * @param blockBytes the length of a logical block: a power of two, 512 to 65536
 * @param removable whether the medium can be ejected
 * @param maintenanceMibPerS how fast formatting and sanitizing write at most, in MiB a second; 0 for no limit
 * @param commandTimeoutS for how long a command may wait for its store, in seconds; 0 for ever
 */
public record UnitSettings(int blockBytes, boolean removable, int maintenanceMibPerS, int commandTimeoutS) {
    /** What is served when nothing is said. */
    public static final UnitSettings DEFAULT = new UnitSettings(512, false, 0, 20);

    private static final String BLOCK_SIZE = "block-size";
    private static final String REMOVABLE = "removable";
    private static final String MAINTENANCE_RATE = "maintenance-rate";
    private static final String COMMAND_TIMEOUT = "command-timeout";
    private static final Set<String> KEYS = Set.of(BLOCK_SIZE, REMOVABLE, MAINTENANCE_RATE, COMMAND_TIMEOUT);
    private static final int MIN_BLOCK_BYTES = 512;
    private static final int MAX_BLOCK_BYTES = 64 * 1024;

    /** What was said of the unit, and the specification of the store without it. */
    record Split(UnitSettings unit, String store) {}

    /** One line of help. */
    public static String usage() {
        return "[," + BLOCK_SIZE + "=BYTES][," + REMOVABLE + "][," + MAINTENANCE_RATE + "=MIB_PER_SECOND][,"
                + COMMAND_TIMEOUT + "=SECONDS]";
    }

    /**
     * Takes the options of the unit out of a store's specification.
     *
     * @throws SettingsException if one is wrong or given twice
     */
    static Split takeFrom(String store) throws SettingsException {
        Map<String, String> ours = new HashMap<>();
        List<String> left = new ArrayList<>();
        for (String part : store.split("(?<!\\\\),", -1)) {
            String key = part.replaceFirst("=.*", "");
            if (left.isEmpty() || !KEYS.contains(key)) {
                left.add(part);
            } else if (ours.put(key, part) != null) {
                throw new SettingsException("'" + store + "': the option '" + key + "' is given twice");
            }
        }
        if (!ours.getOrDefault(REMOVABLE, REMOVABLE).equals(REMOVABLE)) {
            throw new SettingsException("'" + store + "': the option 'removable' takes no value");
        }
        UnitSettings unit = new UnitSettings(
                ours.containsKey(BLOCK_SIZE) ? blockBytes(store, ours.get(BLOCK_SIZE)) : DEFAULT.blockBytes,
                ours.containsKey(REMOVABLE),
                ours.containsKey(MAINTENANCE_RATE) ? maintenanceRate(store, ours.get(MAINTENANCE_RATE)) : 0,
                ours.containsKey(COMMAND_TIMEOUT)
                        ? commandTimeout(store, ours.get(COMMAND_TIMEOUT))
                        : DEFAULT.commandTimeoutS);
        return new Split(unit, String.join(",", left));
    }

    private static int number(String option) {
        String value = option.replaceFirst("[^=]*=?", "");
        return value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
    }

    private static int maintenanceRate(String store, String part) throws SettingsException {
        int rate = number(part);
        if (rate == 0) {
            throw new SettingsException(
                    "'" + store + "': '" + part + "' is no rate: it is a number of MiB a second from"
                            + " 1 to 999999, such as maintenance-rate=100");
        }
        return rate;
    }

    private static int commandTimeout(String store, String part) throws SettingsException {
        if (!part.matches(COMMAND_TIMEOUT + "=\\d{1,5}")) {
            throw new SettingsException("'" + store + "': '" + part + "' is no time: it is a number of seconds from 0,"
                    + " for no limit, to 99999, such as command-timeout=20");
        }
        return number(part);
    }

    private static int blockBytes(String store, String part) throws SettingsException {
        int bytes = number(part);
        if (bytes < MIN_BLOCK_BYTES || bytes > MAX_BLOCK_BYTES || Integer.bitCount(bytes) != 1) {
            throw new SettingsException("'" + store + "': '" + part + "' is no block size: it is a power of two from "
                    + MIN_BLOCK_BYTES + " to " + MAX_BLOCK_BYTES + " bytes, such as block-size=4096");
        }
        return bytes;
    }
}
