package org.lunette.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code serve} serves, and where.
 *
 * @param devices in the order of their LUNs, from 0; at least one
 * @param listen the iSCSI portals of the target; empty if SCST has the devices
 * @param scst whether the devices go to SCST
 * @param scstVersion the version string of the loaded scst_user module, if the user knows better
 */
public record ServeSettings(
        List<DeviceSettings> devices, List<ListenAddress> listen, boolean scst, Optional<String> scstVersion) {
    /** The name of the target that the portals offer. */
    public static final String TARGET_NAME = "iqn.2026-11.org.lunette:target";
    /** What is served when nothing is named. */
    public static final DeviceSettings DEFAULT_DEVICE = new DeviceSettings("disk0", "ram:1G", UnitSettings.DEFAULT);
    /** Where, when nothing is said. */
    public static final ListenAddress DEFAULT_LISTEN = new ListenAddress("127.0.0.1", ListenAddress.ISCSI_PORT);
    /** The most devices that one target takes. */
    public static final int MAX_DEVICES = 256;

    /**
     * Fills in the defaults and validates.
     *
     * @throws SettingsException if the settings contradict each other
     */
    public static ServeSettings conclude(
            List<DeviceSettings> devices, List<ListenAddress> listen, boolean scst, Optional<String> scstVersion)
            throws SettingsException {
        if (scst && !listen.isEmpty()) {
            throw new SettingsException(
                    "--scst and --listen exclude each other: reservations of a device that SCST serves live"
                            + " in SCST's core, and those of one that a portal serves in Lunette");
        }
        if (scstVersion.isPresent() && !scst) {
            throw new SettingsException("--scst-version goes with --scst only");
        }
        if (devices.size() > MAX_DEVICES) {
            throw new SettingsException(
                    devices.size() + " devices are more than the " + MAX_DEVICES + " that a target takes");
        }
        Set<String> names = new HashSet<>();
        for (DeviceSettings device : devices) {
            if (!names.add(device.name())) {
                throw new SettingsException("two devices have the name '" + device.name() + "'");
            }
        }
        return new ServeSettings(
                devices.isEmpty() ? List.of(DEFAULT_DEVICE) : List.copyOf(devices),
                scst || !listen.isEmpty() ? List.copyOf(listen) : List.of(DEFAULT_LISTEN),
                scst,
                scstVersion);
    }
}
