package org.lunette.app;

import java.net.InetSocketAddress;
import java.util.List;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.scsi.unit.LogicalUnit;

/** How a front-end is put in front of units. */
interface FrontEnd {
    /**
     * How many of its threads for a unit may wait for a store at a time; 0 where none may, and a unit whose store
     * blocks needs threads of its own.
     */
    int threadsThatMayWait();

    /** Adds to a unit's description what depends on the transport. */
    LogicalUnit.Builder describe(LogicalUnit.Builder builder);

    /** The transport is to tell a unit's initiators of its new capacity, as far as the unit does not itself. */
    default void capacityChanged(String unit) {}

    /**
     * Starts to serve units, LUN 0 first; what is to be ended is added to {@code resources}.
     *
     * @return where portals listen
     */
    List<InetSocketAddress> start(List<Unit> units, RingFactory rings, Counters counters, Resources resources)
            throws StartException;
}
