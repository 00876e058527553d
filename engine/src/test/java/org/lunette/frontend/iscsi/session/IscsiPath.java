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
    private final Map<CommandHandler, PortalGroup> groups = new IdentityHashMap<>();
    private final List<IscsiPort> ports = new ArrayList<>();

    @Override
    public synchronized CommandHandler to(CommandHandler handler) {
        PortalGroup group = groups.computeIfAbsent(handler, IscsiPath::group);
        IscsiPort port = new IscsiPort(group, rings.open(handler), new Random(Seed.OF_THIS_RUN + ports.size()));
        ports.add(port);
        return port;
    }

    private static PortalGroup group(CommandHandler handler) {
        return new PortalGroup(new IscsiTarget(TARGET, handler), new IscsiLimits().commandsPerSession(COMMANDS));
    }

    @Override
    public synchronized void close() {
        ports.forEach(IscsiPort::close);
        ports.clear();
        groups.values().forEach(PortalGroup::close);
        groups.clear();
    }
}
