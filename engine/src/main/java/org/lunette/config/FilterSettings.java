package org.lunette.config;

/**
 * A filter around a device.
 *
 * @param device the device's name
 * @param filter the specification of the filter, such as {@code delay,time=20ms}
 */
public record FilterSettings(String device, String filter) {
    /**
     * Parses {@code NAME=FILTER[,KEY=VALUE]...}.
     *
     * @throws SettingsException if it has not this form
     */
    public static FilterSettings parse(String text) throws SettingsException {
        int equals = text.indexOf('=');
        int comma = text.indexOf(',');
        if (equals < 1 || equals == text.length() - 1 || comma >= 0 && comma < equals) {
            throw new SettingsException(
                    "'" + text + "' is not NAME=FILTER[,KEY=VALUE]..., such as disk0=delay,time=20ms");
        }
        return new FilterSettings(text.substring(0, equals), text.substring(equals + 1));
    }
}
