package org.lunette.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tells this machine from others, so that two machines never serve different disks under one identity: an
 * initiator of both would take them for two paths to one disk.
 */
final class HostIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(HostIdentity.class);
    private static final List<Path> MACHINE_IDS =
            List.of(Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));
    private static final int MACHINE_ID_LENGTH = 32;

    private HostIdentity() {}

    /** The machine's ID as systemd and D-Bus keep it; where there is none, its name. The same after a restart. */
    static String get() {
        return get(MACHINE_IDS);
    }

    static String get(List<Path> machineIds) {
        for (Path file : machineIds) {
            String id = read(file);
            if (id.length() == MACHINE_ID_LENGTH) {
                return id;
            }
        }
        String name = hostName();
        LOG.warn(
                "this machine has no {}: the identity of its disks follows from its name, {}", machineIds.get(0), name);
        return name;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return ""; // the next file, or the name
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
