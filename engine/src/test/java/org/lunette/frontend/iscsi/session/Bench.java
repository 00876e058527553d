package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.lunette.frontend.iscsi.chap.ChapUsers;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;

/** One connection between a test's initiator and a portal group in front of a fake device, stepped by hand. */
final class Bench {
    final FakeDevice device;
    final PortalGroups groups;
    final PortalGroup group;
    final SteppedThread thread;
    final FakeTransport transport = new FakeTransport();
    final Connection connection;
    final Initiator initiator;

    Bench() {
        this(new IscsiLimits());
    }

    Bench(IscsiLimits limits) {
        this(new FakeDevice(4096), limits);
    }

    Bench(FakeDevice device, IscsiLimits limits) {
        this(device, new PortalGroups(new IscsiTarget(Initiator.TARGET, device), limits).add(1, 1));
    }

    /** In front of a target that has users. */
    Bench(ChapUsers users) {
        this(new FakeDevice(4096), users);
    }

    private Bench(FakeDevice device, ChapUsers users) {
        this(device, new PortalGroups(new IscsiTarget(Initiator.TARGET, device, users), new IscsiLimits()).add(1, 1));
    }

    /** One more connection to a portal group. */
    Bench(Bench other) {
        this(other.device, other.group);
    }

    /** A connection to another portal group of a target. */
    Bench(Bench other, int tag) {
        this(other.device, other.groups.add(tag, tag));
    }

    private Bench(FakeDevice device, PortalGroup group) {
        this.device = device;
        this.groups = group.all();
        this.group = group;
        group.setPortals(List.of(new InetSocketAddress("127.0.0.1", 3259 + group.tag())));
        this.thread = new SteppedThread(device);
        this.connection = new Connection(group, thread, transport);
        this.initiator = new Initiator(this::receive);
    }

    /** The connection gets bytes, and what they cause is done. */
    void receive(byte[] bytes) {
        connection.receive(ByteBuffer.wrap(bytes));
        thread.run();
    }

    /** Logs in with these keys beside the names; the session is in full feature phase. */
    Bench loggedIn(String... pairs) {
        initiator.logIn(pairs);
        SentPdu response = next(Opcode.LOGIN_RESPONSE);
        assertEquals(LoginStatus.SUCCESS, response.login().status());
        assertTrue(response.login().isTransit());
        return this;
    }

    Bench loggedInForDiscovery() {
        initiator.logInForDiscovery();
        assertEquals(LoginStatus.SUCCESS, next(Opcode.LOGIN_RESPONSE).login().status());
        return this;
    }

    /** The next PDU, which is of this kind. */
    SentPdu next(int opcode) {
        SentPdu pdu = transport.next();
        assertEquals(Integer.toHexString(opcode), Integer.toHexString(pdu.opcode()), pdu.string());
        return pdu;
    }

    /** Time passes: a login that has failed by its authentication is answered. */
    void pause() {
        connection.tick(0);
        connection.tick(group.limits().authenticationPauseMs());
    }

    /** Nothing was sent. */
    void assertSilent() {
        assertTrue(
                transport.sent.isEmpty(),
                () -> "sent " + transport.sent.peekFirst().pdu().opcode());
    }

    /** The connection is gone, from the initiator's side. */
    void disconnect() {
        connection.disconnected();
        thread.run();
    }
}
