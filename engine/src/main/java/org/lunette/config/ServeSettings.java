package org.lunette.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code serve} serves, and where.
 *
 * @param devices in the order of their LUNs, from 0; at least one
 * @param listen the iSCSI portals of the target; empty if SCST has the devices
 * @param scst whether the devices go to SCST
 * @param scstVersion the version string of the loaded scst_user module, if the user knows better
 * @param state the folder below which devices keep what outlives a restart
 * @param explicitAccessStates whether initiators may change asymmetric access states, and not the administrator alone
 * @param filters around devices; of one device, the outermost first
 * @param logins who may log in at the portals
 */
public record ServeSettings(
        List<DeviceSettings> devices,
        List<ListenAddress> listen,
        boolean scst,
        Optional<String> scstVersion,
        Optional<Path> state,
        boolean explicitAccessStates,
        List<FilterSettings> filters,
        LoginSettings logins) {
    /** The name of the target that the portals offer. */
    public static final String TARGET_NAME = "iqn.2026-11.org.lunette:target";
    /** What is served when nothing is named. */
    public static final DeviceSettings DEFAULT_DEVICE = new DeviceSettings("disk0", "ram:1G", UnitSettings.DEFAULT);
    /** Where, when nothing is said. */
    public static final ListenAddress DEFAULT_LISTEN = new ListenAddress("127.0.0.1", ListenAddress.ISCSI_PORT);
    /** Initiators may change access states, and the administrator may. */
    public static final String EXPLICIT = "explicit";
    /** The administrator alone changes access states. */
    public static final String IMPLICIT = "implicit";
    /** The most portals that one target takes. */
    public static final int MAX_PORTALS = 256;
    /** The most devices that one target takes. */
    public static final int MAX_DEVICES = 256;

    /**
     * Fills in the defaults and validates. Nothing is kept, see {@link #withState}, and nobody named, see
     * {@link #withLogins}.
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
        checkPortals(listen);
        return new ServeSettings(
                devices.isEmpty() ? List.of(DEFAULT_DEVICE) : List.copyOf(devices),
                scst || !listen.isEmpty() ? List.copyOf(listen) : List.of(DEFAULT_LISTEN),
                scst,
                scstVersion,
                Optional.empty(),
                true,
                List.of(),
                LoginSettings.LOCAL);
    }

    private static void checkPortals(List<ListenAddress> listen) throws SettingsException {
        if (listen.size() > MAX_PORTALS) {
            throw new SettingsException(
                    listen.size() + " portals are more than the " + MAX_PORTALS + " that a target takes");
        }
        Map<Integer, String> states = new HashMap<>();
        for (ListenAddress address : listen) {
            if (address.state().isPresent()) {
                String state = address.state().get();
                String before = states.putIfAbsent(address.group(), state);
                if (before != null && !before.equals(state)) {
                    throw new SettingsException("the portal group " + address.group() + " is to be both " + before
                            + " and " + state + ": a group has one state");
                }
            }
        }
    }

    /** These settings, with devices that keep what outlives a restart below a folder. */
    public ServeSettings withState(Path folder) {
        return new ServeSettings(
                devices, listen, scst, scstVersion, Optional.of(folder), explicitAccessStates, filters, logins);
    }

    /**
     * These settings, with access states that change as a word says: {@link #EXPLICIT} or {@link #IMPLICIT}.
     *
     * @throws SettingsException if it says something else, or the states are not this server's
     */
    public ServeSettings withAlua(String word) throws SettingsException {
        if (scst) {
            throw new SettingsException("--scst and --alua exclude each other: SCST's core has the access states");
        }
        if (!word.equals(EXPLICIT) && !word.equals(IMPLICIT)) {
            throw new SettingsException("'" + word + "' is no way to change access states, but " + EXPLICIT
                    + ", by initiators too, and " + IMPLICIT + ", by the administrator alone, are");
        }
        return new ServeSettings(devices, listen, scst, scstVersion, state, word.equals(EXPLICIT), filters, logins);
    }

    /**
     * These settings, with filters around devices.
     *
     * @throws SettingsException if one is around a device that is not among these
     */
    public ServeSettings withFilters(List<FilterSettings> around) throws SettingsException {
        List<String> names = devices.stream().map(DeviceSettings::name).toList();
        for (FilterSettings filter : around) {
            if (!names.contains(filter.device())) {
                throw new SettingsException("--filter " + filter.device() + "=" + filter.filter()
                        + ": there is no device '" + filter.device() + "'; there are " + names);
            }
        }
        return new ServeSettings(
                devices, listen, scst, scstVersion, state, explicitAccessStates, List.copyOf(around), logins);
    }

    /** The specifications of the filters around a device, the outermost first. */
    public List<String> filtersOf(String device) {
        return filters.stream()
                .filter(filter -> filter.device().equals(device))
                .map(FilterSettings::filter)
                .toList();
    }

    /**
     * These settings, with those who may log in.
     *
     * @throws SettingsException if SCST has the devices: then who may log in is said there
     */
    public ServeSettings withLogins(LoginSettings who) throws SettingsException {
        if (scst && (who.areUsersRequired() || who.anonymous())) {
            throw new SettingsException("--scst goes without users: SCST's target drivers have them");
        }
        return new ServeSettings(devices, listen, scst, scstVersion, state, explicitAccessStates, filters, who);
    }
}
