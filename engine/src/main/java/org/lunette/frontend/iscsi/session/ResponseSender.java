package org.lunette.frontend.iscsi.session;

import java.util.ArrayDeque;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.frontend.iscsi.pdu.DataIn;
import org.lunette.frontend.iscsi.pdu.NopIn;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.ReadyToTransfer;
import org.lunette.frontend.iscsi.pdu.ScsiResponse;
import org.lunette.frontend.iscsi.pdu.TargetPdu;

/**
 * Sends what belongs to commands: R2Ts, data and status, and numbers all that has a StatSN. Data that fit one PDU go
 * out at once, longer ones in turn and as the peer takes them.
 */
final class ResponseSender {
    private final Transport transport;
    private final byte[] header = new byte[Pdu.BHS_BYTES];
    private final DataIn dataIn = new DataIn(header);
    private final ScsiResponse scsiResponse = new ScsiResponse(header);
    private final ReadyToTransfer readyToTransfer = new ReadyToTransfer(header);
    private final NopIn nopIn = new NopIn(header);
    private final byte[] senseData = new byte[ScsiResponse.SENSE_LENGTH_BYTES + Sense.MAX_BYTES];
    private final byte[] localSense = new byte[Sense.FIXED_BYTES];
    private final ArrayDeque<Task> sending = new ArrayDeque<>();
    private Session session;
    private int statSn;

    ResponseSender(Transport transport) {
        this.transport = transport;
    }

    void setSession(Session session) {
        this.session = session;
    }

    /** Sets the number of the next status. */
    void setStatSn(int statSn) {
        this.statSn = statSn;
    }

    /** Numbers and sends a PDU that carries status. */
    void sendStatus(TargetPdu pdu, byte[] data, int dataBytes) {
        pdu.setStatSn(statSn++);
        send(pdu, data, dataBytes);
    }

    /** Sends a PDU that carries none: its StatSN is the next one's. */
    void sendWithoutStatus(TargetPdu pdu) {
        pdu.setStatSn(statSn);
        send(pdu, header, 0);
    }

    private void send(TargetPdu pdu, byte[] data, int dataBytes) {
        setWindow(pdu);
        pdu.setDataSegmentBytes(dataBytes);
        transport.send(pdu, data, dataBytes);
    }

    private void setWindow(TargetPdu pdu) {
        if (session != null) {
            pdu.setCommandWindow(session.window().expCmdSn(), session.window().maxCmdSn());
        }
    }

    /** Tells the initiator of a window that has opened without a response to carry that; RFC 7143, 11.19. */
    void announceWindow() {
        sendWithoutStatus(nopIn.begin());
    }

    /** Sends an R2T for the next of a task's data. */
    void requestData(Task task) {
        readyToTransfer.begin().setInitiatorTaskTag(task.tag());
        readyToTransfer.setLun(task.lun);
        readyToTransfer.setR2tSn(task.transfer.r2tSn());
        int tag = session.nextTransferTag();
        int offset = task.transfer.requestOffset();
        readyToTransfer.setTargetTransferTag(tag);
        readyToTransfer.setDesired(offset, task.transfer.request(tag, session.parameters().maxBurstBytes));
        sendWithoutStatus(readyToTransfer);
    }

    /** Answers a task whose command is completed, and releases it when the last PDU is out. */
    void respond(Task task) {
        Command command = task.command();
        task.residualBytes = command.transferBytes() - command.expectedBytes();
        if (isCutByLimit(command)) {
            refuseTransfer(task);
            return;
        }
        task.sendBytes = command.direction() == DataDirection.IN ? command.transferredBytes() : 0;
        task.sentBytes = 0;
        task.burstSentBytes = 0;
        if (task.sendBytes == 0) {
            sendResponse(task, command.status(), command.sense(), command.senseBytes());
            return;
        }
        task.state = Task.State.SENDING;
        if (sending.isEmpty() && task.sendBytes <= sendable(task)) {
            sendData(task);
        } else {
            sending.addLast(task);
            sendMore();
        }
    }

    /** Answers a task that another nexus's doing has aborted; SPC-5, 7.5.8, TAS set to one. */
    void respondAborted(Task task) {
        task.residualBytes = -task.command().expectedBytes();
        sendResponse(task, ScsiStatus.TASK_ABORTED, localSense, 0);
    }

    /** Answers a task that is over its deadline: nothing of its data, which the device may still be writing. */
    void respondOverdue(Task task) {
        task.residualBytes = -task.command().expectedBytes();
        int bytes = task.command().overdueSense(localSense);
        sendResponse(task, ScsiStatus.CHECK_CONDITION, localSense, bytes);
    }

    /** Whether the device had more for the initiator than a buffer may hold: what is there is not the answer. */
    private static boolean isCutByLimit(Command command) {
        return command.direction() == DataDirection.IN
                && command.expectedBytes() > command.dataBytes()
                && command.transferBytes() > command.dataBytes();
    }

    private void refuseTransfer(Task task) {
        task.residualBytes = -task.command().expectedBytes();
        int bytes = Sense.fixed(localSense, SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        sendResponse(task, ScsiStatus.CHECK_CONDITION, localSense, bytes);
    }

    /** Sends data as long as the transport has room. */
    void sendMore() {
        while (!sending.isEmpty() && transport.isWritable()) {
            Task task = sending.peekFirst();
            if (task.sendBytes - task.sentBytes <= sendable(task)) {
                sending.pollFirst();
            }
            sendData(task);
        }
    }

    /** Forgets the data that were still to be sent: the connection is gone. */
    void stop() {
        sending.clear();
    }

    private int sendable(Task task) {
        SessionParameters parameters = session.parameters();
        int burstRoom = parameters.maxBurstBytes - task.burstSentBytes;
        return Math.min(Math.min(task.sendBytes - task.sentBytes, parameters.sendSegmentBytes), burstRoom);
    }

    /** Sends the next Data-In, and after the last the status, which a GOOD one rides along with. */
    private void sendData(Task task) {
        int bytes = sendable(task);
        int offset = task.sentBytes;
        task.sentBytes += bytes;
        task.burstSentBytes += bytes;
        boolean last = task.sentBytes == task.sendBytes;
        boolean burstEnds = task.burstSentBytes == session.parameters().maxBurstBytes;
        if (burstEnds) {
            task.burstSentBytes = 0;
        }
        dataIn.begin().setInitiatorTaskTag(task.tag());
        dataIn.setFinal(last || burstEnds);
        dataIn.setDataSn(task.dataSn++);
        dataIn.setBufferOffset(offset);
        dataIn.setDataSegmentBytes(bytes);
        Command command = task.command();
        boolean withStatus = last && command.status() == ScsiStatus.GOOD;
        if (withStatus) {
            dataIn.setStatus(command.status().code(), task.residualBytes);
            dataIn.setStatSn(statSn++);
            endWindowOf(task);
        }
        setWindow(dataIn);
        transport.send(dataIn, task.buffer, offset, bytes);
        if (withStatus) {
            session.release(task);
        } else if (last) {
            sendResponse(task, command.status(), command.sense(), command.senseBytes());
        }
    }

    private void sendResponse(Task task, ScsiStatus status, byte[] sense, int senseBytes) {
        scsiResponse.begin().setInitiatorTaskTag(task.tag());
        scsiResponse.setStatus(status.code() & 0xff);
        scsiResponse.setResidual(task.residualBytes);
        scsiResponse.setExpDataSn(task.isWrite() ? task.transfer.r2tSn() : task.dataSn);
        int dataBytes = 0;
        if (senseBytes > 0) {
            senseData[0] = (byte) (senseBytes >>> 8);
            senseData[1] = (byte) senseBytes;
            System.arraycopy(sense, 0, senseData, ScsiResponse.SENSE_LENGTH_BYTES, senseBytes);
            dataBytes = ScsiResponse.SENSE_LENGTH_BYTES + senseBytes;
        }
        endWindowOf(task);
        sendStatus(scsiResponse, senseData, dataBytes);
        session.release(task);
    }

    /** The PDU with a command's status already announces the room that the command leaves. */
    private void endWindowOf(Task task) {
        if (task.counted) {
            task.counted = false;
            session.window().commandEnded();
        }
    }
}
