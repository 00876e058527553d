package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.frontend.iscsi.pdu.DataIn;
import org.lunette.frontend.iscsi.pdu.LoginStatus;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.ReadyToTransfer;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;

/** Data written and read with every combination of the lowest and highest values of what is negotiated. */
class NegotiatedExtremesTest {
    private static final int BLOCKS = 301;
    private static final int BYTES = BLOCKS * FakeDevice.BLOCK_BYTES;
    private static final int HIGHEST = 0xff_ffff;
    private static final int COMBINATIONS = 32;

    private final Bench bench = new Bench();
    private final byte[] data = new byte[BYTES];
    private boolean initialR2t;
    private boolean immediateData;
    private int burstBytes;
    private int firstBurstBytes;
    private int segmentBytes;
    private int outstandingR2ts;

    @ParameterizedTest
    @ValueSource(ints = {512, HIGHEST})
    void whatIsWrittenIsRead(int segment) {
        for (int combination = 0; combination < COMBINATIONS; combination++) {
            new NegotiatedExtremesTest().writeAndRead(combination, segment);
        }
    }

    private void writeAndRead(int combination, int segment) {
        initialR2t = (combination & 1) != 0;
        immediateData = (combination & 2) != 0;
        segmentBytes = segment;
        logIn((combination & 4) != 0, (combination & 8) != 0, (combination & 16) != 0);
        new Random(combination).nextBytes(data);
        write();
        assertArrayEquals(data, Arrays.copyOfRange(bench.device.disk, 0, BYTES), "written, " + combination);
        read();
        bench.disconnect();
        bench.groups.close();
        assertEquals(0, bench.group.buffers().heldBytes());
    }

    private void logIn(boolean longBursts, boolean longFirstBursts, boolean manyR2ts) {
        bench.initiator.logIn(
                "InitialR2T=" + (initialR2t ? "Yes" : "No"),
                "ImmediateData=" + (immediateData ? "Yes" : "No"),
                "MaxBurstLength=" + (longBursts ? HIGHEST : 512),
                "FirstBurstLength=" + (longFirstBursts ? HIGHEST : 512),
                "MaxOutstandingR2T=" + (manyR2ts ? 65535 : 1),
                "MaxRecvDataSegmentLength=" + segmentBytes);
        SentPdu response = bench.next(Opcode.LOGIN_RESPONSE);
        assertEquals(LoginStatus.SUCCESS, response.login().status());
        Map<String, String> keys = Initiator.pairs(response.data());
        burstBytes = Integer.parseInt(keys.get("MaxBurstLength"));
        assertEquals(longBursts ? bench.group.limits().burstBytes() : 512, burstBytes);
        outstandingR2ts = Integer.parseInt(keys.get("MaxOutstandingR2T"));
        assertEquals(manyR2ts ? bench.group.limits().outstandingR2ts() : 1, outstandingR2ts);
        if (initialR2t && !immediateData) {
            assertEquals("Irrelevant", keys.get("FirstBurstLength"));
        } else {
            firstBurstBytes = Integer.parseInt(keys.get("FirstBurstLength"));
            assertTrue(firstBurstBytes <= burstBytes && firstBurstBytes >= 512, keys::toString);
        }
    }

    private void write() {
        ScsiCommand command = bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, BLOCKS), BYTES, true);
        int immediate = immediateData ? Math.min(firstBurstBytes, BYTES) : 0;
        int unsolicited = initialR2t ? immediate : Math.min(firstBurstBytes, BYTES);
        int tag = command.initiatorTaskTag();
        command.setFinal(immediate == unsolicited);
        bench.initiator.send(command, Arrays.copyOf(data, immediate));
        sendSequence(tag, Pdu.NO_TAG, immediate, unsolicited);
        int asked = unsolicited;
        ArrayDeque<ReadyToTransfer> waiting = new ArrayDeque<>();
        while (asked < BYTES || !waiting.isEmpty()) {
            while (!bench.transport.sent.isEmpty()) {
                ReadyToTransfer r2t = bench.next(Opcode.READY_TO_TRANSFER).r2t();
                assertEquals(asked, r2t.bufferOffset());
                assertTrue(r2t.desiredBytes() <= burstBytes, "a burst is no longer than agreed");
                asked += r2t.desiredBytes();
                waiting.add(r2t);
            }
            assertTrue(waiting.size() <= outstandingR2ts, waiting.size() + " R2Ts at once");
            ReadyToTransfer r2t = waiting.remove();
            sendSequence(tag, r2t.targetTransferTag(), r2t.bufferOffset(), r2t.bufferOffset() + r2t.desiredBytes());
        }
        assertEquals(0, bench.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
    }

    private void sendSequence(int tag, int transferTag, int from, int to) {
        int at = from;
        for (int dataSn = 0; at < to; dataSn++) {
            int bytes = Math.min(to - at, 4096);
            bench.initiator.send(
                    bench.initiator.dataOut(tag, transferTag, dataSn, at, at + bytes == to),
                    Arrays.copyOfRange(data, at, at + bytes));
            at += bytes;
        }
    }

    private void read() {
        bench.initiator.read(0, BLOCKS);
        byte[] got = new byte[BYTES];
        int at = 0;
        int inBurst = 0;
        while (at < BYTES) {
            SentPdu sent = bench.next(Opcode.DATA_IN);
            DataIn dataIn = sent.dataIn();
            assertEquals(at, dataIn.bufferOffset());
            assertTrue(sent.data().length <= segmentBytes, "a segment is no longer than was declared");
            System.arraycopy(sent.data(), 0, got, at, sent.data().length);
            at += sent.data().length;
            inBurst += sent.data().length;
            assertTrue(inBurst <= burstBytes, "a burst is no longer than agreed");
            inBurst = dataIn.isFinal() ? 0 : inBurst;
            assertEquals(at == BYTES, dataIn.hasStatus());
        }
        assertArrayEquals(data, got, "read");
    }
}
