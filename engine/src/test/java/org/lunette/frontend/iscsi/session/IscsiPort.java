package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.lunette.bridge.memory.Memory;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.DataDirection;
import org.lunette.command.Lun;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
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
import org.lunette.ring.CommandRing;
import org.lunette.scsi.NotCarried;

/**
 * One initiator port with a session of one connection: makes PDUs of commands, in all the ways that the parameters
 * leave to an initiator, and completes the commands by the PDUs that come back.
 */
final class IscsiPort implements CommandHandler {
    private static final int WELL_KNOWN_REPORT_LUNS = 0xc101;
    private static final long UNDECODABLE_LUN = Long.MIN_VALUE;
    private static final int MIN_BYTES = 512;

    /** A command whose response has not come; of data-in, how much has. */
    private static final class Outstanding {
        final Command command;
        int arrivedBytes;

        Outstanding(Command command) {
            this.command = command;
        }
    }

    private final Random random;
    private final FakeTransport transport = new FakeTransport();
    private final CommandRing ring;
    private final CallersThread thread;
    private final IntFunction<PortalGroup> groups;
    private Connection connection;
    private final Initiator initiator;
    private final Map<Integer, Outstanding> outstanding = new HashMap<>();
    private final Map<Integer, TaskManagement> management = new HashMap<>();

    private final boolean initialR2t;
    private final boolean immediateData;
    private final int maxBurstBytes;
    private final int firstBurstBytes;
    private final int segmentBytes;
    private boolean connected;

    IscsiPort(IntFunction<PortalGroup> groups, CommandRing ring, Random random) {
        this.groups = groups;
        this.random = random;
        this.ring = ring;
        this.thread = new CallersThread(ring, this::deliver);
        this.initiator = new Initiator(bytes -> connection.receive(ByteBuffer.wrap(bytes)));
        this.initialR2t = random.nextBoolean();
        this.immediateData = random.nextBoolean();
        this.maxBurstBytes = anyLength();
        this.firstBurstBytes = Math.min(maxBurstBytes, anyLength());
        this.segmentBytes = anyLength();
    }

    /** From 512 bytes to 64 KiB, the small ones as likely as the large ones. */
    private int anyLength() {
        return MIN_BYTES + random.nextInt(MIN_BYTES << random.nextInt(8));
    }

    // ---- the initiator's side ----

    @Override
    public void nexusEstablished(Nexus nexus) {
        String[] port = nexus.initiatorPort().split(",i,0x");
        PortalGroup group = groups.apply(nexus.relativeTargetPort());
        String targetPort = String.format("%s,t,0x%04x", IscsiPath.TARGET, group.tag());
        if (port.length != 2 || !nexus.targetPort().equals(targetPort)) {
            throw new NotCarried(nexus + " is no nexus of iSCSI, or not one to a port of the target");
        }
        connection = new Connection(group, thread, transport);
        initiator.isid = Long.parseLong(port[1], 16);
        LoginRequest request =
                initiator.login(true, LoginRequest.OPERATIONAL_NEGOTIATION, LoginRequest.FULL_FEATURE_PHASE);
        byte[] text = Initiator.text(
                "InitiatorName=" + port[0],
                "TargetName=" + IscsiPath.TARGET,
                "InitialR2T=" + (initialR2t ? "Yes" : "No"),
                "ImmediateData=" + (immediateData ? "Yes" : "No"),
                "MaxBurstLength=" + maxBurstBytes,
                "iSCSIProtocolLevel=2",
                "FirstBurstLength=" + firstBurstBytes,
                "MaxRecvDataSegmentLength=" + segmentBytes,
                "MaxOutstandingR2T=" + (1 + random.nextInt(4)));
        connected = true;
        thread.execute(() -> initiator.send(request, text));
        assertTrue(transport.loggedIn, "logged in");
    }

    @Override
    public void execute(Command command) {
        if (command.cdbBytes() > ScsiCommand.CDB_BYTES) {
            throw new NotCarried("CDBs in additional header segments have tests of their own");
        }
        if (command.direction() == DataDirection.OUT && command.dataBytes() != command.expectedBytes()) {
            throw new NotCarried("an iSCSI initiator sends the data that it announces");
        }
        thread.execute(() -> send(command));
    }

    private void send(Command command) {
        byte[] cdb = new byte[ScsiCommand.CDB_BYTES];
        for (int i = 0; i < cdb.length; i++) {
            cdb[i] = (byte) command.cdb8(i);
        }
        boolean write = command.direction() == DataDirection.OUT;
        ScsiCommand pdu = initiator.command(0, cdb, command.expectedBytes(), write);
        pdu.setLun(wire(command.lun()));
        pdu.setAttribute(attribute(command.attribute()));
        int tag = pdu.initiatorTaskTag();
        outstanding.put(tag, new Outstanding(command));
        int unasked = write ? Math.min(command.dataBytes(), firstBurstBytes) : 0;
        int immediate = immediateData && random.nextInt(4) > 0 ? random.nextInt(unasked + 1) : 0;
        boolean unsolicited = !initialR2t && immediate < unasked && random.nextBoolean();
        pdu.setFinal(!unsolicited);
        initiator.send(pdu, data(command, 0, immediate));
        if (unsolicited) {
            sendSequence(tag, Pdu.NO_TAG, immediate, unasked);
        }
    }

    private static int attribute(TaskAttribute attribute) {
        return switch (attribute) {
            case SIMPLE -> ScsiCommand.SIMPLE;
            case ORDERED -> ScsiCommand.ORDERED;
            case HEAD_OF_QUEUE -> ScsiCommand.HEAD_OF_QUEUE;
            case ACA -> ScsiCommand.ACA;
        };
    }

    private static long wire(int lun) {
        return switch (lun) {
            case Lun.UNDECODABLE -> UNDECODABLE_LUN;
            case Lun.REPORT_LUNS_WELL_KNOWN -> (long) WELL_KNOWN_REPORT_LUNS << 48;
            default -> Lun.encode(lun);
        };
    }

    private static byte[] data(Command command, int from, int to) {
        byte[] data = new byte[to - from];
        if (data.length > 0) {
            Memory.copy(command.dataAddress() + from, data, 0, data.length);
        }
        return data;
    }

    private void sendSequence(int tag, int transferTag, int from, int to) {
        int at = from;
        for (int dataSn = 0; at < to; dataSn++) {
            int bytes = Math.min(to - at, anyLength());
            initiator.send(
                    initiator.dataOut(tag, transferTag, dataSn, at, at + bytes == to),
                    data(outstanding.get(tag).command, at, at + bytes));
            at += bytes;
        }
    }

    @Override
    public void manage(TaskManagement request) {
        if (request.function() == TaskManagement.Function.TARGET_COLD_RESET) {
            throw new NotCarried("TARGET COLD RESET ends all sessions");
        }
        thread.execute(() -> {
            TaskManagementRequest pdu = initiator.taskManagement(code(request.function()), 0, Pdu.NO_TAG);
            pdu.setLun(wire(request.lun()));
            management.put(pdu.initiatorTaskTag(), request);
            initiator.send(pdu);
        });
    }

    private static int code(TaskManagement.Function function) {
        return switch (function) {
            case ABORT_TASK -> TaskManagementRequest.ABORT_TASK;
            case ABORT_TASK_SET -> TaskManagementRequest.ABORT_TASK_SET;
            case CLEAR_ACA -> TaskManagementRequest.CLEAR_ACA;
            case CLEAR_TASK_SET -> TaskManagementRequest.CLEAR_TASK_SET;
            case LOGICAL_UNIT_RESET -> TaskManagementRequest.LOGICAL_UNIT_RESET;
            case TARGET_WARM_RESET -> TaskManagementRequest.TARGET_WARM_RESET;
            case TARGET_COLD_RESET -> TaskManagementRequest.TARGET_COLD_RESET;
            case QUERY_TASK -> TaskManagementRequest.QUERY_TASK;
            case QUERY_TASK_SET -> TaskManagementRequest.QUERY_TASK_SET;
            case QUERY_ASYNCHRONOUS_EVENT -> TaskManagementRequest.QUERY_ASYNCHRONOUS_EVENT;
            case I_T_NEXUS_RESET -> TaskManagementRequest.I_T_NEXUS_RESET;
        };
    }

    @Override
    public void nexusLost(Nexus nexus) {
        close();
    }

    /** The connection is gone. */
    void close() {
        if (connected) {
            connected = false;
            thread.execute(connection::disconnected);
            ring.close();
        }
    }

    // ---- what comes back ----

    private boolean deliver() {
        SentPdu pdu = transport.sent.poll();
        if (pdu == null) {
            return false;
        }
        int tag = pdu.pdu().initiatorTaskTag();
        switch (pdu.opcode()) {
            case Opcode.LOGIN_RESPONSE ->
                assertEquals(LoginStatus.SUCCESS, pdu.login().status());
            case Opcode.DATA_IN -> dataIn(tag, pdu.dataIn(), pdu.data());
            case Opcode.READY_TO_TRANSFER -> {
                ReadyToTransfer r2t = pdu.r2t();
                sendSequence(tag, r2t.targetTransferTag(), r2t.bufferOffset(), r2t.bufferOffset() + r2t.desiredBytes());
            }
            case Opcode.SCSI_RESPONSE -> response(outstanding.remove(tag), pdu.scsiResponse(), pdu.data());
            case Opcode.TASK_MANAGEMENT_RESPONSE ->
                management.remove(tag).respond(meaning(pdu.taskManagement().response()));
            default ->
                throw new AssertionError("a PDU that nobody expects: " + Integer.toHexString(pdu.opcode()) + "h");
        }
        return true;
    }

    private void dataIn(int tag, DataIn pdu, byte[] data) {
        Outstanding task = outstanding.get(tag);
        assertEquals(DataDirection.IN, task.command.direction());
        assertEquals(task.arrivedBytes, pdu.bufferOffset());
        int fits = Math.min(data.length, task.command.dataBytes() - task.arrivedBytes);
        if (fits > 0) {
            Memory.copy(data, 0, task.command.dataAddress() + task.arrivedBytes, fits);
        }
        task.arrivedBytes += data.length;
        assertTrue(task.arrivedBytes <= task.command.expectedBytes(), "no more than was expected");
        if (pdu.hasStatus()) {
            outstanding.remove(tag);
            end(task, pdu.status(), residual(pdu.isOverflow(), pdu.isUnderflow(), pdu.residualBytes()), new byte[0]);
        }
    }

    private static void response(Outstanding task, ScsiResponse pdu, byte[] data) {
        assertEquals(ScsiResponse.COMPLETED, pdu.response());
        byte[] sense = data;
        if (data.length > 0) {
            sense = Arrays.copyOfRange(data, ScsiResponse.SENSE_LENGTH_BYTES, data.length);
            assertEquals(sense.length, ByteBuffer.wrap(data).getShort(0), "SenseLength");
        }
        end(task, pdu.status(), residual(pdu.isOverflow(), pdu.isUnderflow(), pdu.residualBytes()), sense);
    }

    private static long residual(boolean overflow, boolean underflow, long bytes) {
        return overflow ? bytes : underflow ? -bytes : 0;
    }

    private static void end(Outstanding task, int code, long residualBytes, byte[] sense) {
        Command command = task.command;
        long transferBytes = command.expectedBytes() + residualBytes;
        if (command.direction() == DataDirection.IN) {
            assertEquals(
                    Math.min(transferBytes, command.expectedBytes()), task.arrivedBytes, "data and residual count");
        }
        ScsiStatus status = Arrays.stream(ScsiStatus.values())
                .filter(each -> each.code() == code)
                .findFirst()
                .orElseThrow();
        if (status == ScsiStatus.CHECK_CONDITION) {
            command.completeCheckCondition(sense, sense.length, transferBytes);
        } else {
            assertEquals(0, sense.length, "sense data with " + status);
            command.setTransferBytes(transferBytes);
            command.complete(status);
        }
    }

    private static TaskManagement.Response meaning(int code) {
        return switch (code) {
            case TaskManagementResponse.FUNCTION_COMPLETE -> TaskManagement.Response.FUNCTION_COMPLETE;
            case TaskManagementResponse.FUNCTION_SUCCEEDED -> TaskManagement.Response.FUNCTION_SUCCEEDED;
            case TaskManagementResponse.TASK_DOES_NOT_EXIST -> TaskManagement.Response.TASK_DOES_NOT_EXIST;
            case TaskManagementResponse.LUN_DOES_NOT_EXIST -> TaskManagement.Response.INCORRECT_LOGICAL_UNIT_NUMBER;
            default -> TaskManagement.Response.FUNCTION_REJECTED;
        };
    }
}
