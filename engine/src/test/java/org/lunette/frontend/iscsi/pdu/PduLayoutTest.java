package org.lunette.frontend.iscsi.pdu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Each header byte for byte, as RFC 7143, clause 11, draws it. */
class PduLayoutTest {
    private static byte[] header() {
        byte[] dirty = new byte[Pdu.BHS_BYTES];
        java.util.Arrays.fill(dirty, (byte) 0xee); // begin() has to clean it
        return dirty;
    }

    private static void assertBytes(String hex, Pdu pdu) {
        byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertArrayEquals(expected, pdu.bytes(), () -> HexFormat.of().formatHex(pdu.bytes()));
    }

    @Test
    void scsiCommand() {
        ScsiCommand pdu = new ScsiCommand(header()).begin();
        pdu.setFinal(true);
        pdu.setWrite(true);
        pdu.setAttribute(ScsiCommand.ORDERED);
        pdu.setLun(0x0001_0000_0000_0000L);
        pdu.setInitiatorTaskTag(0x11223344);
        pdu.setExpectedBytes(0xfffffffeL);
        pdu.setCmdSn(0x55667788);
        pdu.setExpStatSn(0x99aabbcc);
        pdu.setCdb(new byte[] {0x2a, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 10);
        pdu.setDataSegmentBytes(0x010203);
        pdu.setImmediate(true);
        assertBytes(
                "41a20000 00010203 0001000000000000 11223344 fffffffe 55667788 99aabbcc 2a010203040506070809000000000000",
                pdu);
        assertEquals(0xfffffffeL, pdu.expectedBytes());
        assertEquals(0x2a01020304050607L, pdu.cdbFirst8());
        assertEquals(0x0809000000000000L, pdu.cdbSecond8());
        assertEquals(0x010203, pdu.dataSegmentBytes());
        assertTrue(pdu.isImmediate());
        assertFalse(pdu.isRead());
        assertEquals(Opcode.SCSI_COMMAND, pdu.opcode());
    }

    @Test
    void scsiResponse() {
        ScsiResponse pdu = new ScsiResponse(header()).begin();
        pdu.setInitiatorTaskTag(1);
        pdu.setStatus(2);
        pdu.setStatSn(3);
        pdu.setCommandWindow(4, 5);
        pdu.setExpDataSn(6);
        pdu.setResidual(-7);
        assertBytes(
                "21820002 00000000 0000000000000000 00000001 00000000 00000003 00000004 00000005 00000006 00000000 00000007",
                pdu);
        pdu.setResidual(8);
        assertTrue(pdu.isOverflow());
        assertFalse(pdu.isUnderflow());
        assertEquals(8, pdu.residualBytes());
        pdu.setResidual(1L << 40);
        assertEquals(0xffff_ffffL, pdu.residualBytes());
    }

    @Test
    void dataIn() {
        DataIn pdu = new DataIn(header()).begin();
        pdu.setFinal(true);
        pdu.setInitiatorTaskTag(1);
        pdu.setStatus(0, 9);
        pdu.setStatSn(2);
        pdu.setCommandWindow(3, 4);
        pdu.setDataSn(5);
        pdu.setBufferOffset(6);
        assertBytes(
                "25850000 00000000 0000000000000000 00000001 ffffffff 00000002 00000003 00000004 00000005 00000006 00000009",
                pdu);
    }

    @Test
    void dataOut() {
        DataOut pdu = new DataOut(header()).begin();
        pdu.setFinal(true);
        pdu.setInitiatorTaskTag(1);
        pdu.setExpStatSn(2);
        pdu.setDataSn(3);
        pdu.setBufferOffset(0x80000000);
        assertBytes(
                "05800000 00000000 0000000000000000 00000001 ffffffff 00000000 00000002 00000000 00000003 80000000 00000000",
                pdu);
        assertEquals(0x8000_0000L, pdu.bufferOffset());
    }

    @Test
    void readyToTransfer() {
        ReadyToTransfer pdu = new ReadyToTransfer(header()).begin();
        pdu.setLun(0x0002_0000_0000_0000L);
        pdu.setInitiatorTaskTag(1);
        pdu.setTargetTransferTag(2);
        pdu.setStatSn(3);
        pdu.setCommandWindow(4, 5);
        pdu.setR2tSn(6);
        pdu.setDesired(7, 8);
        assertBytes(
                "31800000 00000000 0002000000000000 00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008",
                pdu);
    }

    @Test
    void taskManagement() {
        TaskManagementRequest pdu = new TaskManagementRequest(header()).begin();
        pdu.setFunction(TaskManagementRequest.LOGICAL_UNIT_RESET);
        pdu.setLun(0x0003_0000_0000_0000L);
        pdu.setInitiatorTaskTag(1);
        pdu.setCmdSn(2);
        pdu.setExpStatSn(3);
        pdu.setRefCmdSn(4);
        assertBytes(
                "02850000 00000000 0003000000000000 00000001 ffffffff 00000002 00000003 00000004 00000000 0000000000000000",
                pdu);

        TaskManagementResponse response = new TaskManagementResponse(header()).begin();
        response.setInitiatorTaskTag(1);
        response.setResponse(TaskManagementResponse.FUNCTION_REJECTED);
        response.setStatSn(2);
        response.setCommandWindow(3, 4);
        assertBytes(
                "2280ff00 00000000 0000000000000000 00000001 00000000 00000002 00000003 00000004 000000000000000000000000",
                response);
    }

    @Test
    void login() {
        LoginRequest request = new LoginRequest(header()).begin();
        request.setStages(true, LoginRequest.OPERATIONAL_NEGOTIATION, LoginRequest.FULL_FEATURE_PHASE);
        request.setVersions(1, 0);
        request.setTsih(0x0708);
        request.setIsid(0x0102_0304_0506L);
        request.setInitiatorTaskTag(9);
        request.setCid(10);
        request.setCmdSn(11);
        request.setExpStatSn(12);
        assertBytes(
                "43870100 00000000 0102030405060708 00000009 000a0000 0000000b 0000000c 00000000000000000000000000000000",
                request);
        assertEquals(0x0102_0304_0506L, request.isid());
        assertEquals(0x0708, request.tsih());

        LoginResponse response = new LoginResponse(header()).begin();
        response.setStages(true, LoginRequest.SECURITY_NEGOTIATION, LoginRequest.OPERATIONAL_NEGOTIATION);
        response.setSession(0x0102_0304_0506L, 0xfffe);
        response.setInitiatorTaskTag(1);
        response.setStatSn(2);
        response.setCommandWindow(3, 4);
        response.setStatus(LoginStatus.AUTHENTICATION_FAILURE);
        assertBytes(
                "23810000 00000000 010203040506fffe 00000001 00000000 00000002 00000003 00000004 02010000 0000000000000000",
                response);
        assertEquals(0x0102_0304_0506L, response.isid());
    }

    @Test
    void text() {
        TextRequest request = new TextRequest(header()).begin();
        request.setContinued(true);
        request.setInitiatorTaskTag(1);
        request.setCmdSn(2);
        request.setExpStatSn(3);
        assertBytes(
                "04400000 00000000 0000000000000000 00000001 ffffffff 00000002 00000003 00000000000000000000000000000000",
                request);

        TextResponse response = new TextResponse(header()).begin();
        response.setFinal(true);
        response.setInitiatorTaskTag(1);
        response.setTargetTransferTag(5);
        response.setStatSn(2);
        response.setCommandWindow(3, 4);
        assertBytes(
                "24800000 00000000 0000000000000000 00000001 00000005 00000002 00000003 00000004 000000000000000000000000",
                response);
    }

    @Test
    void logout() {
        LogoutRequest request = new LogoutRequest(header()).begin();
        request.setReason(LogoutRequest.CLOSE_CONNECTION);
        request.setInitiatorTaskTag(1);
        request.setCid(2);
        request.setCmdSn(3);
        request.setExpStatSn(4);
        assertBytes(
                "06810000 00000000 0000000000000000 00000001 00020000 00000003 00000004 00000000000000000000000000000000",
                request);

        LogoutResponse response = new LogoutResponse(header()).begin();
        response.setInitiatorTaskTag(1);
        response.setResponse(LogoutResponse.CID_NOT_FOUND);
        response.setStatSn(2);
        response.setCommandWindow(3, 4);
        assertBytes(
                "26800100 00000000 0000000000000000 00000001 00000000 00000002 00000003 00000004 000000000000000000000000",
                response);
    }

    @Test
    void nops() {
        NopOut out = new NopOut(header()).begin();
        out.setImmediate(true);
        out.setInitiatorTaskTag(1);
        out.setCmdSn(2);
        out.setExpStatSn(3);
        assertBytes(
                "40800000 00000000 0000000000000000 00000001 ffffffff 00000002 00000003 00000000000000000000000000000000",
                out);

        NopIn in = new NopIn(header()).begin();
        in.setTargetTransferTag(7);
        in.setStatSn(2);
        in.setCommandWindow(3, 4);
        assertBytes(
                "20800000 00000000 0000000000000000 ffffffff 00000007 00000002 00000003 00000004 000000000000000000000000",
                in);
    }

    @Test
    void reject() {
        Reject pdu = new Reject(header()).begin();
        pdu.setReason(RejectReason.PROTOCOL_ERROR);
        pdu.setStatSn(1);
        pdu.setCommandWindow(2, 3);
        assertBytes(
                "3f800400 00000000 0000000000000000 ffffffff 00000000 00000001 00000002 00000003 000000000000000000000000",
                pdu);
    }

    @Test
    void additionalHeaderSegmentsAreFoundOrMalformed() {
        byte[] header = new byte[Pdu.BHS_BYTES + Pdu.MAX_AHS_BYTES];
        ScsiCommand pdu = new ScsiCommand(header).begin();
        // A bidirectional read length (5 after the length field's type), then an extended CDB of 6 more bytes.
        byte[] segments = HexFormat.of().parseHex("00050200000010000007010010111213141500".substring(0, 36) + "0000");
        System.arraycopy(segments, 0, header, Pdu.BHS_BYTES, segments.length);
        pdu.setAhsBytes(20);
        int offset = AdditionalHeaders.find(pdu, AdditionalHeaders.EXTENDED_CDB);
        assertEquals(Pdu.BHS_BYTES + 8, offset);
        assertEquals(6, AdditionalHeaders.extendedCdbBytes(pdu, offset));
        assertEquals(0x10, header[AdditionalHeaders.extendedCdbOffset(offset)]);
        assertEquals(AdditionalHeaders.NONE, AdditionalHeaders.find(pdu, 9));

        pdu.setAhsBytes(16);
        assertEquals(AdditionalHeaders.MALFORMED, AdditionalHeaders.find(pdu, AdditionalHeaders.EXTENDED_CDB));
    }
}
