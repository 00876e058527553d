package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.frontend.iscsi.pdu.DataIn;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.ReadyToTransfer;
import org.lunette.frontend.iscsi.pdu.RejectReason;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;
import org.lunette.frontend.iscsi.pdu.ScsiResponse;

/** Data in both directions, R2Ts, residual counts; RFC 7143, 4.2.5, 11.4.5 and 11.7. */
class DataTransferTest {
    private static final int BLOCK = FakeDevice.BLOCK_BYTES;
    private static final int BUFFERS = 3 << 19;

    private static void assertSense(SenseKey key, AdditionalSense code, SentPdu response) {
        assertEquals(2, response.scsiResponse().status());
        byte[] sense = Arrays.copyOfRange(response.data(), 2, response.data().length);
        assertEquals(sense.length, response.data()[0] << 8 | response.data()[1]);
        assertEquals(key.code(), Sense.key(sense));
        assertEquals(code.code() & 0xff, Sense.code(sense));
        assertEquals(code.qualifier() & 0xff, Sense.qualifier(sense));
    }

    private static void assertResidual(long residual, boolean overflow, boolean underflow, long count) {
        assertEquals(residual > 0, overflow);
        assertEquals(residual < 0, underflow);
        assertEquals(Math.abs(residual), count);
    }

    private static ScsiResponse assertGood(SentPdu response) {
        assertEquals(0, response.scsiResponse().status());
        assertEquals(0, response.data().length);
        return response.scsiResponse();
    }

    @Test
    void aReadThatFitsOnePduCarriesItsStatus() {
        Bench bench = new Bench().loggedIn();
        new Random(1).nextBytes(bench.device.disk);
        int tag = bench.initiator.read(3, 8);
        SentPdu sent = bench.next(Opcode.DATA_IN);
        DataIn dataIn = sent.dataIn();
        assertEquals(tag, dataIn.initiatorTaskTag());
        assertTrue(dataIn.isFinal());
        assertTrue(dataIn.hasStatus());
        assertEquals(0, dataIn.status());
        assertEquals(0, dataIn.dataSn());
        assertEquals(0, dataIn.bufferOffset());
        assertFalse(dataIn.isOverflow() || dataIn.isUnderflow());
        assertArrayEquals(Arrays.copyOfRange(bench.device.disk, 3 * BLOCK, 11 * BLOCK), sent.data());
        bench.assertSilent();
    }

    @Test
    void aLongReadKeepsSegmentAndBurstLengths() {
        Bench bench = new Bench().loggedIn("MaxRecvDataSegmentLength=1500", "MaxBurstLength=4000");
        new Random(2).nextBytes(bench.device.disk);
        bench.initiator.read(0, 20);
        byte[] got = new byte[20 * BLOCK];
        int at = 0;
        int inBurst = 0;
        for (int dataSn = 0; at < got.length; dataSn++) {
            SentPdu sent = bench.next(Opcode.DATA_IN);
            int bytes = sent.data().length;
            assertEquals(at, sent.dataIn().bufferOffset());
            assertEquals(dataSn, sent.dataIn().dataSn());
            assertTrue(bytes <= 1500);
            System.arraycopy(sent.data(), 0, got, at, bytes);
            at += bytes;
            inBurst += bytes;
            assertTrue(inBurst <= 4000);
            boolean last = at == got.length;
            assertEquals(last || inBurst == 4000, sent.dataIn().isFinal());
            assertEquals(last, sent.dataIn().hasStatus());
            inBurst = sent.dataIn().isFinal() ? 0 : inBurst;
        }
        assertArrayEquals(Arrays.copyOf(bench.device.disk, got.length), got);
        bench.assertSilent();
    }

    @Test
    void aReadThatFitsASegmentButNotABurstIsSentToItsEnd() {
        Bench bench = new Bench().loggedIn("MaxRecvDataSegmentLength=65536", "MaxBurstLength=4096");
        new Random(3).nextBytes(bench.device.disk);
        bench.initiator.read(0, 20);
        byte[] got = new byte[20 * BLOCK];
        for (int at = 0; at < got.length; ) {
            SentPdu sent = bench.next(Opcode.DATA_IN);
            assertEquals(Math.min(4096, got.length - at), sent.data().length);
            assertEquals(at, sent.dataIn().bufferOffset());
            assertTrue(sent.dataIn().isFinal());
            System.arraycopy(sent.data(), 0, got, at, sent.data().length);
            at += sent.data().length;
            assertEquals(at == got.length, sent.dataIn().hasStatus());
        }
        assertArrayEquals(Arrays.copyOf(bench.device.disk, got.length), got);
        bench.assertSilent();
    }

    @Test
    void aPeerThatDoesNotReadGetsNoMore() {
        Bench bench = new Bench().loggedIn("MaxRecvDataSegmentLength=512");
        bench.transport.room = 3;
        bench.initiator.read(0, 10);
        bench.initiator.read(10, 2);
        assertEquals(3, bench.transport.sent.size());
        bench.transport.writable = true;
        bench.transport.room = 4;
        bench.connection.writable();
        assertEquals(7, bench.transport.sent.size());
        bench.transport.writable = true;
        bench.transport.room = -1;
        bench.connection.writable();
        assertEquals(12, bench.transport.sent.size());
        int lastTag = 0;
        for (SentPdu sent : bench.transport.sent) {
            assertTrue(sent.dataIn().initiatorTaskTag() >= lastTag, "one after the other");
            lastTag = sent.dataIn().initiatorTaskTag();
        }
    }

    @Test
    void readResiduals() {
        Bench bench = new Bench().loggedIn();
        // What the initiator expects, and what the CDB transfers, in bytes.
        long[][] cases = {{0, 1024}, {512, 1024}, {200, 512}, {1024, 1024}, {2048, 1024}, {1024, 0}, {10_000, 3}};
        for (long[] each : cases) {
            byte[] cdb = new byte[10];
            cdb[0] = (byte) FakeDevice.VENDOR_IN;
            cdb[4] = (byte) (each[1] >>> 8);
            cdb[5] = (byte) each[1];
            bench.initiator.send(bench.initiator.command(0, cdb, each[0], false));
            long residual = each[1] - each[0];
            int moved = (int) Math.min(each[0], each[1]);
            SentPdu sent = bench.transport.next();
            if (moved > 0) {
                assertEquals(Opcode.DATA_IN, sent.opcode());
                assertEquals(moved, sent.data().length);
                DataIn dataIn = sent.dataIn();
                assertEquals(0, dataIn.status());
                assertResidual(residual, dataIn.isOverflow(), dataIn.isUnderflow(), dataIn.residualBytes());
            } else {
                ScsiResponse response = assertGood(sent);
                assertResidual(residual, response.isOverflow(), response.isUnderflow(), response.residualBytes());
            }
        }
    }

    @Test
    void writeResiduals() {
        Bench bench = new Bench().loggedIn();
        int[][] cases = {{512, 2}, {1024, 1}, {200, 1}, {0, 1}, {512, 1}};
        for (int[] each : cases) {
            Arrays.fill(bench.device.disk, (byte) 0);
            ScsiCommand write =
                    bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, each[1]), each[0], true);
            byte[] data = new byte[each[0]];
            Arrays.fill(data, (byte) 0x77);
            bench.initiator.send(write, data);
            ScsiResponse response = assertGood(bench.next(Opcode.SCSI_RESPONSE));
            int transfer = each[1] * BLOCK;
            assertResidual(transfer - each[0], response.isOverflow(), response.isUnderflow(), response.residualBytes());
            int moved = Math.min(transfer, each[0]);
            for (int i = 0; i < 2048; i++) {
                assertEquals(i < moved ? 0x77 : 0, bench.device.disk[i], "byte " + i);
            }
        }
    }

    @Test
    void errorsLeaveAllAsResidual() {
        Bench bench = new Bench().loggedIn();
        bench.initiator.read(1 << 20, 4);
        SentPdu response = bench.next(Opcode.SCSI_RESPONSE);
        assertSense(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE, response);
        assertTrue(response.scsiResponse().isUnderflow());
        assertEquals(2048, response.scsiResponse().residualBytes());
    }

    /** What a model of the initiator does with a write under given parameters, and what the target must ask for. */
    @Test
    void writesUnderAllParameters() {
        long seed = Long.getLong("lunette.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            boolean initialR2t = random.nextBoolean();
            boolean immediateData = random.nextBoolean();
            int maxBurst = 512 + random.nextInt(5000);
            int firstBurst = 512 + random.nextInt(5000);
            int outstanding = 1 + random.nextInt(4);
            String parameters = "InitialR2T=" + (initialR2t ? "Yes" : "No") + " ImmediateData="
                    + (immediateData ? "Yes" : "No") + " MaxBurstLength=" + maxBurst + " FirstBurstLength=" + firstBurst
                    + " MaxOutstandingR2T=" + outstanding;
            Bench bench = new Bench().loggedIn(parameters.split(" "));
            int first = Math.min(maxBurst, firstBurst);
            for (int write = 0; write < 3; write++) {
                int blocks = 1 + random.nextInt(40);
                String what = "seed " + seed + " round " + round + ": " + parameters + ", " + blocks + " blocks";
                writeOnce(bench, random, blocks, initialR2t, immediateData, maxBurst, first, outstanding, what);
            }
        }
    }

    private static void writeOnce(
            Bench bench,
            Random random,
            int blocks,
            boolean initialR2t,
            boolean immediateData,
            int maxBurst,
            int firstBurst,
            int outstanding,
            String what) {
        int total = blocks * BLOCK;
        byte[] data = new byte[total];
        random.nextBytes(data);
        Initiator initiator = bench.initiator;
        ScsiCommand write = initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 7, blocks), total, true);
        int tag = write.initiatorTaskTag();
        int volunteer = Math.min(total, firstBurst);
        int sent = immediateData ? random.nextInt(volunteer + 1) : 0;
        boolean unsolicited = !initialR2t && sent < volunteer && random.nextBoolean();
        write.setFinal(!unsolicited);
        initiator.send(write, Arrays.copyOf(data, sent));
        if (unsolicited) {
            sent = sendSequence(bench, random, data, tag, -1, sent, volunteer);
        }
        List<ReadyToTransfer> r2ts = new ArrayList<>();
        int asked = sent;
        int r2tSn = 0;
        while (sent < total) {
            while (!bench.transport.sent.isEmpty()) {
                ReadyToTransfer r2t = bench.next(Opcode.READY_TO_TRANSFER).r2t();
                assertEquals(tag, r2t.initiatorTaskTag(), what);
                assertEquals(r2tSn++, r2t.r2tSn(), what);
                assertEquals(asked, r2t.bufferOffset(), what);
                assertEquals(Math.min(maxBurst, total - asked), r2t.desiredBytes(), what);
                asked += r2t.desiredBytes();
                r2ts.add(r2t);
            }
            assertFalse(r2ts.isEmpty(), what);
            assertTrue(r2ts.size() <= outstanding, what);
            assertTrue(r2ts.size() == outstanding || asked == total, what + ": as many R2Ts as may be");
            ReadyToTransfer r2t = r2ts.remove(0);
            sent = sendSequence(
                    bench, random, data, tag, r2t.targetTransferTag(), sent, r2t.bufferOffset() + r2t.desiredBytes());
        }
        ScsiResponse response = assertGood(bench.next(Opcode.SCSI_RESPONSE));
        assertEquals(tag, response.initiatorTaskTag(), what);
        assertEquals(r2tSn, response.expDataSn(), what);
        assertFalse(response.isOverflow() || response.isUnderflow(), what);
        assertArrayEquals(data, Arrays.copyOfRange(bench.device.disk, 7 * BLOCK, 7 * BLOCK + total), what);
        bench.assertSilent();
    }

    private static int sendSequence(
            Bench bench, Random random, byte[] data, int tag, int transferTag, int from, int to) {
        int at = from;
        for (int dataSn = 0; at < to; dataSn++) {
            int bytes = Math.min(to - at, 1 + random.nextInt(3000));
            bench.initiator.send(
                    bench.initiator.dataOut(tag, transferTag, dataSn, at, at + bytes == to),
                    Arrays.copyOfRange(data, at, at + bytes));
            at += bytes;
        }
        return at;
    }

    @Test
    void writesOfManyCommandsMixTheirData() {
        Bench bench = new Bench().loggedIn("MaxBurstLength=1024", "MaxOutstandingR2T=2");
        ScsiCommand a = bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 4), 2048, true);
        ScsiCommand b = bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 4, 4), 2048, true);
        bench.initiator.send(a);
        bench.initiator.send(b);
        List<ReadyToTransfer> r2ts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            r2ts.add(bench.next(Opcode.READY_TO_TRANSFER).r2t());
        }
        assertEquals(
                4,
                r2ts.stream()
                        .mapToInt(ReadyToTransfer::targetTransferTag)
                        .distinct()
                        .count());
        byte[] data = new byte[1024];
        for (int i : new int[] {2, 0, 1, 3}) {
            ReadyToTransfer r2t = r2ts.get(i);
            Arrays.fill(data, (byte) (i + 1));
            bench.initiator.send(
                    bench.initiator.dataOut(
                            r2t.initiatorTaskTag(), r2t.targetTransferTag(), 0, r2t.bufferOffset(), true),
                    data);
        }
        assertEquals(
                a.initiatorTaskTag(), bench.next(Opcode.SCSI_RESPONSE).pdu().initiatorTaskTag());
        assertEquals(
                b.initiatorTaskTag(), bench.next(Opcode.SCSI_RESPONSE).pdu().initiatorTaskTag());
        for (int i = 0; i < 4; i++) {
            assertEquals(i + 1, bench.device.disk[i * 1024 + 500]);
        }
    }

    private static ScsiCommand write(Bench bench, int blocks) {
        return bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, blocks), blocks * 512L, true);
    }

    @Test
    void wrongDataSnFailsTheCommandWhenItsDataHaveEnded() {
        Bench bench = new Bench().loggedIn();
        ScsiCommand write = write(bench, 2);
        bench.initiator.send(write);
        int transferTag = bench.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        bench.initiator.send(
                bench.initiator.dataOut(write.initiatorTaskTag(), transferTag, 1, 0, false), new byte[512]);
        bench.assertSilent();
        bench.initiator.send(
                bench.initiator.dataOut(write.initiatorTaskTag(), transferTag, 2, 512, true), new byte[512]);
        assertSense(
                SenseKey.ABORTED_COMMAND, AdditionalSense.PROTOCOL_SERVICE_CRC_ERROR, bench.next(Opcode.SCSI_RESPONSE));
        assertTrue(bench.device.executed.isEmpty());
    }

    @Test
    void dataBeyondTheSequenceOrAtAWrongPlaceFailTheCommand() {
        Bench bench = new Bench().loggedIn();
        ScsiCommand tooMuch = write(bench, 1);
        bench.initiator.send(tooMuch);
        int transferTag = bench.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        bench.initiator.send(
                bench.initiator.dataOut(tooMuch.initiatorTaskTag(), transferTag, 0, 0, true), new byte[513]);
        assertSense(SenseKey.ABORTED_COMMAND, AdditionalSense.TOO_MUCH_WRITE_DATA, bench.next(Opcode.SCSI_RESPONSE));

        Bench bursts = new Bench().loggedIn("MaxBurstLength=512");
        ScsiCommand twoBursts = write(bursts, 2);
        bursts.initiator.send(twoBursts);
        int first = bursts.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        bursts.initiator.send(
                bursts.initiator.dataOut(twoBursts.initiatorTaskTag(), first, 0, 0, true), new byte[1024]);
        assertSense(SenseKey.ABORTED_COMMAND, AdditionalSense.TOO_MUCH_WRITE_DATA, bursts.next(Opcode.SCSI_RESPONSE));

        ScsiCommand wrongPlace = write(bench, 1);
        bench.initiator.send(wrongPlace);
        transferTag = bench.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        bench.initiator.send(
                bench.initiator.dataOut(wrongPlace.initiatorTaskTag(), transferTag, 0, 0xffff_fe00, true),
                new byte[512]);
        assertSense(SenseKey.ABORTED_COMMAND, AdditionalSense.DATA_OFFSET_ERROR, bench.next(Opcode.SCSI_RESPONSE));
        assertTrue(bench.device.executed.isEmpty());
    }

    @Test
    void aSequenceThatEndsEarlyFailsTheCommand() {
        Bench bench = new Bench().loggedIn();
        ScsiCommand write = write(bench, 2);
        bench.initiator.send(write);
        int transferTag = bench.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        bench.initiator.send(bench.initiator.dataOut(write.initiatorTaskTag(), transferTag, 0, 0, true), new byte[512]);
        assertSense(
                SenseKey.ABORTED_COMMAND,
                AdditionalSense.NOT_ENOUGH_UNSOLICITED_DATA,
                bench.next(Opcode.SCSI_RESPONSE));
    }

    @Test
    void unsolicitedDataThatWereNotAgreedOnFailTheCommand() {
        Bench bench = new Bench().loggedIn("InitialR2T=Yes", "ImmediateData=No");
        bench.initiator.send(write(bench, 1), new byte[512]);
        assertSense(
                SenseKey.ABORTED_COMMAND,
                AdditionalSense.UNEXPECTED_UNSOLICITED_DATA,
                bench.next(Opcode.SCSI_RESPONSE));

        ScsiCommand follows = write(bench, 1);
        follows.setFinal(false);
        bench.initiator.send(follows);
        bench.assertSilent();
        bench.initiator.send(bench.initiator.dataOut(follows.initiatorTaskTag(), -1, 0, 0, true), new byte[512]);
        assertSense(
                SenseKey.ABORTED_COMMAND,
                AdditionalSense.UNEXPECTED_UNSOLICITED_DATA,
                bench.next(Opcode.SCSI_RESPONSE));
        assertTrue(bench.device.executed.isEmpty());
    }

    @Test
    void immediateDataBeyondTheFirstBurstFailTheCommand() {
        Bench bench = new Bench().loggedIn("FirstBurstLength=512");
        bench.initiator.send(write(bench, 4), new byte[513]);
        assertSense(
                SenseKey.ABORTED_COMMAND,
                AdditionalSense.UNEXPECTED_UNSOLICITED_DATA,
                bench.next(Opcode.SCSI_RESPONSE));
    }

    @Test
    void dataForAnUnknownTransferAreRejectedAndForAnUnknownTaskDropped() {
        Bench bench = new Bench().loggedIn();
        ScsiCommand write = write(bench, 1);
        bench.initiator.send(write);
        int transferTag = bench.next(Opcode.READY_TO_TRANSFER).r2t().targetTransferTag();
        bench.initiator.send(
                bench.initiator.dataOut(write.initiatorTaskTag(), transferTag + 1, 0, 0, true), new byte[512]);
        assertEquals(
                RejectReason.INVALID_PDU_FIELD,
                bench.next(Opcode.REJECT).reject().reason());
        bench.initiator.send(bench.initiator.dataOut(12345, transferTag, 0, 0, true), new byte[512]);
        bench.assertSilent();
        bench.initiator.send(bench.initiator.dataOut(write.initiatorTaskTag(), transferTag, 0, 0, true), new byte[512]);
        assertGood(bench.next(Opcode.SCSI_RESPONSE));
    }

    @Test
    void bidirectionalCommandsAreNotKnown() {
        Bench bench = new Bench().loggedIn();
        ScsiCommand both = write(bench, 1);
        both.setRead(true);
        bench.initiator.send(both, new byte[512]);
        assertSense(
                SenseKey.ILLEGAL_REQUEST,
                AdditionalSense.INVALID_COMMAND_OPERATION_CODE,
                bench.next(Opcode.SCSI_RESPONSE));
    }

    @Test
    void transfersBeyondTheLimitAreRefusedBeforeAnythingIsAllocated() {
        Bench bench = new Bench(new IscsiLimits().transferBytes(64 << 10)).loggedIn();
        ScsiCommand write = bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 0xffff_ffffL, true);
        bench.initiator.send(write);
        assertSense(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB, bench.next(Opcode.SCSI_RESPONSE));
        assertEquals(0, bench.group.buffers().heldBytes());

        ScsiCommand shortRead =
                bench.initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 1), 0xffff_ffffL, false);
        bench.initiator.send(shortRead);
        SentPdu good = bench.next(Opcode.DATA_IN);
        assertEquals(512, good.data().length);
        assertEquals(0xffff_ffffL - 512, good.dataIn().residualBytes());

        ScsiCommand longRead =
                bench.initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 129), 129 * 512, false);
        bench.initiator.send(longRead);
        assertSense(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB, bench.next(Opcode.SCSI_RESPONSE));
        assertTrue(bench.group.buffers().heldBytes() < 256 << 10);
    }

    @Test
    void whatOneSessionAnnouncesLeavesBuffersForAnother() {
        Bench greedy = new Bench(new IscsiLimits().bufferBytes(4 << 20).transferBytes(512 << 10)).loggedIn();
        Bench modest = new Bench(greedy);
        modest.initiator.isid++;
        modest.loggedIn();
        greedy.device.holding = true;
        for (int i = 0; i < 16; i++) {
            greedy.initiator.send(greedy.initiator.command(0, new byte[6], 0xffff_ffffL, false));
        }
        int taken = greedy.device.held.size();
        assertTrue(taken >= 1);
        for (int i = taken; i < 16; i++) {
            assertEquals(0x28, greedy.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
        }
        modest.initiator.read(0, 1024);
        assertEquals(taken + 1, greedy.device.held.size());
        modest.assertSilent();
    }

    @Test
    void withoutBuffersCommandsEndWithBusyOrTaskSetFull() {
        Bench bench = new Bench(new IscsiLimits().bufferBytes(BUFFERS).transferBytes(1 << 20)).loggedIn();
        bench.initiator.send(bench.initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 1), 1 << 20, false));
        assertEquals(0x08, bench.next(Opcode.SCSI_RESPONSE).scsiResponse().status(), "BUSY: it is the only command");

        bench.device.holding = true;
        bench.initiator.send(bench.initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 1), 512 << 10, false));
        bench.initiator.send(
                bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1024), 512 << 10, true));
        assertEquals(0x28, bench.next(Opcode.SCSI_RESPONSE).scsiResponse().status(), "TASK SET FULL");
        assertTrue(bench.group.buffers().heldBytes() <= BUFFERS);

        bench.device.holding = false;
        bench.device.endHeld();
        bench.next(Opcode.DATA_IN);
        bench.initiator.read(0, 8);
        bench.next(Opcode.DATA_IN);
        bench.initiator.send(bench.initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 1), 512 << 10, false));
        bench.next(Opcode.DATA_IN);
    }

    @Test
    void oneSessionMayHoldItsShareOfBuffersOnly() {
        Bench bench = new Bench(new IscsiLimits().sessionBufferBytes(1 << 20)).loggedIn();
        bench.device.holding = true;
        bench.initiator.send(bench.initiator.command(0, Initiator.cdb10(FakeDevice.READ_10, 0, 1), 1 << 20, false));
        bench.initiator.read(0, 1);
        assertEquals(0x28, bench.next(Opcode.SCSI_RESPONSE).scsiResponse().status());
        bench.device.endHeld();
        bench.next(Opcode.DATA_IN);
        bench.initiator.read(0, 1);
        assertEquals(1, bench.device.held.size());
    }

    @Test
    void aPduMayComeByteByByte() {
        Bench bench = new Bench().loggedIn();
        byte[] data = new byte[515];
        new Random(3).nextBytes(data);
        ScsiCommand write = bench.initiator.command(0, Initiator.cdb10(FakeDevice.WRITE_10, 0, 1), 512, true);
        for (byte b : Initiator.bytes(write, Arrays.copyOf(data, 512))) {
            bench.receive(new byte[] {b});
        }
        assertGood(bench.next(Opcode.SCSI_RESPONSE));
        assertArrayEquals(Arrays.copyOf(data, 512), Arrays.copyOf(bench.device.disk, 512));
        for (int pings = 0; pings < 2; pings++) { // the second finds its place behind the padding of the first
            for (byte b : Initiator.bytes(bench.initiator.nopOut(true), data)) {
                bench.receive(new byte[] {b});
            }
            assertArrayEquals(data, bench.next(Opcode.NOP_IN).data());
        }
    }
}
