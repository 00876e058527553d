package org.lunette.frontend.iscsi.portal;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections that have not reached full feature phase. There are at most so many: one more takes the place of the
 * oldest, so that peers who connect and say nothing keep nobody else from logging in, which takes no time. Thread-safe.
 */
final class PendingLogins {
    private final int limit;
    private final Set<PortalConnection> oldestFirst = new LinkedHashSet<>();

    PendingLogins(int limit) {
        this.limit = limit;
    }

    void add(PortalConnection connection) {
        PortalConnection superseded = null;
        synchronized (this) {
            oldestFirst.add(connection);
            if (oldestFirst.size() > limit) {
                superseded = oldestFirst.iterator().next();
                oldestFirst.remove(superseded);
            }
        }
        if (superseded != null) {
            superseded.supersede();
        }
    }

    synchronized void remove(PortalConnection connection) {
        oldestFirst.remove(connection);
    }
}
