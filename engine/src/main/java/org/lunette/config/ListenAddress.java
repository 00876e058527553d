package org.lunette.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a portal listens, and the portal group that it belongs to.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port 0 to 65535; 0 lets the system choose
 * @param group the target portal group tag, 1 to 65535
 * @param state the group's asymmetric access state at first, one of {@link #STATES}; empty if it was not said here
 */
public record ListenAddress(String host, int port, int group, Optional<String> state) {
    /** The port that IANA gave to iSCSI targets. */
    public static final int ISCSI_PORT = 3260;

    /** The group that a portal belongs to if nothing is said. */
    public static final int DEFAULT_GROUP = 1;
    /** The words for asymmetric access states; the first is the state of a group of which nothing is said. */
    public static final List<String> STATES =
            List.of("optimized", "non-optimized", "standby", "unavailable", "offline");

    private static final int MAX_GROUP = 0xffff;
    private static final String GROUP = "group";
    private static final String STATE = "state";
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+(?:%\\w+)?)]|([^\\[\\]:,]+))(?::(\\d{1,5}))?((?:,[^,]*)*)");

    /** A portal of the group {@link #DEFAULT_GROUP}. */
    public ListenAddress(String host, int port) {
        this(host, port, DEFAULT_GROUP, Optional.empty());
    }

    /**
     * Parses {@code HOST}, {@code HOST:PORT}, {@code [IPV6]} or {@code [IPV6]:PORT}, and options after a comma:
     * {@code group=TAG} and {@code state=STATE}.
     *
     * @throws SettingsException if it is none of them
     */
    public static ListenAddress parse(String text) throws SettingsException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new SettingsException("'" + text + "' is not HOST:PORT, such as 127.0.0.1:3260 or [::1]:3260");
        }
        int port = matcher.group(3) == null ? ISCSI_PORT : Integer.parseInt(matcher.group(3));
        if (port > 65535) {
            throw new SettingsException("'" + text + "': a port is at most 65535");
        }
        Map<String, String> options = options(text, matcher.group(4));
        int group = options.containsKey(GROUP) ? group(text, options.get(GROUP)) : DEFAULT_GROUP;
        Optional<String> state = Optional.ofNullable(options.get(STATE));
        if (state.isPresent() && !STATES.contains(state.get())) {
            throw new SettingsException("'" + text + "': '" + state.get() + "' is no state, but one of "
                    + String.join(", ", STATES) + " is");
        }
        return new ListenAddress(matcher.group(1) == null ? matcher.group(2) : matcher.group(1), port, group, state);
    }

    private static Map<String, String> options(String text, String list) throws SettingsException {
        Map<String, String> options = new HashMap<>();
        if (list.isEmpty()) {
            return options;
        }
        for (String option : list.substring(1).split(",", -1)) {
            String[] keyAndValue = option.split("=", 2);
            if (keyAndValue.length < 2 || !keyAndValue[0].equals(GROUP) && !keyAndValue[0].equals(STATE)) {
                throw new SettingsException(
                        "'" + text + "': '" + option + "' is no option, but group=TAG and state=STATE are");
            }
            if (options.put(keyAndValue[0], keyAndValue[1]) != null) {
                throw new SettingsException("'" + text + "': the option '" + keyAndValue[0] + "' is given twice");
            }
        }
        return options;
    }

    private static int group(String text, String value) throws SettingsException {
        int tag = value.matches("\\d{1,5}") ? Integer.parseInt(value) : 0;
        if (tag < 1 || tag > MAX_GROUP) {
            throw new SettingsException(
                    "'" + text + "': '" + value + "' is no group: it is a number from 1 to " + MAX_GROUP);
        }
        return tag;
    }

    /**
     * Looks the host up.
     *
     * @throws SettingsException if nobody knows it
     */
    public InetSocketAddress resolve() throws SettingsException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new SettingsException("'" + this + "': nobody knows the host " + host);
        }
    }

    /** The form that {@link #parse} takes, without options. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
