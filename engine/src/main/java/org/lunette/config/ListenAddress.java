package org.lunette.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a portal listens.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port 0 to 65535; 0 lets the system choose
 */
public record ListenAddress(String host, int port) {
    /** The port that IANA gave to iSCSI targets. */
    public static final int ISCSI_PORT = 3260;

    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+(?:%\\w+)?)]|([^\\[\\]:]+))(?::(\\d{1,5}))?");

    /**
     * Parses {@code HOST}, {@code HOST:PORT}, {@code [IPV6]} or {@code [IPV6]:PORT}.
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
        return new ListenAddress(matcher.group(1) == null ? matcher.group(2) : matcher.group(1), port);
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

    /** The form that {@link #parse} takes. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
