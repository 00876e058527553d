package org.lunette.frontend.iscsi.session;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.lunette.command.CommandHandler;
import org.lunette.ring.QueuedRings;
import org.lunette.scsi.Path;
import org.lunette.scsi.Seed;

/**
 * Through the state machines of iSCSI sessions, PDU by PDU, with no sockets: each nexus logs in with parameters of its
 * own, by the run's seed.
 */
public final class IscsiPath implements Path {
    static final String TARGET = "iqn.2026-11.test:target";

    private static final int COMMANDS = 1024;

    private final QueuedRings rings = new QueuedRings();
    /** A handler as a target of two portal groups. */
    private record Served(PortalGroups groups, PortalGroup first, PortalGroup second) {
        static Served of(CommandHandler handler) {
            IscsiLimits limits = new IscsiLimits().commandsPerSession(COMMANDS);
            PortalGroups groups = new PortalGroups(new IscsiTarget(TARGET, handler), limits);
            return new Served(groups, groups.add(1, 1), groups.add(2, 2));
        }

        PortalGroup of(int relativeTargetPort) {
            return relativeTargetPort == second.relativeTargetPort() ? second : first;
        }
    }

    private final Map<CommandHandler, Served> served = new IdentityHashMap<>();
    private final List<IscsiPort> ports = new ArrayList<>();

    @Override
    public synchronized CommandHandler to(CommandHandler handler) {
        Served by = served.computeIfAbsent(handler, Served::of);
        IscsiPort port = new IscsiPort(by::of, rings.open(handler), new Random(Seed.OF_THIS_RUN + ports.size()));
        ports.add(port);
        return port;
    }

    @Override
    public synchronized void close() {
        ports.forEach(IscsiPort::close);
        ports.clear();
        served.values().forEach(by -> by.groups().close());
        served.clear();
    }
}
