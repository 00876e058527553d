package org.lunette.app;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.config.ListenAddress;
import org.lunette.config.ServeSettings;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;

/**
 * The SCSI target ports that the portals of the settings make up: one for each portal group, and each a target port
 * group of its own.
 */
final class TargetPaths {
    private final TargetPorts ports = new TargetPorts();
    private final Map<Integer, AccessState> states = new HashMap<>();

    TargetPaths(List<ListenAddress> listen) {
        Set<Integer> groups = new HashSet<>();
        for (ListenAddress address : listen) {
            int tag = address.group();
            if (groups.add(tag)) {
                String name = String.format("%s,t,0x%04x", ServeSettings.TARGET_NAME, tag);
                ports.add(new TargetPort(name, relativeIdentifier(address), tag));
            }
            address.state().flatMap(AccessState::ofWord).ifPresent(state -> states.put(tag, state));
        }
    }

    /** That of the group's port: the tag, so that it is the same in whatever order portals are named. */
    static int relativeIdentifier(ListenAddress address) {
        return address.group();
    }

    TargetPorts ports() {
        return ports;
    }

    /** The states at first, by groups. */
    Map<Integer, AccessState> states() {
        return states;
    }
}
