package org.lunette.it.support;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.lunette.frontend.iscsi.pdu.DataIn;
import org.lunette.frontend.iscsi.pdu.LoginRequest;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.ReadyToTransfer;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.ScsiResponse;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;
import org.lunette.frontend.iscsi.session.Initiator;
import org.lunette.frontend.iscsi.session.SentPdu;

/**
 * A session of one TCP connection with a target, for tests that abort, reset and drop as no real initiator does on
 * demand. One command is under way at a time. For one thread; what does not come in time is an exception.
 */
public final class IscsiSession implements AutoCloseable {
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final Initiator initiator = new Initiator(this::send);
    private final boolean immediateData;
    private int lun;
    private int tag;
    private byte[] out;
    private byte[] arrived;
    private Answer answer;

    /**
     * How a command ended.
     *
     * @param sense empty without
     * @param in what was read
     */
    public record Answer(int status, byte[] sense, byte[] in) {}

    /**
     * Logs in; where this initiator port has a session already, the target ends that.
     *
     * @param portal HOST:PORT
     * @param immediateData whether data goes with a command, or when the target asks for it
     */
    public IscsiSession(String portal, String target, String initiatorName, long isid, boolean immediateData)
            throws IOException {
        int colon = portal.lastIndexOf(':');
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        socket.connect(
                new InetSocketAddress(portal.substring(0, colon), Integer.parseInt(portal.substring(colon + 1))),
                TIMEOUT_MS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        initiator.isid = isid;
        this.immediateData = immediateData;
        initiator.send(
                initiator.login(true, LoginRequest.OPERATIONAL_NEGOTIATION, LoginRequest.FULL_FEATURE_PHASE),
                Initiator.text(
                        "InitiatorName=" + initiatorName,
                        "TargetName=" + target,
                        "InitialR2T=Yes",
                        "ImmediateData=" + (immediateData ? "Yes" : "No")));
        SentPdu response = receive();
        if (response.opcode() != Opcode.LOGIN_RESPONSE || response.login().status() != LoginStatus.SUCCESS) {
            throw new IOException("no login: opcode " + response.opcode());
        }
    }

    private void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SentPdu receive() throws IOException {
        byte[] header = new byte[Pdu.BHS_BYTES];
        in.readFully(header);
        int bytes = new Pdu(header).dataSegmentBytes();
        byte[] data = new byte[Pdu.padded(bytes)];
        in.readFully(data);
        return new SentPdu(header, Arrays.copyOf(data, bytes));
    }

    /** Sends a command with data to write, or one that reads. */
    public void start(int ofLun, byte[] cdb, byte[] data, int inBytes) {
        boolean write = data.length > 0;
        ScsiCommand command = initiator.command(ofLun, cdb, write ? data.length : inBytes, write);
        tag = command.initiatorTaskTag();
        lun = ofLun;
        out = data;
        arrived = new byte[inBytes];
        answer = null;
        initiator.send(command, immediateData ? data : new byte[0]);
    }

    /** Waits for the end of the command. */
    public Answer answer() throws IOException {
        while (answer == null) {
            take(receive());
        }
        return answer;
    }

    /**
     * Aborts the command, and waits for the response to that; returns the command's answer if it came before, or null.
     */
    public Answer abort() throws IOException {
        return manage(TaskManagementRequest.ABORT_TASK, lun, tag);
    }

    /** As {@link #abort}, by a function that is for the command's unit or for the target. */
    public Answer reset(int function) throws IOException {
        return manage(function, lun, Pdu.NO_TAG);
    }

    private Answer manage(int function, int ofLun, int referencedTag) throws IOException {
        initiator.send(initiator.taskManagement(function, ofLun, referencedTag));
        SentPdu pdu = receive();
        while (pdu.opcode() != Opcode.TASK_MANAGEMENT_RESPONSE) {
            take(pdu);
            pdu = receive();
        }
        int response = pdu.taskManagement().response();
        boolean inVain = response == TaskManagementResponse.TASK_DOES_NOT_EXIST && answer != null;
        if (response != TaskManagementResponse.FUNCTION_COMPLETE && !inVain) {
            throw new IOException("task management response " + response);
        }
        return answer;
    }

    private void take(SentPdu pdu) throws IOException {
        if (pdu.pdu().initiatorTaskTag() != tag || answer != null) {
            throw new IOException("opcode " + pdu.opcode() + " for a command that has ended");
        }
        switch (pdu.opcode()) {
            case Opcode.READY_TO_TRANSFER -> sendData(pdu.r2t());
            case Opcode.DATA_IN -> dataIn(pdu.dataIn(), pdu.data());
            case Opcode.SCSI_RESPONSE -> {
                byte[] data = pdu.data();
                byte[] sense = data.length == 0
                        ? data
                        : Arrays.copyOfRange(data, ScsiResponse.SENSE_LENGTH_BYTES, data.length);
                answer = new Answer(pdu.scsiResponse().status(), sense, arrived);
            }
            default -> throw new IOException("a PDU that nobody expects: opcode " + pdu.opcode());
        }
    }

    private void sendData(ReadyToTransfer r2t) {
        int from = r2t.bufferOffset();
        initiator.send(
                initiator.dataOut(tag, r2t.targetTransferTag(), 0, from, true),
                Arrays.copyOfRange(out, from, from + r2t.desiredBytes()));
    }

    private void dataIn(DataIn pdu, byte[] data) {
        System.arraycopy(data, 0, arrived, pdu.bufferOffset(), data.length);
        if (pdu.hasStatus()) {
            answer = new Answer(pdu.status(), new byte[0], arrived);
        }
    }

    /** Drops the connection, in order or by a TCP reset, as it is. */
    public void drop(boolean byReset) throws IOException {
        socket.setSoLinger(byReset, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
