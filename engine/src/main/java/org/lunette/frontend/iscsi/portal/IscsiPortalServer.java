package org.lunette.frontend.iscsi.portal;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.lunette.frontend.iscsi.chap.ChapUsers;
import org.lunette.frontend.iscsi.session.IscsiLimits;
import org.lunette.frontend.iscsi.session.IscsiTarget;
import org.lunette.frontend.iscsi.session.PortalGroup;
import org.lunette.frontend.iscsi.session.PortalGroups;
import org.lunette.ring.RingFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an iSCSI target at one or more portals, in one or more portal groups. Event loops share the connections; each
 * has a ring of its own.
 *
 * <p>{@link #start} and {@link #close} are for one thread, the owner's. The ring factory and the device stay the
 * owner's, to be closed after the server.
 */
public final class IscsiPortalServer implements AutoCloseable {
    /** The port that IANA gave to iSCSI. */
    public static final int DEFAULT_PORT = 3260;

    private static final Logger LOG = LoggerFactory.getLogger(IscsiPortalServer.class);
    private static final String MACHINE_ID = "io.netty.machineId";
    private static final int BACKLOG = 128;
    private static final int MIN_READ_BYTES = 4 << 10;
    private static final int FIRST_READ_BYTES = 64 << 10;
    private static final int MAX_READ_BYTES = 256 << 10;
    /** What may wait for a peer to read it before reading from the peer stops, and when it goes on. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(1 << 20, 2 << 20);

    private static final long DRAIN_TIMEOUT_MS = 10_000;
    private static final long DRAIN_CHECK_MS = 20;

    static {
        // Netty names channels after the machine's network hardware, which takes time to look for and is missing in
        // many a container; nobody
        // reads those names.
        if (System.getProperty(MACHINE_ID) == null) {
            System.setProperty(MACHINE_ID, "02:00:00:00:00:00");
        }
    }

    private final List<Portal> portals;
    private final IscsiTarget target;
    private final IscsiLimits limits;
    private final RingFactory rings;
    private final int eventLoops;
    private final boolean epoll;
    private final PortalGroups groups;
    private final Map<Integer, PortalGroup> byTag = new HashMap<>();
    private final List<Channel> listening = new ArrayList<>();
    private final Map<EventLoop, PortalThread> threads = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final PendingLogins logins;
    private MultiThreadIoEventLoopGroup loops;

    /**
     * @param portals where it listens
     * @param eventLoops how many threads to read and write with; 0 for one per processor
     */
    public IscsiPortalServer(
            List<Portal> portals, IscsiTarget target, IscsiLimits limits, RingFactory rings, int eventLoops) {
        this(portals, target, limits, rings, eventLoops, Epoll.isAvailable());
    }

    IscsiPortalServer(
            List<Portal> portals,
            IscsiTarget target,
            IscsiLimits limits,
            RingFactory rings,
            int eventLoops,
            boolean epoll) {
        if (portals.isEmpty()) {
            throw new IllegalArgumentException("no address to listen at");
        }
        this.portals = List.copyOf(portals);
        this.target = target;
        this.limits = limits;
        this.rings = rings;
        this.eventLoops = eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
        this.epoll = epoll;
        this.groups = new PortalGroups(target, limits);
        for (Portal portal : portals) {
            byTag.computeIfAbsent(portal.groupTag(), tag -> groups.add(tag, portal.relativeTargetPort()));
        }
        this.logins = new PendingLogins(limits.logins());
    }

    /** Says who may log in to discovery sessions, if not the users of the target; before the start. */
    public void setDiscoveryUsers(ChapUsers users) {
        groups.setDiscoveryUsers(users);
    }

    /**
     * Listens at all addresses, or at none.
     *
     * @throws IOException if an address cannot be bound; it says which, and why
     */
    public void start() throws IOException {
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        loops = new MultiThreadIoEventLoopGroup(eventLoops, new DefaultThreadFactory("iscsi"), io);
        try {
            for (Portal portal : portals) {
                listening.add(bind(portal.address(), byTag.get(portal.groupTag()), type));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        byTag.values().forEach(group -> group.setPortals(addressesOf(group)));
        LOG.info("{} event loops on {} serve iSCSI", eventLoops, epoll ? "epoll" : "NIO");
    }

    private Channel bind(InetSocketAddress address, PortalGroup group, Class<? extends ServerChannel> type)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen at " + address.getHostString() + ": the name has no address");
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES))
                .childHandler(new Acceptor(group));
        try {
            return bootstrap.bind(address).syncUninterruptibly().channel();
        } catch (Exception e) { // Netty throws checked exceptions that it does not declare
            String host = address.getAddress().getHostAddress();
            throw new IOException("cannot listen at " + host + " port " + address.getPort() + ": " + e.getMessage(), e);
        }
    }

    /** Makes connections of channels, as many as the limit allows. */
    private final class Acceptor extends ChannelInitializer<Channel> {
        private final PortalGroup group;

        Acceptor(PortalGroup group) {
            this.group = group;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.closeFuture().addListener(closed -> connections.decrementAndGet());
            if (connections.incrementAndGet() > limits.connections()) {
                channel.close();
                return;
            }
            EventLoop loop = channel.eventLoop();
            PortalThread thread = threads.computeIfAbsent(loop, l -> new PortalThread(l, rings, target.handler()));
            channel.pipeline().addLast(new PortalConnection(group, thread, logins, channel));
        }
    }

    /**
     * Where it listens, in the order of the portals, with the ports that were taken for 0; empty before {@link #start}.
     */
    public List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (Channel channel : listening) {
            addresses.add((InetSocketAddress) channel.localAddress());
        }
        return addresses;
    }

    private List<InetSocketAddress> addressesOf(PortalGroup group) {
        List<InetSocketAddress> all = addresses();
        return IntStream.range(0, all.size())
                .filter(i -> portals.get(i).groupTag() == group.tag())
                .mapToObj(all::get)
                .toList();
    }

    /** How many sessions there are. */
    public int sessionCount() {
        return groups.sessionCount();
    }

    /**
     * Stops in order: accepts no more, reads no more, closes each connection when the commands that the device has are
     * answered, and waits, for some seconds at most, until all are closed and the device knows that the nexuses are
     * lost.
     */
    @Override
    public void close() {
        for (Channel channel : listening) {
            channel.close().awaitUninterruptibly();
        }
        listening.clear();
        if (loops == null) {
            return;
        }
        for (PortalThread thread : threads.values()) {
            thread.execute(() -> List.copyOf(thread.connections()).forEach(PortalConnection::shutDown));
        }
        if (!awaitNoSessions(DRAIN_TIMEOUT_MS / 2)) {
            for (PortalThread thread : threads.values()) {
                thread.execute(() -> List.copyOf(thread.connections()).forEach(PortalConnection::abort));
            }
            if (!awaitNoSessions(DRAIN_TIMEOUT_MS / 2)) {
                LOG.warn("{} sessions still have commands that the device has not ended", groups.sessionCount());
            }
        }
        for (PortalThread thread : threads.values()) {
            thread.execute(thread::close);
        }
        loops.shutdownGracefully(0, DRAIN_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        loops = null;
        groups.close();
    }

    private boolean awaitNoSessions(long timeoutMs) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (groups.sessionCount() > 0 && System.nanoTime() < end) {
            try {
                Thread.sleep(DRAIN_CHECK_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return groups.sessionCount() == 0;
    }
}
