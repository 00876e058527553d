package org.lunette.frontend.iscsi.portal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.command.CommandHandler;
import org.lunette.frontend.iscsi.pdu.LogoutRequest;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;
import org.lunette.frontend.iscsi.session.DataBufferPool;
import org.lunette.frontend.iscsi.session.FakeDevice;
import org.lunette.frontend.iscsi.session.Initiator;
import org.lunette.frontend.iscsi.session.IscsiLimits;
import org.lunette.frontend.iscsi.session.IscsiTarget;
import org.lunette.frontend.iscsi.session.SentPdu;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;

/**
 * The portal over real sockets, on epoll where there is one. What a subclass changes is the transport and the rings.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PortalServerTest {
    private static final int BLOCKS = 32 << 10;
    private static final int LOOPS = 2;

    private final long regionsBefore = RegionCounts.openBytes(DataBufferPool.REGION_NAME);
    protected final FakeDevice device = new FakeDevice(BLOCKS);
    private RingFactory rings;
    private IscsiPortalServer server;

    RingFactory rings() {
        return new SharedRings(RingFactory.DEFAULT_DEPTH, new Counters());
    }

    CommandHandler handler() {
        return device;
    }

    boolean epoll() {
        return Epoll.isAvailable();
    }

    @BeforeEach
    void start() throws IOException {
        start(new IscsiLimits(), "127.0.0.1");
    }

    private void start(IscsiLimits limits, String... hosts) throws IOException {
        stop();
        List<InetSocketAddress> listen = new ArrayList<>();
        for (String host : hosts) {
            listen.add(new InetSocketAddress(InetAddress.getByName(host), 0));
        }
        rings = rings();
        server = new IscsiPortalServer(
                Portal.ofOneGroup(listen), new IscsiTarget(Initiator.TARGET, handler()), limits, rings, LOOPS, epoll());
        server.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            rings.close();
            server = null;
            assertTrue(device.nexuses.isEmpty(), "every nexus is lost in the end");
            assertEquals(regionsBefore, RegionCounts.openBytes(DataBufferPool.REGION_NAME), "every buffer is freed");
        }
    }

    private InetSocketAddress portal() {
        return server.addresses().get(0);
    }

    private SocketInitiator connect() throws IOException {
        return new SocketInitiator(portal());
    }

    @Test
    void writesAndReadsBack() throws IOException {
        byte[] data = new byte[3 << 20];
        new Random(1).nextBytes(data);
        try (SocketInitiator initiator = connect().loggedIn("MaxRecvDataSegmentLength=262144", "MaxOutstandingR2T=4")) {
            initiator.write(100, data, 4096);
            assertArrayEquals(data, Arrays.copyOfRange(device.disk, 51200, 51200 + data.length));
            assertArrayEquals(data, initiator.read(100, data.length / 512));
            assertArrayEquals(Arrays.copyOf(data, 512), initiator.read(100, 1));
        }
    }

    @Test
    void oddSegmentLengthsArePadded() throws IOException {
        new Random(2).nextBytes(device.disk);
        try (SocketInitiator initiator = connect().loggedIn("MaxRecvDataSegmentLength=1501", "MaxBurstLength=10007")) {
            for (int blocks : new int[] {1, 3, 40, 77}) {
                assertArrayEquals(Arrays.copyOf(device.disk, blocks * 512), initiator.read(0, blocks));
            }
        }
    }

    @Test
    void bytesMayComeOneByOne() throws IOException {
        try (SocketInitiator initiator = connect().loggedIn()) {
            byte[] data = new byte[512];
            new Random(3).nextBytes(data);
            byte[] write = Initiator.bytes(
                    initiator.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 5, 1), 512, true), data);
            for (byte b : write) {
                initiator.sendBytes(new byte[] {b});
            }
            initiator.receive(Opcode.SCSI_RESPONSE);
            assertArrayEquals(data, initiator.read(5, 1));
        }
    }

    @Test
    void manyCommandsAtOnce() throws IOException {
        new Random(4).nextBytes(device.disk);
        try (SocketInitiator initiator = connect().loggedIn("MaxRecvDataSegmentLength=65536")) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            Initiator pipelined = new Initiator(all::writeBytes);
            pipelined.cmdSn = initiator.initiator.cmdSn;
            for (int i = 0; i < 128; i++) {
                pipelined.read(i * 16, 16);
            }
            initiator.sendBytes(all.toByteArray());
            boolean[] seen = new boolean[129];
            for (int i = 0; i < 128; i++) {
                SentPdu sent = initiator.receive(Opcode.DATA_IN);
                int tag = sent.pdu().initiatorTaskTag();
                int at = (tag - 1) * 8192;
                assertArrayEquals(Arrays.copyOfRange(device.disk, at, at + 8192), sent.data());
                assertTrue(!seen[tag] && sent.dataIn().hasStatus());
                seen[tag] = true;
            }
        }
    }

    @Test
    void sessionsSideBySideKeepTheirData() throws Exception {
        long seed = Long.getLong("lunette.seed", System.nanoTime());
        System.out.println("seed " + seed);
        int sessions = 4;
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        List<Future<?>> work = new ArrayList<>();
        for (int s = 0; s < sessions; s++) {
            int session = s;
            work.add(threads.submit(() -> {
                Random random = new Random(seed + session);
                int first = session * (BLOCKS / sessions);
                int size = BLOCKS / sessions;
                byte[] model = new byte[size * 512];
                try (SocketInitiator initiator = connect()) {
                    initiator.initiator.isid += session;
                    initiator.loggedIn("MaxRecvDataSegmentLength=16384", "MaxBurstLength=65536", "MaxOutstandingR2T=2");
                    for (int i = 0; i < 150; i++) {
                        int blocks = 1 + random.nextInt(400);
                        int lba = random.nextInt(size - blocks);
                        if (random.nextBoolean()) {
                            byte[] data = new byte[blocks * 512];
                            random.nextBytes(data);
                            initiator.write(first + lba, data, random.nextInt(8192));
                            System.arraycopy(data, 0, model, lba * 512, data.length);
                        } else {
                            assertArrayEquals(
                                    Arrays.copyOfRange(model, lba * 512, (lba + blocks) * 512),
                                    initiator.read(first + lba, blocks),
                                    "seed " + seed + " session " + session + " step " + i);
                        }
                    }
                }
                return null;
            }));
        }
        for (Future<?> each : work) {
            each.get();
        }
        threads.shutdown();
    }

    /** Each command ends in exactly one way: with its status, or without one by an abort that says so. */
    @Test
    void abortsRaceWithCompletions() throws IOException {
        long seed = Long.getLong("lunette.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        start(new IscsiLimits().managementRequestsPerSession(1024), "127.0.0.1"); // none is refused for want of room
        Set<Integer> outstanding = new LinkedHashSet<>();
        Map<Integer, Integer> abortOf = new HashMap<>();
        try (SocketInitiator initiator = connect().loggedIn("MaxRecvDataSegmentLength=4096")) {
            for (int step = 0; step < 3000; step++) {
                boolean send = outstanding.size() < 64 && random.nextInt(3) > 0;
                if (send && random.nextInt(4) > 0) {
                    outstanding.add(initiator.initiator.read(random.nextInt(1000), 1 + random.nextInt(30)));
                } else if (send && !outstanding.isEmpty()) {
                    Integer[] tags = outstanding.toArray(new Integer[0]);
                    int tag = tags[random.nextInt(tags.length)];
                    var abort = initiator.initiator.taskManagement(TaskManagementRequest.ABORT_TASK, 0, tag);
                    abortOf.put(abort.initiatorTaskTag(), tag);
                    initiator.initiator.send(abort);
                } else if (outstanding.size() + abortOf.size() > 0) {
                    receiveOutcome(initiator, outstanding, abortOf, "seed " + seed + " step " + step);
                }
            }
            while (outstanding.size() + abortOf.size() > 0) {
                receiveOutcome(initiator, outstanding, abortOf, "seed " + seed + " at the end");
            }
            initiator.initiator.send(initiator.initiator.nopOut(false));
            initiator.receive(Opcode.NOP_IN);
        }
    }

    private static void receiveOutcome(
            SocketInitiator initiator, Set<Integer> outstanding, Map<Integer, Integer> abortOf, String what)
            throws IOException {
        SentPdu sent = initiator.receive();
        int tag = sent.pdu().initiatorTaskTag();
        if (sent.opcode() == Opcode.DATA_IN) {
            assertTrue(outstanding.contains(tag), what + ": data of a task that has ended");
            if (sent.dataIn().hasStatus()) {
                outstanding.remove(tag);
            }
            return;
        }
        assertEquals(Opcode.TASK_MANAGEMENT_RESPONSE, sent.opcode(), what);
        int aborted = abortOf.remove(tag);
        if (sent.taskManagement().response() == TaskManagementResponse.FUNCTION_COMPLETE) {
            outstanding.remove(aborted); // unless its status came first
        } else {
            assertEquals(
                    TaskManagementResponse.TASK_DOES_NOT_EXIST,
                    sent.taskManagement().response(),
                    what);
            assertTrue(!outstanding.contains(aborted), what + ": it exists");
        }
    }

    @Test
    void logoutClosesTheConnection() throws IOException {
        try (SocketInitiator initiator = connect().loggedIn()) {
            initiator.initiator.send(initiator.initiator.logout(LogoutRequest.CLOSE_SESSION));
            initiator.receive(Opcode.LOGOUT_RESPONSE);
            assertTrue(initiator.isAtEnd());
        }
    }

    @Test
    void aFailedLoginIsAnsweredBeforeTheConnectionEnds() throws IOException {
        try (SocketInitiator initiator = connect()) {
            initiator.initiator.send(
                    initiator.initiator.login(true, 1, 3), Initiator.text("InitiatorName=" + Initiator.NAME));
            assertEquals(
                    0x0207, initiator.receive(Opcode.LOGIN_RESPONSE).login().status());
            assertTrue(initiator.isAtEnd());
        }
    }

    @Test
    void reinstatementReachesAcrossEventLoops() throws IOException {
        try (SocketInitiator first = connect().loggedIn()) {
            for (int i = 0; i < 2 * LOOPS; i++) {
                try (SocketInitiator next = connect().loggedIn()) {
                    assertEquals(1, server.sessionCount());
                    next.read(0, 1);
                }
            }
            assertTrue(first.isAtEnd());
        }
    }

    @Test
    void aPeerThatDoesNotReadHoldsUpNobodyElse() throws IOException {
        start(new IscsiLimits().commandsPerSession(32), "127.0.0.1");
        new Random(6).nextBytes(device.disk);
        try (SocketInitiator lazy = connect().loggedIn("MaxRecvDataSegmentLength=65536");
                SocketInitiator busy = connect()) {
            int reads = 32;
            for (int i = 0; i < reads; i++) {
                lazy.initiator.read(0, 8192); // 4 MiB each: far more than the sockets between us hold
            }
            busy.initiator.isid++;
            busy.loggedIn();
            for (int i = 0; i < 200; i++) {
                busy.read(i, 8);
            }
            byte[] expected = Arrays.copyOf(device.disk, 4 << 20);
            for (int i = 0; i < reads; i++) {
                assertArrayEquals(expected, lazy.receiveData(4 << 20));
            }
        }
    }

    @Test
    void onePeerMoreThanTheLimitIsTurnedAway() throws IOException {
        start(new IscsiLimits().connections(2), "127.0.0.1");
        try (SocketInitiator first = connect();
                SocketInitiator second = connect()) {
            first.loggedIn();
            second.initiator.isid++;
            second.loggedIn();
            try (SocketInitiator third = connect()) {
                assertTrue(third.isAtEnd());
            }
            second.read(0, 1);
        }
    }

    @Test
    void peersWhoDoNotFinishTheirLoginKeepNobodyOut() throws IOException {
        start(new IscsiLimits().connections(8).logins(3), "127.0.0.1");
        List<SocketInitiator> silent = new ArrayList<>();
        try (SocketInitiator early = connect().loggedIn()) {
            for (int i = 0; i < 20; i++) {
                SocketInitiator next = connect();
                silent.add(next);
                next.initiator.send(
                        next.initiator.login(false, 0, 0),
                        Initiator.text("InitiatorName=" + Initiator.NAME, "TargetName=" + Initiator.TARGET));
                next.receive(Opcode.LOGIN_RESPONSE); // and no more
                if (i >= 3) {
                    assertTrue(silent.get(i - 3).isAtEnd(), "the oldest makes room");
                }
            }
            early.read(0, 1);
            try (SocketInitiator late = connect()) {
                late.initiator.isid++;
                late.loggedIn().read(0, 1);
            }
        } finally {
            for (SocketInitiator each : silent) {
                each.close();
            }
        }
    }

    @Test
    void randomBytesDoNotHurt() throws IOException {
        long seed = Long.getLong("lunette.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            try (SocketInitiator hostile = connect()) {
                hostile.initiator.isid += i;
                if (random.nextBoolean()) {
                    hostile.loggedIn();
                }
                byte[] bytes = new byte[random.nextInt(20_000)];
                random.nextBytes(bytes);
                try {
                    hostile.sendBytes(bytes);
                } catch (java.io.UncheckedIOException closed) {
                    continue; // the portal had enough
                }
            }
        }
        try (SocketInitiator initiator = connect().loggedIn()) {
            initiator.read(0, 1);
        }
    }

    @Test
    void closingEndsSessionsInOrder() throws Exception {
        SocketInitiator initiator = connect().loggedIn();
        initiator.read(0, 1);
        InetSocketAddress portal = portal();
        Thread closing = new Thread(this::stop);
        closing.start();
        assertTrue(initiator.isAtEnd());
        initiator.close();
        closing.join();
        assertEquals(1, device.lost.size());
        assertThrows(IOException.class, () -> new SocketInitiator(portal));
    }

    @Test
    void closingAnswersWhatTheDeviceHas() throws Exception {
        device.holding = true;
        try (SocketInitiator initiator = connect().loggedIn()) {
            int tag = initiator.initiator.testUnitReady(0);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (device.heldCount() == 0 && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            assertEquals(1, device.heldCount(), "commands that the device has");
            InetSocketAddress portal = portal();
            Thread closing = new Thread(this::stop);
            closing.start();
            end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (accepts(portal)) {
                assertTrue(System.nanoTime() < end, "a server that ends takes no more connections");
                Thread.sleep(1);
            }
            device.holding = false;
            device.endHeld();
            SentPdu response = initiator.receive(Opcode.SCSI_RESPONSE);
            assertEquals(tag, response.pdu().initiatorTaskTag());
            assertEquals(0, response.scsiResponse().status());
            assertTrue(initiator.isAtEnd());
            initiator.socket.close();
            closing.join();
        }
    }

    private static boolean accepts(InetSocketAddress portal) {
        try (Socket socket = new Socket()) {
            socket.connect(portal, 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void severalPortalsShowUpInDiscovery() throws IOException {
        List<String> hosts = new ArrayList<>(List.of("127.0.0.1", "127.0.0.2"));
        if (hasIpv6()) {
            hosts.add("::1");
        }
        start(new IscsiLimits(), hosts.toArray(new String[0]));
        StringBuilder expected = new StringBuilder("TargetName=" + Initiator.TARGET);
        for (InetSocketAddress address : server.addresses()) {
            String host = address.getAddress().getHostAddress();
            expected.append(" TargetAddress=")
                    .append(host.equals("0:0:0:0:0:0:0:1") ? "[::1]" : host)
                    .append(":")
                    .append(address.getPort())
                    .append(",1");
        }
        for (InetSocketAddress address : server.addresses()) {
            try (SocketInitiator initiator = new SocketInitiator(address)) {
                initiator.initiator.logInForDiscovery();
                initiator.receive(Opcode.LOGIN_RESPONSE);
                initiator.initiator.send(initiator.initiator.textRequest(), Initiator.text("SendTargets=All"));
                assertEquals(
                        expected.toString(),
                        initiator.receive(Opcode.TEXT_RESPONSE).string());
            }
        }
    }

    @Test
    void oneAddressThatCannotBeBoundLeavesNothingListening() throws IOException {
        int taken = portal().getPort();
        List<InetSocketAddress> listen =
                List.of(new InetSocketAddress("127.0.0.1", 0), new InetSocketAddress("127.0.0.1", taken));
        IscsiPortalServer second = new IscsiPortalServer(
                Portal.ofOneGroup(listen),
                new IscsiTarget(Initiator.TARGET, device),
                new IscsiLimits(),
                rings,
                1,
                epoll());
        IOException refused = assertThrows(IOException.class, second::start);
        assertTrue(refused.getMessage().contains("127.0.0.1 port " + taken), refused.getMessage());
        assertTrue(second.addresses().isEmpty());
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
    }
}
