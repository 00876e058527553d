package org.lunette.frontend.scstuser;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.scstuser.ScstSysfs;
import org.lunette.bridge.scstuser.SessFlyweight;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a device, by the kernel's handles. Looking one up takes no lock.
 *
 * <p>The kernel does not wait for the answer to DETACH_SESS, and a handle is an address of its: a new session may have
 * the handle of one whose DETACH_SESS another thread of ours still holds. That one is then late, and must not end the
 * new session.
 */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** The sessions in the order of their handles; never changed once published. */
    private record Table(long[] handles, Session[] sessions) {}

    private final CommandHandler unit;
    private final RateLimit logged = new RateLimit();
    private final Map<Long, Integer> lateDetaches = new HashMap<>();
    private volatile Table table = new Table(new long[0], new Session[0]);

    Sessions(CommandHandler unit) {
        this.unit = unit;
    }

    /** The session of a handle, or null. */
    Session find(long handle) {
        Table now = table;
        int index = Arrays.binarySearch(now.handles, handle);
        return index < 0 ? null : now.sessions[index];
    }

    /** ATTACH_SESS; returns the result for the kernel, 0 or a negative errno that refuses the session. */
    int attach(SessFlyweight sess) {
        String target = sess.targetName();
        Nexus nexus = new Nexus(sess.initiatorName(), target, ScstSysfs.relativeTargetPort(target));
        Session session = new Session(sess.sessH(), nexus, (int) sess.lun());
        Session superseded;
        synchronized (this) {
            superseded = remove(session.handle());
            if (superseded != null) {
                lateDetaches.merge(session.handle(), 1, Integer::sum);
            }
        }
        if (superseded != null) {
            lost(superseded);
        }
        try {
            unit.nexusEstablished(nexus);
        } catch (Throwable e) {
            LOG.error("the unit refuses the session of {}", nexus, e);
            return -Errno.EINVAL;
        }
        synchronized (this) {
            add(session);
        }
        if (logged.permits()) {
            LOG.info("session of {}, LUN {}", nexus, session.lun());
        }
        return 0;
    }

    /** DETACH_SESS. */
    void detach(long handle) {
        Session session;
        synchronized (this) {
            Integer late = lateDetaches.remove(handle);
            if (late != null) {
                if (late > 1) {
                    lateDetaches.put(handle, late - 1);
                }
                return;
            }
            session = remove(handle);
        }
        if (session != null) {
            lost(session);
            if (logged.permits()) {
                LOG.info("session of {}, LUN {}, has ended", session.nexus(), session.lun());
            }
        }
    }

    /** Ends what is left when the device is gone. */
    void detachAll() {
        List<Session> left;
        synchronized (this) {
            left = List.of(table.sessions);
            table = new Table(new long[0], new Session[0]);
        }
        left.forEach(this::lost);
    }

    private void lost(Session session) {
        try {
            unit.nexusLost(session.nexus());
        } catch (Throwable e) {
            LOG.error("the unit failed at the end of the session of {}", session.nexus(), e);
        }
    }

    private void add(Session session) {
        List<Session> sessions = new ArrayList<>(List.of(table.sessions));
        int index = Arrays.binarySearch(table.handles, session.handle());
        sessions.add(-index - 1, session);
        publish(sessions);
    }

    private Session remove(long handle) {
        int index = Arrays.binarySearch(table.handles, handle);
        if (index < 0) {
            return null;
        }
        List<Session> sessions = new ArrayList<>(List.of(table.sessions));
        Session removed = sessions.remove(index);
        publish(sessions);
        return removed;
    }

    private void publish(List<Session> sessions) {
        table = new Table(sessions.stream().mapToLong(Session::handle).toArray(), sessions.toArray(new Session[0]));
    }
}
