package org.lunette.frontend.iscsi.session;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.frontend.iscsi.chap.Challenges;
import org.lunette.frontend.iscsi.chap.ChapUsers;

/**
 * The portal groups by which a target is reached, each of them a SCSI target port, and what they share: limits,
 * buffers, and that a function for a whole unit or target concerns the sessions of all; RFC 7143, 4.1. Thread-safe.
 */
public final class PortalGroups implements AutoCloseable {
    private final IscsiTarget target;
    private final IscsiLimits limits;
    private final DataBufferPool buffers;
    private final List<PortalGroup> groups = new CopyOnWriteArrayList<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final Challenges challenges = new Challenges();
    private volatile ChapUsers discoveryUsers;

    /** No groups so far; who may log in to the target may discover it. */
    public PortalGroups(IscsiTarget target, IscsiLimits limits) {
        this.target = target;
        this.limits = limits;
        this.buffers = new DataBufferPool(limits.bufferBytes());
        this.discoveryUsers = target.users();
    }

    /** Says who logs in to discovery sessions, if not the users of the target. */
    public void setDiscoveryUsers(ChapUsers users) {
        this.discoveryUsers = users;
    }

    /** Who may log in to discovery sessions. */
    ChapUsers discoveryUsers() {
        return discoveryUsers;
    }

    /** The challenges of all logins under way. */
    Challenges challenges() {
        return challenges;
    }

    /**
     * Adds a group without portals.
     *
     * @param tag the target portal group tag, 1 to 65535
     * @param relativeTargetPort the relative target port identifier of its SCSI port, 1 to 65535
     * @throws IllegalArgumentException if another group has the tag or the identifier
     */
    public synchronized PortalGroup add(int tag, int relativeTargetPort) {
        for (PortalGroup other : groups) {
            if (other.tag() == tag || other.relativeTargetPort() == relativeTargetPort) {
                throw new IllegalArgumentException("portal group " + tag + ", port " + relativeTargetPort
                        + ", is not another than " + other.tag() + ", port " + other.relativeTargetPort());
            }
        }
        PortalGroup group = new PortalGroup(this, tag, relativeTargetPort);
        groups.add(group);
        return group;
    }

    /** The limits that all portals keep. */
    public IscsiLimits limits() {
        return limits;
    }

    /** The buffers that all connections share. */
    public DataBufferPool buffers() {
        return buffers;
    }

    /** How many sessions there are now, of both types and in all groups. */
    public int sessionCount() {
        return groups.stream().mapToInt(PortalGroup::sessionCount).sum();
    }

    /** The target of that name, or null. */
    IscsiTarget target(String name) {
        return target.name().equals(name.toLowerCase(Locale.ROOT)) ? target : null;
    }

    /** All targets. */
    List<IscsiTarget> targets() {
        return List.of(target);
    }

    /** The values of TargetAddress of every group, seen from a connection. */
    Set<String> targetAddresses(InetSocketAddress local) {
        Set<String> addresses = new LinkedHashSet<>();
        groups.forEach(group -> addresses.addAll(group.targetAddresses(local)));
        return addresses;
    }

    /** Takes one of the sessions that there may be; returns false if there are as many already. */
    boolean takeSession() {
        int before = sessions.getAndUpdate(count -> count < limits.sessions() ? count + 1 : count);
        return before < limits.sessions();
    }

    /** A session is no more. */
    void giveSession() {
        sessions.decrementAndGet();
    }

    /** The other sessions with a nexus to the target, by whatever group. */
    List<Session> sessionsBeside(Session session) {
        List<Session> others = new ArrayList<>();
        groups.forEach(group -> others.addAll(group.nexusSessions()));
        others.remove(session);
        return others;
    }

    /** Ends all sessions of the target in order: TARGET COLD RESET. */
    void dropSessions() {
        groups.forEach(PortalGroup::dropSessions);
    }

    /** Frees the buffers; those in use, when they are given back. */
    @Override
    public void close() {
        buffers.close();
    }
}
