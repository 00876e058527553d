package org.lunette.frontend.iscsi.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lunette.frontend.iscsi.pdu.Opcode;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;

/** Whatever bytes come: no exception, no memory beyond the limits, and no session that stays behind. */
class HostilePduTest {
    private static final int ROUNDS = 400;
    private static final int PDUS = 150;
    private static final long BUFFER_LIMIT = 4 << 20;

    private final long seed = Long.getLong("lunette.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static IscsiLimits limits() {
        return new IscsiLimits()
                .bufferBytes(BUFFER_LIMIT)
                .sessionBufferBytes(2 << 20)
                .transferBytes(1 << 20)
                .commandsPerSession(16)
                .immediateCommandsPerSession(4)
                .receiveSegmentBytes(16 << 10);
    }

    @Test
    void randomPdusAfterALogin() {
        System.out.println("seed " + seed);
        int answered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Bench bench = new Bench(limits());
            bench.loggedIn(
                    "InitialR2T=" + (random.nextBoolean() ? "Yes" : "No"),
                    "ImmediateData=" + (random.nextBoolean() ? "Yes" : "No"),
                    "MaxOutstandingR2T=" + (1 + random.nextInt(4)),
                    "MaxRecvDataSegmentLength=" + (512 + random.nextInt(4096)));
            bench.device.holding = random.nextInt(4) == 0;
            for (int i = 0; i < PDUS && !bench.transport.aborted; i++) {
                bench.receive(randomPdu(bench));
                if (random.nextInt(20) == 0) {
                    bench.device.endHeld();
                    bench.thread.run();
                }
                answered += drain(bench);
                assertTrue(bench.group.buffers().heldBytes() <= BUFFER_LIMIT);
            }
            end(bench, round);
        }
        System.out.println(answered + " answers");
        assertTrue(answered > ROUNDS * 10, "the target answered " + answered + " times: the test does not get far");
    }

    @Test
    void randomBytesFromTheStart() {
        System.out.println("seed " + seed);
        for (int round = 0; round < ROUNDS; round++) {
            Bench bench = new Bench(limits());
            for (int i = 0; i < 20 && !bench.transport.aborted; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                bench.receive(bytes);
            }
            end(bench, round);
        }
    }

    @Test
    void loginsWithBytesChanged() {
        System.out.println("seed " + seed);
        for (int round = 0; round < ROUNDS * 5; round++) {
            Bench bench = new Bench(limits());
            byte[] login = Initiator.bytes(
                    bench.initiator.login(true, 1, 3),
                    Initiator.text(
                            "InitiatorName=" + Initiator.NAME,
                            "TargetName=" + Initiator.TARGET,
                            "MaxBurstLength=8192"));
            for (int i = random.nextInt(8); i >= 0; i--) {
                login[random.nextInt(login.length)] = (byte) random.nextInt();
            }
            bench.receive(login);
            bench.receive(randomPdu(bench));
            end(bench, round);
        }
    }

    private int drain(Bench bench) {
        int count = bench.transport.sent.size();
        for (SentPdu sent : bench.transport.sent) {
            if (sent.opcode() == Opcode.READY_TO_TRANSFER && random.nextInt(3) == 0) {
                lastTransferTag = sent.r2t().targetTransferTag();
            }
        }
        bench.transport.sent.clear();
        return count;
    }

    private int lastTransferTag = 1;

    /** A PDU that makes sense in most of its fields, so that it gets past the first check now and then. */
    private byte[] randomPdu(Bench bench) {
        int headerBytes = Pdu.BHS_BYTES + (random.nextInt(8) == 0 ? random.nextInt(32) * 4 : 0);
        byte[] header = new byte[headerBytes];
        random.nextBytes(header);
        ScsiCommand pdu = new ScsiCommand(header);
        int[] opcodes = {0, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 0x10, 0x1c, 0x21, 0x3f};
        int opcode = random.nextInt(40) == 0 ? 6 : opcodes[random.nextInt(opcodes.length - 1)];
        if (opcode == 6 && random.nextInt(10) > 0) {
            opcode = 1;
        }
        header[0] = (byte) (opcode | (random.nextInt(3) == 0 ? 0x40 : 0));
        pdu.setAhsBytes(headerBytes - Pdu.BHS_BYTES);
        pdu.setLun((long) random.nextInt(3) << 48);
        pdu.setInitiatorTaskTag(random.nextInt(30) == 0 ? -1 : random.nextInt(24));
        if (opcode == 5) {
            int tag = random.nextBoolean() ? -1 : lastTransferTag;
            header[20] = (byte) (tag >>> 24);
            header[21] = (byte) (tag >>> 16);
            header[22] = (byte) (tag >>> 8);
            header[23] = (byte) tag;
            boolean plain = random.nextBoolean();
            for (int i = 36; plain && i < 44; i++) {
                header[i] = 0;
            }
        } else if (opcode == 1) {
            pdu.setExpectedBytes(random.nextInt(4) == 0 ? random.nextInt() & 0xffff_ffffL : random.nextInt(8192));
            int[] operations = {FakeDevice.READ_10, FakeDevice.WRITE_10, FakeDevice.VENDOR_IN, 0, 0x55};
            pdu.setCdb(Initiator.cdb10(operations[random.nextInt(5)], random.nextInt(4200), random.nextInt(64)), 10);
        }
        if (random.nextInt(10) > 0) {
            pdu.setCmdSn(bench.initiator.cmdSn + (random.nextInt(6) == 0 ? random.nextInt(20) - 4 : 0));
            if (opcode != 5 && !pdu.isImmediate()) {
                bench.initiator.cmdSn++;
            }
        }
        int[] lengths = {0, 0, 512, 100, 1, 4096, 8192};
        int bytes = random.nextInt(500) == 0 ? 1 << 20 : lengths[random.nextInt(lengths.length)];
        byte[] data = new byte[bytes > 16 << 10 ? 0 : bytes];
        byte[] all = Initiator.bytes(pdu, data);
        if (bytes > 16 << 10) {
            all[5] = (byte) (bytes >>> 16); // a length that is never made good
        }
        return all;
    }

    private void end(Bench bench, int round) {
        bench.disconnect();
        bench.device.holding = false;
        bench.device.endHeld();
        bench.thread.run();
        String what = "seed " + seed + ", round " + round;
        assertEquals(0, bench.group.sessionCount(), what);
        assertTrue(bench.device.nexuses.isEmpty(), what);
        bench.groups.close();
        assertEquals(0, bench.group.buffers().heldBytes(), what);
    }
}
