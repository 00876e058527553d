package org.lunette.frontend.iscsi.portal;

import org.lunette.metrics.Counters;
import org.lunette.ring.DedicatedRings;
import org.lunette.ring.RingFactory;

/** The portal in front of handler threads. */
class PortalServerDedicatedRingsTest extends PortalServerTest {
    @Override
    RingFactory rings() {
        return new DedicatedRings("test", RingFactory.DEFAULT_DEPTH, 2, new Counters());
    }
}
