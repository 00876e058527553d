package org.lunette.scsi.path;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.lunette.command.Nexus;

/**
 * The target ports by which a logical unit is reached, in the order in which they came to be known. Any thread may
 * call.
 */
public final class TargetPorts {
    private final List<TargetPort> ports = new CopyOnWriteArrayList<>();

    /** Adds a port. */
    public synchronized void add(TargetPort port) {
        for (TargetPort other : ports) {
            if (other.name().equals(port.name()) || other.relativeIdentifier() == port.relativeIdentifier()) {
                throw new IllegalArgumentException(port + " is not another port than " + other);
            }
        }
        ports.add(port);
    }

    /** All ports. */
    public List<TargetPort> all() {
        return new ArrayList<>(ports);
    }

    /** The port by which a nexus came; null if it is not known. */
    public TargetPort of(Nexus nexus) {
        for (TargetPort port : ports) {
            if (port.name().equals(nexus.targetPort())) {
                return port;
            }
        }
        return null;
    }
}
