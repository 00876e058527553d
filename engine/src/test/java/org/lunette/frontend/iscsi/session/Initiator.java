package org.lunette.frontend.iscsi.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.lunette.frontend.iscsi.pdu.DataOut;
import org.lunette.frontend.iscsi.pdu.InitiatorPdu;
import org.lunette.frontend.iscsi.pdu.LoginRequest;
import org.lunette.frontend.iscsi.pdu.LogoutRequest;
import org.lunette.frontend.iscsi.pdu.NopOut;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TextRequest;

/** An initiator for tests: numbers requests, and hands the bytes of PDUs to whoever takes them. */
public final class Initiator {
    public static final String NAME = "iqn.2026-11.org.example:initiator";
    public static final String TARGET = "iqn.2026-11.org.lunette:test";

    /** Takes the bytes of PDUs. */
    @FunctionalInterface
    public interface Wire {
        void send(byte[] bytes);
    }

    private final Wire wire;
    public int cmdSn = 1;
    public int expStatSn = 1;
    public long isid = 0x0002_3d00_0001L;
    private int lastTag;

    public Initiator(Wire wire) {
        this.wire = wire;
    }

    public int nextTag() {
        return ++lastTag;
    }

    /** The bytes of a PDU with its data segment, padded. */
    public static byte[] bytes(Pdu pdu, byte[] data) {
        pdu.setDataSegmentBytes(data.length);
        int headerBytes = Pdu.BHS_BYTES + pdu.ahsBytes();
        byte[] all = new byte[headerBytes + Pdu.padded(data.length)];
        System.arraycopy(pdu.bytes(), 0, all, 0, headerBytes);
        System.arraycopy(data, 0, all, headerBytes, data.length);
        return all;
    }

    public static byte[] header() {
        return new byte[Pdu.BHS_BYTES];
    }

    /** Text of {@code key=value} pairs. */
    public static byte[] text(String... pairs) {
        return (String.join("\0", pairs) + (pairs.length == 0 ? "" : "\0")).getBytes(StandardCharsets.UTF_8);
    }

    /** Key and value pairs of a text data segment. */
    public static Map<String, String> pairs(byte[] data) {
        Map<String, String> pairs = new TreeMap<>();
        for (String pair : new String(data, StandardCharsets.UTF_8).split("\0")) {
            if (!pair.isEmpty()) {
                pairs.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        return pairs;
    }

    public void send(Pdu pdu, byte... data) {
        wire.send(bytes(pdu, data));
    }

    public LoginRequest login(boolean transit, int current, int next) {
        LoginRequest request = new LoginRequest(header()).begin();
        request.setStages(transit, current, next);
        request.setIsid(isid);
        request.setInitiatorTaskTag(1);
        request.setCid(1);
        request.setCmdSn(cmdSn);
        request.setExpStatSn(expStatSn);
        return request;
    }

    /** Sends a login that goes from operational negotiation to full feature phase in one request. */
    public void logIn(String... pairs) {
        String[] all = new String[pairs.length + 2];
        all[0] = "InitiatorName=" + NAME;
        all[1] = "TargetName=" + TARGET;
        System.arraycopy(pairs, 0, all, 2, pairs.length);
        send(login(true, LoginRequest.OPERATIONAL_NEGOTIATION, LoginRequest.FULL_FEATURE_PHASE), text(all));
    }

    /** Sends the login of a discovery session. */
    public void logInForDiscovery(String... pairs) {
        String[] all = new String[pairs.length + 2];
        all[0] = "InitiatorName=" + NAME;
        all[1] = "SessionType=Discovery";
        System.arraycopy(pairs, 0, all, 2, pairs.length);
        send(login(true, LoginRequest.OPERATIONAL_NEGOTIATION, LoginRequest.FULL_FEATURE_PHASE), text(all));
    }

    /** Numbers a request that is not immediate. */
    public <T extends InitiatorPdu> T numbered(T request) {
        request.setCmdSn(cmdSn);
        if (!request.isImmediate()) {
            cmdSn++;
        }
        return request;
    }

    /** A command with a new tag, to be changed and sent. */
    public ScsiCommand command(int lun, byte[] cdb, long expectedBytes, boolean write) {
        ScsiCommand command = new ScsiCommand(header()).begin();
        command.setFinal(true);
        command.setRead(!write && expectedBytes > 0);
        command.setWrite(write);
        command.setAttribute(ScsiCommand.SIMPLE);
        command.setLun((long) lun << 48);
        command.setInitiatorTaskTag(nextTag());
        command.setExpectedBytes(expectedBytes);
        command.setCdb(cdb, cdb.length);
        return numbered(command);
    }

    /** A READ(10) or WRITE(10) CDB. */
    public static byte[] cdb10(int opcode, int lba, int blocks) {
        return ByteBuffer.allocate(10)
                .put((byte) opcode)
                .put((byte) 0)
                .putInt(lba)
                .put((byte) 0)
                .putShort((short) blocks)
                .put((byte) 0)
                .array();
    }

    /** Sends a READ(10); returns its tag. */
    public int read(int lba, int blocks) {
        ScsiCommand command = command(0, cdb10(FakeDevice.READ_10, lba, blocks), blocks * 512L, false);
        send(command);
        return command.initiatorTaskTag();
    }

    /** Sends TEST UNIT READY; returns its tag. */
    public int testUnitReady(int lun) {
        ScsiCommand command = command(lun, new byte[6], 0, false);
        send(command);
        return command.initiatorTaskTag();
    }

    public DataOut dataOut(int tag, int transferTag, int dataSn, int offset, boolean last) {
        DataOut pdu = new DataOut(header()).begin();
        pdu.setInitiatorTaskTag(tag);
        pdu.setTargetTransferTag(transferTag);
        pdu.setDataSn(dataSn);
        pdu.setBufferOffset(offset);
        pdu.setFinal(last);
        return pdu;
    }

    public NopOut nopOut(boolean immediate) {
        NopOut pdu = new NopOut(header()).begin();
        pdu.setImmediate(immediate);
        pdu.setInitiatorTaskTag(nextTag());
        return numbered(pdu);
    }

    public TextRequest textRequest() {
        TextRequest pdu = new TextRequest(header()).begin();
        pdu.setFinal(true);
        pdu.setInitiatorTaskTag(nextTag());
        return numbered(pdu);
    }

    public TaskManagementRequest taskManagement(int function, int lun, int referencedTag) {
        TaskManagementRequest pdu = new TaskManagementRequest(header()).begin();
        pdu.setImmediate(true);
        pdu.setFunction(function);
        pdu.setLun((long) lun << 48);
        pdu.setInitiatorTaskTag(nextTag());
        pdu.setReferencedTaskTag(referencedTag);
        return numbered(pdu);
    }

    public LogoutRequest logout(int reason) {
        LogoutRequest pdu = new LogoutRequest(header()).begin();
        pdu.setReason(reason);
        pdu.setInitiatorTaskTag(nextTag());
        pdu.setCid(1);
        return numbered(pdu);
    }

    /** A request that sessions here do not serve. */
    public InitiatorPdu snack() {
        InitiatorPdu pdu = new InitiatorPdu(header());
        pdu.bytes()[0] = Opcode.SNACK_REQUEST;
        pdu.setFinal(true);
        return pdu;
    }
}
