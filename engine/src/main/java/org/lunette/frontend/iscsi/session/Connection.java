package org.lunette.frontend.iscsi.session;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.frontend.iscsi.pdu.DataOut;
import org.lunette.frontend.iscsi.pdu.InitiatorPdu;
import org.lunette.frontend.iscsi.pdu.LoginRequest;
import org.lunette.frontend.iscsi.pdu.LoginResponse;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.LogoutRequest;
import org.lunette.frontend.iscsi.pdu.LogoutResponse;
import org.lunette.frontend.iscsi.pdu.NopIn;
import org.lunette.frontend.iscsi.pdu.NopOut;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.Reject;
import org.lunette.frontend.iscsi.pdu.RejectReason;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TextRequest;

/**
 * One iSCSI connection from its first byte to its end; RFC 7143, clauses 6.3 to 6.5 and 11. It leads the one session
 * that it belongs to.
 *
 * <p>Its owner feeds it with bytes, time and the state of the {@link Transport}; confined to its {@link SessionThread}.
 */
public final class Connection implements PduAssembler.Receiver {
    private static final int KEPT_CONTROL_BYTES = 8192;

    private enum State {
        LOGIN,
        /** The login has failed by its authentication: the answer takes its time, so that guessing takes longer. */
        UNAUTHENTICATED,
        /** The login is complete, but for the portal group's consent. */
        ADMITTING,
        FULL_FEATURE,
        LOGGING_OUT,
        CLOSED
    }

    private final PortalGroup group;
    private final SessionThread thread;
    private final Transport transport;
    private final ResponseSender responses;
    private final PduAssembler assembler = new PduAssembler(this);
    private final InitiatorPdu pdu = new InitiatorPdu(assembler.header());
    private final ScsiCommand scsiCommand = new ScsiCommand(assembler.header());
    private final DataOut dataOut = new DataOut(assembler.header());
    private final byte[] outHeader = new byte[Pdu.BHS_BYTES];
    private final LoginResponse loginResponse = new LoginResponse(outHeader);
    private final NopIn nopIn = new NopIn(outHeader);
    private final Reject reject = new Reject(outHeader);
    private final LogoutResponse logoutResponse = new LogoutResponse(outHeader);
    private final Login login;
    private final PeerWatch watch;
    private TaskManager taskManager;
    private TextNegotiation text;
    private Session session;
    private State state = State.LOGIN;

    /** The task that the present PDU belongs to; null if there is none, or it is not of a command. */
    private Task task;

    /** Why the present PDU is to be rejected; 0 if it is not. */
    private int rejectReason;

    /** Whether the present PDU is passed over in silence. */
    private boolean ignored;

    private byte[] control = new byte[KEPT_CONTROL_BYTES];
    private ByteBuffer controlBuffer = ByteBuffer.wrap(control);
    private Login.Reply finalReply;
    private int failedCmdSn;
    private boolean loginBegun;
    private boolean finishing;
    private int loginTag;

    /** A connection that was just accepted. */
    public Connection(PortalGroup group, SessionThread thread, Transport transport) {
        this.group = group;
        this.thread = thread;
        this.transport = transport;
        this.login = new Login(group);
        this.watch = new PeerWatch(group.limits());
        this.responses = new ResponseSender(transport);
    }

    /** The initiator's address, for messages. */
    Object peer() {
        return transport.remoteAddress();
    }

    ResponseSender responses() {
        return responses;
    }

    // ---- what its owner tells it ----

    /** Takes all bytes of {@code bytes} that came from the peer. */
    public void receive(ByteBuffer bytes) {
        assembler.receive(bytes);
    }

    /** The transport has room again. */
    public void writable() {
        if (state != State.CLOSED) {
            watch.heard();
            responses.sendMore();
        }
    }

    /** The TCP connection is gone. */
    public void disconnected() {
        state = State.CLOSED;
        assembler.stop();
        responses.stop();
        login.close();
        if (session != null) {
            session.close();
        }
    }

    /**
     * Says how late it is, by any clock that does not jump; about every second. Ends logins that take too long, and
     * pings.
     */
    public void tick(long nowMs) {
        switch (watch.tick(nowMs, state == State.FULL_FEATURE)) {
            case PING -> ping();
            case GIVE_UP -> end("still " + state + " and silent after " + watch.spentMs() + " ms");
            case NOTHING -> {
                if (state == State.UNAUTHENTICATED
                        && watch.spentMs() >= group.limits().authenticationPauseMs()) {
                    answerLogin(finalReply, 0, failedCmdSn);
                }
            }
        }
    }

    /**
     * Ends the connection in order: takes nothing more from the peer, and closes when the commands that the device has
     * are answered and all is written. That may take no longer than a login.
     */
    public void shutDown() {
        if (state == State.CLOSED || finishing) {
            return;
        }
        finishing = true;
        state = State.LOGGING_OUT;
        watch.restart();
        assembler.stop();
        if (session == null) {
            transport.close();
        } else {
            session.finish(transport::close);
        }
    }

    /** Ends the connection at once. */
    public void abort() {
        assembler.stop();
        transport.abort();
    }

    /** Ends the connection at once for something that must not happen. */
    public void fail(Throwable cause) {
        PeerLog.error(transport.remoteAddress(), "the connection is given up", cause);
        abort();
    }

    private void end(String why) {
        PeerLog.warn(transport.remoteAddress(), why);
        abort();
    }

    /** Asks for a sign of life; a discovery session, which may only ask for targets, cannot give one. */
    private void ping() {
        if (!session.isDiscovery()) {
            nopIn.begin().setTargetTransferTag(session.nextTransferTag());
            responses.sendWithoutStatus(nopIn);
        }
    }

    // ---- PDUs ----

    @Override
    public void headerArrived() {
        watch.heard();
        task = null;
        rejectReason = 0;
        ignored = false;
        int opcode = pdu.opcode();
        int bytes = pdu.dataSegmentBytes();
        if (state == State.FULL_FEATURE) {
            if (bytes > group.limits().receiveSegmentBytes()) {
                end("a data segment of " + bytes + " bytes");
            } else if (opcode == Opcode.SCSI_COMMAND && !session.isDiscovery()) {
                beginCommand();
            } else if (opcode == Opcode.DATA_OUT && !session.isDiscovery()) {
                beginDataOut();
            } else {
                beginControl(opcode, bytes);
            }
        } else if (state == State.LOGIN && opcode == Opcode.LOGIN_REQUEST && bytes <= KEPT_CONTROL_BYTES) {
            assembler.storeData(controlBuffer, 0);
        } else if (state == State.LOGGING_OUT || state == State.UNAUTHENTICATED) {
            ignored = true;
        } else if (loginBegun && opcode != Opcode.LOGIN_REQUEST) {
            String why = "opcode " + Integer.toHexString(opcode) + "h before its end";
            answerLogin(login.fail(LoginStatus.INVALID_DURING_LOGIN, why), 0, pdu.cmdSn());
        } else {
            end("opcode " + Integer.toHexString(opcode) + "h with " + bytes + " bytes while " + state);
        }
    }

    @Override
    public void pduArrived() {
        if (ignored) {
            return;
        }
        if (state == State.LOGIN) {
            login();
        } else if (rejectReason != 0) {
            rejectPresent();
        } else if (task != null) {
            finishTaskPdu();
        } else {
            control(pdu.dataSegmentBytes());
        }
        thread.pduDone();
    }

    private void beginCommand() {
        if (!isAccepted()) {
            ignored = true;
            return;
        }
        rejectReason = session.refusal(scsiCommand);
        if (rejectReason != 0) {
            return;
        }
        task = session.begin(scsiCommand);
        if (task.buffer != null && scsiCommand.isWrite()) {
            assembler.storeData(task.buffer.bytes(), task.buffer.dataOffset());
        }
    }

    private void beginDataOut() {
        task = session.awaitingData(dataOut);
        if (task == null) {
            ignored = true; // for a task that was aborted, most likely
            return;
        }
        switch (task.transfer.check(dataOut)) {
            case UNKNOWN_TAG -> {
                task = null;
                rejectReason = RejectReason.INVALID_PDU_FIELD;
            }
            case WRONG_DATA_SN -> task.fail(SenseKey.ABORTED_COMMAND, AdditionalSense.PROTOCOL_SERVICE_CRC_ERROR);
            case WRONG_OFFSET -> task.fail(SenseKey.ABORTED_COMMAND, AdditionalSense.DATA_OFFSET_ERROR);
            case TOO_MUCH_DATA -> task.fail(SenseKey.ABORTED_COMMAND, AdditionalSense.TOO_MUCH_WRITE_DATA);
            case NONE -> {
                if (!task.hasFailed()) {
                    int at = task.buffer.dataOffset() + task.transfer.receivedBytes();
                    assembler.storeData(task.buffer.bytes(), at);
                }
            }
        }
    }

    private void beginControl(int opcode, int bytes) {
        boolean served = session.isDiscovery()
                ? opcode == Opcode.TEXT_REQUEST || opcode == Opcode.LOGOUT_REQUEST
                : opcode == Opcode.NOP_OUT
                        || opcode == Opcode.TASK_MANAGEMENT_REQUEST
                        || opcode == Opcode.TEXT_REQUEST
                        || opcode == Opcode.LOGOUT_REQUEST;
        if (!served) {
            rejectReason = refusalOf(opcode);
        } else if (!isAccepted()) {
            ignored = true;
        } else if (bytes > group.limits().textBytes()) {
            rejectReason = RejectReason.OUT_OF_RESOURCES;
        } else {
            if (bytes > control.length) {
                control = new byte[bytes];
                controlBuffer = ByteBuffer.wrap(control);
            }
            assembler.storeData(controlBuffer, 0);
        }
    }

    private static int refusalOf(int opcode) {
        return switch (opcode) {
            case Opcode.SNACK_REQUEST -> RejectReason.SNACK_REJECT;
            case Opcode.SCSI_COMMAND,
                    Opcode.DATA_OUT,
                    Opcode.NOP_OUT,
                    Opcode.TASK_MANAGEMENT_REQUEST,
                    Opcode.LOGIN_REQUEST -> RejectReason.PROTOCOL_ERROR;
            default -> RejectReason.COMMAND_NOT_SUPPORTED;
        };
    }

    private boolean isAccepted() {
        return pdu.isImmediate() || session.window().accepts(pdu.cmdSn());
    }

    private void finishTaskPdu() {
        if (pdu.opcode() == Opcode.SCSI_COMMAND) {
            session.arrived(task);
            return;
        }
        if (task.hasFailed()) {
            if (dataOut.isFinal()) {
                task.transfer.endSequence();
            }
        } else if (!task.transfer.arrived(dataOut.dataSegmentBytes(), dataOut.isFinal())) {
            task.fail(SenseKey.ABORTED_COMMAND, AdditionalSense.NOT_ENOUGH_UNSOLICITED_DATA);
        }
        session.dataArrived(task);
    }

    /** Rejects the present PDU. One that has a CmdSN counts as received, so that those behind it are not held up. */
    private void rejectPresent() {
        boolean numbered = switch (pdu.opcode()) {
            case Opcode.NOP_OUT,
                    Opcode.SCSI_COMMAND,
                    Opcode.TASK_MANAGEMENT_REQUEST,
                    Opcode.TEXT_REQUEST,
                    Opcode.LOGOUT_REQUEST -> true;
            default -> false;
        };
        CommandWindow window = session.window();
        boolean counted = numbered && !pdu.isImmediate() && window.accepts(pdu.cmdSn());
        if (counted) {
            window.countReceived(pdu.cmdSn()); // before the answer, which announces the window
        }
        reject(rejectReason, assembler.header());
        if (counted) {
            window.deliverEarly();
        }
    }

    private void reject(int reason, byte[] header) {
        reject.begin().setReason(reason);
        responses.sendStatus(reject, header, Pdu.BHS_BYTES);
    }

    // ---- requests other than commands ----

    private void control(int dataBytes) {
        if (pdu.isImmediate()) {
            request(assembler.header(), control, dataBytes);
        } else if (session.window().isNext(pdu.cmdSn())) {
            session.window().advance();
            request(assembler.header(), control, dataBytes);
            session.window().deliverEarly();
        } else if (dataBytes > KEPT_CONTROL_BYTES) {
            rejectReason = RejectReason.OUT_OF_RESOURCES;
            rejectPresent();
        } else {
            byte[] header = Arrays.copyOf(assembler.header(), Pdu.BHS_BYTES);
            byte[] data = Arrays.copyOf(control, dataBytes);
            session.window().keep(pdu.cmdSn(), () -> request(header, data, data.length));
        }
        if (control.length > KEPT_CONTROL_BYTES) {
            control = new byte[KEPT_CONTROL_BYTES];
            controlBuffer = ByteBuffer.wrap(control);
        }
    }

    private void request(byte[] header, byte[] data, int dataBytes) {
        if (state != State.FULL_FEATURE) {
            return;
        }
        switch (new Pdu(header).opcode()) {
            case Opcode.NOP_OUT -> nopOut(new NopOut(header), data, dataBytes);
            case Opcode.TASK_MANAGEMENT_REQUEST -> taskManager.request(new TaskManagementRequest(header));
            case Opcode.TEXT_REQUEST -> {
                int refusal = text.request(new TextRequest(header), data, dataBytes, responses);
                if (refusal != 0) {
                    reject(refusal, header);
                }
            }
            case Opcode.LOGOUT_REQUEST -> logout(new LogoutRequest(header));
            default -> throw new IllegalStateException("not a request: " + new Pdu(header).opcode());
        }
    }

    /** Echoes a ping; an answer to one of ours was noticed when it was heard. */
    private void nopOut(NopOut request, byte[] data, int dataBytes) {
        if (request.initiatorTaskTag() == Pdu.NO_TAG) {
            return;
        }
        nopIn.begin().setInitiatorTaskTag(request.initiatorTaskTag());
        nopIn.setLun(request.lun());
        responses.sendStatus(nopIn, data, Math.min(dataBytes, session.parameters().sendSegmentBytes));
    }

    private void logout(LogoutRequest request) {
        int tag = request.initiatorTaskTag();
        if (request.reason() == LogoutRequest.REMOVE_FOR_RECOVERY) {
            answerLogout(tag, LogoutResponse.RECOVERY_NOT_SUPPORTED);
        } else if (request.reason() == LogoutRequest.CLOSE_CONNECTION && request.cid() != login.cid()) {
            answerLogout(tag, LogoutResponse.CID_NOT_FOUND);
        } else if (request.reason() > LogoutRequest.REMOVE_FOR_RECOVERY) {
            reject(RejectReason.INVALID_PDU_FIELD, request.bytes());
        } else {
            state = State.LOGGING_OUT;
            watch.restart();
            session.abort(session.activeTasks(), new TaskBarrier(false, passed -> {
                session.loggedOut();
                answerLogout(tag, LogoutResponse.CLOSED);
                shutDown();
            }));
        }
    }

    private void answerLogout(int tag, int response) {
        logoutResponse.begin().setInitiatorTaskTag(tag);
        logoutResponse.setResponse(response);
        responses.sendStatus(logoutResponse, outHeader, 0);
    }

    // ---- login ----

    private void login() {
        LoginRequest request = new LoginRequest(assembler.header());
        loginTag = request.initiatorTaskTag();
        Login.Reply reply = login.request(request, control, request.dataSegmentBytes());
        if (!loginBegun) {
            loginBegun = true;
            responses.setStatSn(request.expStatSn());
        }
        if (reply.status() == LoginStatus.AUTHENTICATION_FAILURE) {
            state = State.UNAUTHENTICATED;
            finalReply = reply;
            failedCmdSn = request.cmdSn();
            watch.restart();
            return;
        }
        if (!reply.entersFullFeaturePhase()) {
            answerLogin(reply, 0, request.cmdSn());
            return;
        }
        state = State.ADMITTING;
        finalReply = reply;
        session = new Session(group, this, thread, login, request.cmdSn());
        group.admit(session);
    }

    /** The portal group has taken the session in: the last response of the login. */
    void admitted() {
        if (state != State.ADMITTING) {
            return;
        }
        responses.setSession(session);
        text = new TextNegotiation(group, session, transport);
        taskManager = new TaskManager(group, session, responses);
        state = State.FULL_FEATURE;
        transport.loggedIn();
        watch.restart();
        answerLogin(finalReply, session.tsih(), session.window().expCmdSn());
    }

    /** The portal group does not take the session in. */
    void refused(int status) {
        Login.Reply reply = new Login.Reply(status, false, finalReply.currentStage(), 0, new byte[0]);
        answerLogin(reply, 0, session.window().expCmdSn());
    }

    private void answerLogin(Login.Reply reply, int tsih, int expCmdSn) {
        loginResponse.begin().setStages(reply.transit(), reply.currentStage(), reply.nextStage());
        loginResponse.setSession(login.isid(), tsih);
        loginResponse.setInitiatorTaskTag(loginTag);
        loginResponse.setCommandWindow(expCmdSn, expCmdSn);
        loginResponse.setStatus(reply.status());
        responses.sendStatus(loginResponse, reply.text(), reply.text().length);
        if (reply.status() != LoginStatus.SUCCESS) {
            String why = login.failure() == null ? "the portal group refuses it" : login.failure();
            PeerLog.warn(
                    transport.remoteAddress(), "login fails with " + Integer.toHexString(reply.status()) + "h: " + why);
            shutDown();
        }
    }
}
