package org.lunette.it.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lunette.command.Nexus;
import org.lunette.frontend.iscsi.pdu.LoginRequest;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.session.Initiator;
import org.lunette.frontend.iscsi.session.SentPdu;
import org.lunette.it.support.LunetteServer;

/**
 * An initiator of reservations over TCP, whose target may die at any moment: then its methods throw IOException,
 * checked or not.
 */
final class StormInitiator implements AutoCloseable {
    static final int GOOD = 0x00;
    static final int CHECK_CONDITION = 0x02;

    private static final int TIMEOUT_MS = 30_000;
    private static final int ALLOCATION_BYTES = 4096;

    /** A status, and the data that came before it. */
    record Answer(int status, byte[] data) {}

    private final Socket socket;
    private final DataInputStream in;
    private final Initiator initiator = new Initiator(this::send);
    private final Nexus nexus;

    StormInitiator(int port, int number) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        String name = "iqn.2026-11.org.example:storm" + number;
        nexus = new Nexus(name + String.format(",i,0x%012x", initiator.isid), LunetteServer.TARGET + ",t,0x0001", 1);
        initiator.send(
                initiator.login(true, LoginRequest.OPERATIONAL_NEGOTIATION, LoginRequest.FULL_FEATURE_PHASE),
                Initiator.text("InitiatorName=" + name, "TargetName=" + LunetteServer.TARGET));
        receive();
        while (testUnitReady() != GOOD) {
            // A unit attention: power on.
        }
    }

    Nexus nexus() {
        return nexus;
    }

    private void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int testUnitReady() throws IOException {
        initiator.testUnitReady(0);
        return answer().status;
    }

    /** Sends a PERSISTENT RESERVE OUT, whose {@link #answer} comes later. */
    void startReserveOut(int action, int type, long key, long actionKey, boolean persists) {
        byte[] list = ByteBuffer.allocate(24)
                .putLong(key)
                .putLong(actionKey)
                .put(20, (byte) (persists ? 1 : 0))
                .array();
        byte[] cdb = {0x5f, (byte) action, (byte) type, 0, 0, 0, 0, 0, (byte) list.length, 0};
        initiator.send(initiator.command(0, cdb, list.length, true), list);
    }

    /** The answer of READ FULL STATUS. */
    byte[] readFullStatus() throws IOException {
        byte[] cdb = {0x5e, 3, 0, 0, 0, 0, 0, (byte) (ALLOCATION_BYTES >> 8), (byte) ALLOCATION_BYTES, 0};
        Answer answer = new Answer(CHECK_CONDITION, null);
        while (answer.status == CHECK_CONDITION) { // a unit attention
            initiator.send(initiator.command(0, cdb, ALLOCATION_BYTES, false));
            answer = answer();
        }
        return answer.data;
    }

    /** The answer of the command under way. */
    Answer answer() throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (true) {
            SentPdu pdu = receive();
            if (pdu.opcode() == Opcode.SCSI_RESPONSE) {
                return new Answer(pdu.scsiResponse().status(), data.toByteArray());
            }
            if (pdu.opcode() == Opcode.DATA_IN) {
                data.writeBytes(pdu.data());
                if (pdu.dataIn().hasStatus()) {
                    return new Answer(pdu.dataIn().status(), data.toByteArray());
                }
            }
        }
    }

    private SentPdu receive() throws IOException {
        byte[] header = new byte[Pdu.BHS_BYTES];
        in.readFully(header);
        int lengthBytes = new Pdu(header).dataSegmentBytes();
        byte[] data = new byte[Pdu.padded(lengthBytes)];
        in.readFully(data);
        return new SentPdu(header, Arrays.copyOf(data, lengthBytes));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
