package org.lunette.cli;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.stream.Collectors;
import org.lunette.app.ServedDevice;
import org.lunette.app.Server;
import org.lunette.config.Credentials;
import org.lunette.config.ListenAddress;
import org.lunette.config.ServeSettings;

/** What a started server tells its user: what is served, how to reach it, how to end it. */
final class Announcement {
    private final ServeSettings settings;
    private final Server server;

    Announcement(ServeSettings settings, Server server) {
        this.settings = settings;
        this.server = server;
    }

    void print(PrintWriter out) {
        out.println("Lunette " + Version.text() + " serves "
                + (settings.scst() ? "through SCST" : "the target " + ServeSettings.TARGET_NAME));
        for (ServedDevice device : server.devices()) {
            out.printf("  LUN %-3d %-16s %10s  %s%n", device.lun(), device.name(), device.size(), device.store());
        }
        server.filters().forEach(filter -> out.println("  " + filter));
        if (settings.scst()) {
            printScst(out);
        } else {
            printPortals(out);
        }
        out.println("Ready. Ctrl-C ends it.");
    }

    private void printScst(PrintWriter out) {
        out.println("To give them to this machine itself, with the module scst_local loaded:");
        for (ServedDevice device : server.devices()) {
            out.println("  echo \"add " + device.name() + " " + device.lun()
                    + "\" > /sys/kernel/scst_tgt/targets/scst_local/scst_local_tgt/luns/mgmt");
        }
        out.println("To other machines: LUN lines in /etc/scst.conf, or scstadmin.");
    }

    private void printPortals(PrintWriter out) {
        out.println("Reach it at");
        for (int i = 0; i < server.portals().size(); i++) {
            out.println("  iscsi://" + asWritten(i, reachableHost(i)) + "/" + ServeSettings.TARGET_NAME + "/0");
        }
        if (settings.logins().areUsersRequired()) {
            out.println("Initiators log in by CHAP, as "
                    + settings.logins().incoming().stream()
                            .map(Credentials::name)
                            .collect(Collectors.joining(" or ")));
            return;
        }
        for (int i = 0; i < server.portals().size(); i++) {
            if (!server.portals().get(i).getAddress().isLoopbackAddress()) {
                out.println("Whoever reaches "
                        + asWritten(i, settings.listen().get(i).host())
                        + " may read and write these disks: there are no users.");
            }
        }
    }

    /** A wildcard address is reached at loopback from here. */
    private String reachableHost(int portal) {
        InetAddress address = server.portals().get(portal).getAddress();
        return address.isAnyLocalAddress()
                ? "127.0.0.1"
                : settings.listen().get(portal).host();
    }

    /** The portal by a host as the user wrote it, and the port that was taken. */
    private String asWritten(int portal, String host) {
        return new ListenAddress(host, server.portals().get(portal).getPort()).toString();
    }
}
