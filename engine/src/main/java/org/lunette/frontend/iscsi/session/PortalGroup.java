package org.lunette.frontend.iscsi.session;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.frontend.iscsi.pdu.LoginStatus;

/**
 * The portals of one portal group, which is a SCSI target port, and the sessions that came through them; RFC 7143, 4.1.
 * Initiator name and ISID name a session of the group. Thread-safe.
 */
public final class PortalGroup {
    private static final int MAX_TSIH = 0xffff;

    private final PortalGroups all;
    private final int tag;
    private final int relativeTargetPort;
    private final Map<Integer, Session> byTsih = new HashMap<>();
    private final Map<String, Session> byPort = new HashMap<>();
    private final Map<String, Session> waiting = new HashMap<>();
    private List<InetSocketAddress> portals = List.of();
    private int lastTsih;

    PortalGroup(PortalGroups all, int tag, int relativeTargetPort) {
        this.all = all;
        this.tag = tag;
        this.relativeTargetPort = relativeTargetPort;
    }

    /** The target portal group tag. */
    public int tag() {
        return tag;
    }

    /** The relative target port identifier of the group's SCSI port. */
    public int relativeTargetPort() {
        return relativeTargetPort;
    }

    /** All groups of the target. */
    PortalGroups all() {
        return all;
    }

    /** Says where the group listens, wildcard addresses included. */
    public synchronized void setPortals(List<InetSocketAddress> listening) {
        this.portals = List.copyOf(listening);
    }

    /** The limits that all portals keep. */
    public IscsiLimits limits() {
        return all.limits();
    }

    /** The buffers that all connections share. */
    public DataBufferPool buffers() {
        return all.buffers();
    }

    /** How many sessions there are now, of both types. */
    public synchronized int sessionCount() {
        return byTsih.size();
    }

    /**
     * The values of TargetAddress, seen from a connection: where a portal listens on all addresses, the address by
     * which the initiator came stands in.
     */
    synchronized Set<String> targetAddresses(InetSocketAddress local) {
        Set<String> addresses = new LinkedHashSet<>();
        for (InetSocketAddress portal : portals) {
            InetAddress host = portal.getAddress();
            if (host.isAnyLocalAddress()) {
                if (host instanceof Inet4Address && local.getAddress() instanceof Inet6Address) {
                    continue; // all addresses of IPv4 only, while the one at :: takes both
                }
                host = local.getAddress();
            }
            addresses.add(literal(host) + ":" + portal.getPort() + "," + tag);
        }
        return addresses;
    }

    private static String literal(InetAddress host) {
        return host instanceof Inet6Address ? "[" + compressed(host.getAddress()) + "]" : host.getHostAddress();
    }

    /**
     * An IPv6 address as RFC 5952 wants it written, without a scope, which means nothing elsewhere: the longest row of
     * zeroes is left out.
     */
    private static String compressed(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
        }
        int zeroesAt = -1;
        int zeroes = 1; // a single one stays
        for (int from = 0; from < 8; from++) {
            int to = from;
            while (to < 8 && groups[to] == 0) {
                to++;
            }
            if (to - from > zeroes) {
                zeroesAt = from;
                zeroes = to - from;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == zeroesAt) {
                text.append("::");
                i += zeroes - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Whether there is a session of that handle. */
    synchronized boolean hasSession(int tsih) {
        return byTsih.containsKey(tsih);
    }

    /**
     * Takes a session in that has logged in; its thread calls this. A session between the same ports ends first
     * (session reinstatement; RFC 7143, 6.3.5), so that the answer, by {@link Session#admitted} or
     * {@link Session#refused}, may come later.
     */
    void admit(Session session) {
        Session existing;
        Session superseded = null;
        int status = LoginStatus.SUCCESS;
        synchronized (this) {
            existing = session.isDiscovery() ? null : byPort.get(session.portKey());
            if (existing != null) {
                superseded = waiting.put(session.portKey(), session);
            } else if (!all.takeSession()) {
                status = LoginStatus.OUT_OF_RESOURCES;
            } else {
                register(session);
            }
        }
        if (existing != null) {
            existing.reinstated();
            if (superseded != null) {
                superseded.refuseLater(LoginStatus.TARGET_ERROR);
            }
        } else if (status == LoginStatus.SUCCESS) {
            session.admitted();
        } else {
            session.refused(status);
        }
    }

    private void register(Session session) {
        do {
            lastTsih = lastTsih % MAX_TSIH + 1;
        } while (byTsih.containsKey(lastTsih));
        session.setTsih(lastTsih);
        byTsih.put(lastTsih, session);
        if (!session.isDiscovery()) {
            byPort.put(session.portKey(), session);
        }
    }

    /** A session has ended: its nexus is lost and no command of it is left. */
    void left(Session session) {
        Session next;
        synchronized (this) {
            if (waiting.remove(session.portKey(), session)) {
                return; // it ended before it was admitted
            }
            if (!byTsih.remove(session.tsih(), session)) {
                return;
            }
            if (session.isDiscovery()) {
                all.giveSession();
                return;
            }
            byPort.remove(session.portKey());
            next = waiting.remove(session.portKey());
            if (next != null) {
                register(next); // in its place, among as many as there may be
            } else {
                all.giveSession();
            }
        }
        if (next != null) {
            next.admitLater();
        }
    }

    /** The sessions with a nexus to the target. */
    synchronized List<Session> nexusSessions() {
        return List.copyOf(byPort.values());
    }

    /** Ends all sessions in order. */
    void dropSessions() {
        List<Session> all;
        synchronized (this) {
            all = new ArrayList<>(byTsih.values());
        }
        for (Session session : all) {
            session.drop();
        }
    }
}
