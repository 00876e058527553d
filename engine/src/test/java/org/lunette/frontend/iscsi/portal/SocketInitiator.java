package org.lunette.frontend.iscsi.portal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.lunette.frontend.iscsi.pdu.DataIn;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.ReadyToTransfer;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.session.FakeDevice;
import org.lunette.frontend.iscsi.session.Initiator;
import org.lunette.frontend.iscsi.session.SentPdu;

/** An initiator at the other end of a TCP connection. Blocks; a PDU that does not come in time fails the test. */
final class SocketInitiator implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    final Socket socket;
    final Initiator initiator;
    private final DataInputStream in;
    private final OutputStream out;

    SocketInitiator(InetSocketAddress portal) throws IOException {
        socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        socket.connect(portal, TIMEOUT_MS);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = socket.getOutputStream();
        initiator = new Initiator(this::sendBytes);
    }

    void sendBytes(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SentPdu receive() throws IOException {
        byte[] header = new byte[Pdu.BHS_BYTES];
        in.readFully(header);
        int bytes = new Pdu(header).dataSegmentBytes();
        byte[] data = new byte[Pdu.padded(bytes)];
        in.readFully(data);
        return new SentPdu(header, Arrays.copyOf(data, bytes));
    }

    SentPdu receive(int opcode) throws IOException {
        SentPdu pdu = receive();
        assertEquals(opcode, pdu.opcode());
        return pdu;
    }

    /** Whether the target has closed the connection. */
    boolean isAtEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    SocketInitiator loggedIn(String... pairs) throws IOException {
        initiator.logIn(pairs);
        assertEquals(LoginStatus.SUCCESS, receive(Opcode.LOGIN_RESPONSE).login().status());
        return this;
    }

    /** READ(10); the data. */
    byte[] read(int lba, int blocks) throws IOException {
        initiator.read(lba, blocks);
        return receiveData(blocks * FakeDevice.BLOCK_BYTES);
    }

    /** The data of one read, whose PDUs come next. */
    byte[] receiveData(int bytes) throws IOException {
        byte[] data = new byte[bytes];
        while (true) {
            SentPdu sent = receive(Opcode.DATA_IN);
            DataIn dataIn = sent.dataIn();
            System.arraycopy(sent.data(), 0, data, dataIn.bufferOffset(), sent.data().length);
            if (dataIn.hasStatus()) {
                assertEquals(0, dataIn.status());
                return data;
            }
        }
    }

    /** WRITE(10) with as much immediate data as {@code immediateBytes}, the rest as it is asked for. */
    void write(int lba, byte[] data, int immediateBytes) throws IOException {
        int blocks = data.length / FakeDevice.BLOCK_BYTES;
        ScsiCommand write = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, lba, blocks), data.length, true);
        initiator.send(write, Arrays.copyOf(data, Math.min(immediateBytes, data.length)));
        while (true) {
            SentPdu sent = receive();
            if (sent.opcode() == Opcode.SCSI_RESPONSE) {
                assertEquals(0, sent.scsiResponse().status());
                return;
            }
            ReadyToTransfer r2t = sent.r2t();
            int from = r2t.bufferOffset();
            initiator.send(
                    initiator.dataOut(r2t.initiatorTaskTag(), r2t.targetTransferTag(), 0, from, true),
                    Arrays.copyOfRange(data, from, from + r2t.desiredBytes()));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
