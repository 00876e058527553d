package org.lunette.config;

import java.util.regex.Pattern;

/**
 * A device to serve.
 *
 * @param name its name: the administrator's, and SCST's
 * @param store the specification of its store, such as {@code ram:1G}
 * @param unit what it is to be
 */
public record DeviceSettings(String name, String store, UnitSettings unit) {
    /** SCST takes no longer name. */
    public static final int MAX_NAME_LENGTH = 49;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MAX_NAME_LENGTH - 1) + "}");

    /**
     * Parses {@code NAME=STORE}, with options of the unit among those of the store, see {@link UnitSettings}.
     *
     * @throws SettingsException if it has not this form, the name is none, or an option is wrong
     */
    public static DeviceSettings parse(String text) throws SettingsException {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':');
        if (equals < 1 || colon >= 0 && colon < equals) {
            throw new SettingsException(
                    "'" + text + "' is not NAME=STORE, such as disk0=ram:1G or data=file:/srv/data.img");
        }
        String name = text.substring(0, equals);
        if (!NAME.matcher(name).matches()) {
            throw new SettingsException("'" + name + "' is no name for a device: 1 to " + MAX_NAME_LENGTH
                    + " letters, digits, dots, dashes and underscores, the first a letter or digit");
        }
        UnitSettings.Split split = UnitSettings.takeFrom(text.substring(equals + 1));
        return new DeviceSettings(name, split.store(), split.unit());
    }
}
