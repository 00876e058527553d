package org.lunette.frontend.iscsi.portal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.frontend.iscsi.session.FakeDevice;
import org.lunette.frontend.iscsi.session.Initiator;
import org.lunette.frontend.iscsi.session.IscsiLimits;
import org.lunette.frontend.iscsi.session.IscsiTarget;
import org.lunette.frontend.iscsi.session.PortalGroup;
import org.lunette.frontend.iscsi.session.PortalGroups;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;

/** A connection on a channel without a socket, whose event loop does nothing before the next bytes come. */
class PortalConnectionTest {
    /** A channel with addresses. */
    private static final class Channel extends EmbeddedChannel {
        @Override
        protected SocketAddress localAddress0() {
            return new InetSocketAddress("127.0.0.1", 3260);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("127.0.0.1", 50000);
        }
    }

    private final FakeDevice device = new FakeDevice(8);
    private final PortalGroups groups = new PortalGroups(new IscsiTarget(Initiator.TARGET, device), new IscsiLimits());
    private final PortalGroup group = groups.add(1, 1);
    private final Channel channel = new Channel();
    private final RingFactory rings = new SharedRings(RingFactory.DEFAULT_DEPTH, new Counters());
    private final PortalThread thread = new PortalThread(channel.eventLoop(), rings, device);
    private final PortalConnection connection = new PortalConnection(group, thread, new PendingLogins(1), channel);
    private final Initiator initiator = new Initiator(bytes -> channel.writeInbound(Unpooled.wrappedBuffer(bytes)));

    PortalConnectionTest() {
        channel.pipeline().addLast(connection);
        channel.pipeline().fireChannelActive();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        groups.close();
    }

    @Test
    void aLoginThatIsSupersededEnds() {
        connection.supersede();
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
    }

    @Test
    void aLoginThatIsCompleteWhenItIsSupersededStays() {
        connection.supersede();
        initiator.logIn();
        channel.runPendingTasks();
        assertTrue(channel.isOpen());
        assertEquals(1, group.sessionCount());
    }
}
