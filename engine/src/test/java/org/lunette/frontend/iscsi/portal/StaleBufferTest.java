package org.lunette.frontend.iscsi.portal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.session.Initiator;
import org.lunette.frontend.iscsi.session.IscsiLimits;
import org.lunette.frontend.iscsi.session.IscsiTarget;
import org.lunette.frontend.iscsi.session.SentPdu;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.unit.LogicalUnit;

/** The portal in front of a real unit: no initiator reads what another one's command left in a buffer. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StaleBufferTest {
    private static final byte SECRET = (byte) 0xa5;
    private static final int BYTES = 4096;
    private static final int CHECK_CONDITION = 2;

    private final FakeStore store = FakeStore.ofBlocks(64);
    private final RingFactory rings = new SharedRings(RingFactory.DEFAULT_DEPTH, new Counters());
    private IscsiPortalServer server;

    @BeforeEach
    void start() throws IOException {
        ScsiTarget target = new ScsiTarget(Initiator.TARGET);
        target.map(0, LogicalUnit.builder("disk0", store).build());
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new IscsiPortalServer(
                Portal.ofOneGroup(List.of(any)),
                new IscsiTarget(Initiator.TARGET, target),
                new IscsiLimits(),
                rings,
                1);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        rings.close();
    }

    private SocketInitiator connect(int number) throws IOException {
        SocketInitiator initiator = new SocketInitiator(server.addresses().get(0));
        initiator.initiator.isid += number;
        initiator.loggedIn();
        initiator.initiator.testUnitReady(0);
        assertEquals(
                CHECK_CONDITION,
                initiator.receive(Opcode.SCSI_RESPONSE).scsiResponse().status(),
                "unit attention");
        return initiator;
    }

    /** Commands that have no data-in, or less than their initiator makes room for. */
    static List<byte[]> cdbs() {
        return List.of(
                Cdb.testUnitReady(),
                Cdb.write(10, 0, BYTES / 512, 0),
                Cdb.verify(10, 0, BYTES / 512, 1),
                Cdb.modeSelect(6, 16),
                Cdb.reserveOut(0, 0),
                Cdb.reportLuns(0, BYTES),
                Cdb.of("12 00 00 1000 00"),
                Cdb.of("28 00 00000020 00 0001 00"));
    }

    @ParameterizedTest
    @MethodSource("cdbs")
    void whatWasInABufferIsNotSent(byte[] cdb) throws IOException {
        byte[] secret = new byte[BYTES];
        Arrays.fill(secret, SECRET);
        try (SocketInitiator owner = connect(0);
                SocketInitiator spy = connect(1)) {
            owner.write(0, secret, BYTES);
            spy.initiator.send(spy.initiator.command(0, cdb, BYTES, false));
            SentPdu sent;
            do {
                sent = spy.receive();
                if (sent.opcode() == Opcode.DATA_IN) {
                    for (byte each : sent.data()) {
                        assertNotEquals(SECRET, each);
                    }
                }
            } while (sent.opcode() == Opcode.DATA_IN && !sent.dataIn().hasStatus());
        }
    }
}
