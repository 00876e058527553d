package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * Random streams of all commands that work on the medium, changes of the write cache and power failures, at a unit and
 * at two arrays that say what there is and what would survive: they agree on data, status, sense and residual.
 */
public class ModelTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 256;
    private static final int STEPS = 20_000;
    private static final int[] LENGTHS = {6, 10, 12, 16};

    private final long seed = Seed.OF_THIS_RUN;
    private final Random random = new Random(seed);
    private final FakeStore store = FakeStore.thin(BLOCKS);
    private final Initiator initiator =
            Initiator.ready(LogicalUnit.builder("disk0", store).build(), "a");
    private final byte[] cached = new byte[BLOCKS * BLOCK];
    private final byte[] durable = new byte[BLOCKS * BLOCK];
    private boolean writeBack = true;
    private String what;

    @Test
    void aUnitAgreesWithAnArray() {
        run();
    }

    @Test
    void aUnitOnAnAsynchronousStoreAgreesWithAnArray() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            store.by(executor);
            run();
        } finally {
            executor.shutdown();
        }
    }

    private void run() {
        int left = 0;
        for (int step = 0; step < STEPS; step++) {
            int cdbBytes = LENGTHS[random.nextInt(4)];
            int lba = random.nextInt(BLOCKS + 4);
            int blocks = random.nextInt(12);
            int transfer = cdbBytes == 6 && blocks == 0 ? 256 : blocks;
            what = "seed " + seed + ", step " + step + ", lba " + lba + ", " + blocks + " blocks, " + cdbBytes;
            try {
                command(cdbBytes, lba, blocks, transfer);
            } catch (NotCarried e) {
                left++;
            }
        }
        assertTrue(left < STEPS / 2, left + " of " + STEPS + " commands were not carried");
        assertArrayEquals(cached, store.snapshot(), "seed " + seed);
    }

    private void command(int cdbBytes, int lba, int blocks, int transfer) {
        switch (random.nextInt(18)) {
            case 0, 1, 2 -> read(cdbBytes, lba, blocks, transfer);
            case 3, 4, 5, 6 -> write(cdbBytes, lba, blocks, transfer);
            case 7 -> verify(LENGTHS[1 + random.nextInt(3)], lba, blocks);
            case 8 -> synchronize(random.nextBoolean() ? 10 : 16, lba, blocks);
            case 9, 10 -> compareAndWrite(lba, blocks);
            case 11 -> orWrite(lba, blocks);
            case 12 -> writeAtomic(lba, blocks);
            case 13 -> writeAndVerify(LENGTHS[1 + random.nextInt(3)], lba, blocks);
            case 14 -> writeSame(random.nextBoolean() ? 10 : 16, lba, blocks);
            case 15 -> unmap();
            case 16 -> preFetchOrStatus(lba, blocks);
            default -> cacheOrPower();
        }
    }

    private boolean outOfRange(Reply reply, int lba, int blocks) {
        if (lba < BLOCKS && lba + blocks <= BLOCKS) {
            return false;
        }
        assertEquals(ScsiStatus.CHECK_CONDITION, reply.status(), what);
        assertEquals("05/21/00", reply.senseCodes(), what);
        return true;
    }

    private void read(int cdbBytes, int lba, int blocks, int transfer) {
        int room = random.nextBoolean() ? transfer * BLOCK : random.nextInt(13 * BLOCK);
        int flags = cdbBytes == 6 ? 0 : random.nextInt(4) << 3;
        Reply reply = initiator.in(Cdb.read(cdbBytes, lba, blocks, flags), room);
        if (outOfRange(reply, lba, transfer)) {
            return;
        }
        assertEquals(ScsiStatus.GOOD, reply.status(), what);
        assertEquals((long) transfer * BLOCK, reply.transferBytes(), what);
        int moved = Math.min(room, transfer * BLOCK);
        assertArrayEquals(Arrays.copyOfRange(cached, lba * BLOCK, lba * BLOCK + moved), reply.data(), what);
        if ((flags & Cdb.FUA) != 0) {
            makeDurable(lba, transfer);
        }
    }

    private void write(int cdbBytes, int lba, int blocks, int transfer) {
        byte[] data = new byte[random.nextInt(4) > 0 ? transfer * BLOCK : random.nextInt(13 * BLOCK)];
        random.nextBytes(data);
        int flags = cdbBytes == 6 ? 0 : random.nextInt(4) << 3;
        Reply reply = initiator.out(Cdb.write(cdbBytes, lba, blocks, flags), data);
        if (outOfRange(reply, lba, transfer)) {
            return;
        }
        assertEquals(ScsiStatus.GOOD, reply.status(), what);
        assertEquals((long) transfer * BLOCK, reply.transferBytes(), what);
        int written = Math.min(transfer, data.length / BLOCK);
        System.arraycopy(data, 0, cached, lba * BLOCK, written * BLOCK);
        settle(flags, lba, written);
    }

    private void verify(int cdbBytes, int lba, int blocks) {
        boolean one = random.nextInt(3) == 0;
        int end = Math.min(BLOCKS, lba + blocks);
        byte[] data = lba >= BLOCKS ? new byte[0] : Arrays.copyOfRange(cached, lba * BLOCK, end * BLOCK);
        if (one) {
            data = Arrays.copyOf(data, BLOCK);
        }
        if (data.length > 0 && random.nextBoolean()) {
            data[random.nextInt(data.length)] ^= 1;
        }
        Reply reply = initiator
                .send(initiator.prepare(
                        Cdb.verify(cdbBytes, lba, blocks, one ? 3 : 1),
                        DataDirection.OUT,
                        data,
                        data.length,
                        data.length))
                .reply();
        if (outOfRange(reply, lba, blocks)) {
            return;
        }
        int differs = -1;
        for (int i = 0; i < blocks * BLOCK && differs < 0; i++) {
            if (cached[lba * BLOCK + i] != data[one ? i % BLOCK : i]) {
                differs = one ? i % BLOCK : i;
            }
        }
        if (differs < 0) {
            assertEquals(ScsiStatus.GOOD, reply.status(), what);
        } else {
            assertEquals("0e/1d/00", reply.senseCodes(), what);
            assertEquals(differs, reply.information(), what);
        }
    }

    private void synchronize(int cdbBytes, int lba, int blocks) {
        Reply reply = initiator.none(Cdb.synchronizeCache(cdbBytes, lba, blocks, 0));
        if (!outOfRange(reply, lba, blocks)) {
            assertEquals(ScsiStatus.GOOD, reply.status(), what);
            makeDurable(lba, blocks == 0 ? BLOCKS - lba : blocks);
        }
    }

    private void compareAndWrite(int lba, int blocks) {
        byte[] data = new byte[2 * blocks * BLOCK];
        random.nextBytes(data);
        if (lba < BLOCKS) {
            System.arraycopy(cached, lba * BLOCK, data, 0, Math.min(blocks, BLOCKS - lba) * BLOCK);
        }
        int differs = blocks > 0 && random.nextInt(3) == 0 ? random.nextInt(blocks * BLOCK) : -1;
        if (differs >= 0) {
            data[differs] ^= 4;
        }
        boolean wrongSize = random.nextInt(8) == 0;
        byte[] sent = wrongSize ? Arrays.copyOf(data, data.length + BLOCK) : data;
        int flags = random.nextInt(4) << 3;
        Reply reply = initiator.out(Cdb.ranged(0x89, 16, lba, blocks, flags), sent);
        if (outOfRange(reply, lba, blocks)) {
            return;
        }
        if (wrongSize) {
            reply.invalidCdb(13);
        } else if (differs >= 0) {
            assertEquals("0e/1d/00", reply.senseCodes(), what);
            assertEquals(differs, reply.information(), what);
        } else {
            assertEquals(ScsiStatus.GOOD, reply.status(), what);
            assertEquals(data.length, reply.transferBytes(), what);
            System.arraycopy(data, blocks * BLOCK, cached, lba * BLOCK, blocks * BLOCK);
            settle(flags, lba, blocks);
        }
    }

    /** Data for so many blocks, or sometimes more, or less. */
    private byte[] dataFor(int blocks) {
        byte[] data = new byte[random.nextInt(4) > 0 ? blocks * BLOCK : random.nextInt(13 * BLOCK)];
        random.nextBytes(data);
        return data;
    }

    private void written(Reply reply, int blocks) {
        assertEquals(ScsiStatus.GOOD, reply.status(), what);
        assertEquals((long) blocks * BLOCK, reply.transferBytes(), what);
    }

    private void settle(int flags, int lba, int blocks) {
        if ((flags & Cdb.FUA) != 0 || !writeBack) {
            makeDurable(lba, blocks);
        }
    }

    private void orWrite(int lba, int blocks) {
        byte[] data = dataFor(blocks);
        int flags = random.nextInt(4) << 3;
        Reply reply = initiator.out(Cdb.ranged(0x8b, 16, lba, blocks, flags), data);
        if (outOfRange(reply, lba, blocks)) {
            return;
        }
        written(reply, blocks);
        int done = Math.min(blocks, data.length / BLOCK);
        for (int i = 0; i < done * BLOCK; i++) {
            cached[lba * BLOCK + i] |= data[i];
        }
        settle(flags, lba, done);
    }

    private void writeAtomic(int from, int count) {
        int lba = random.nextInt(3) == 0 ? from : from & -8;
        int blocks = random.nextInt(3) == 0 ? count : 8;
        byte[] data = dataFor(blocks);
        int flags = random.nextInt(4) << 3;
        Reply reply = initiator.out(Cdb.ranged(0x9c, 16, lba, blocks, flags), data);
        if (outOfRange(reply, lba, blocks)) {
            return;
        }
        if (blocks == 0) {
            assertEquals(ScsiStatus.GOOD, reply.status(), what);
        } else if (lba % 8 != 0) {
            reply.invalidCdb(2);
        } else if (blocks != 8 || data.length < 8 * BLOCK) {
            reply.invalidCdb(12);
        } else {
            written(reply, blocks);
            System.arraycopy(data, 0, cached, lba * BLOCK, 8 * BLOCK);
            settle(flags, lba, 8);
        }
    }

    private void writeAndVerify(int cdbBytes, int lba, int blocks) {
        byte[] data = dataFor(blocks);
        int code = cdbBytes == 10 ? 0x2e : cdbBytes == 12 ? 0xae : 0x8e;
        int flags = random.nextInt(2) << 4 | random.nextInt(2) << 1;
        Reply reply = initiator.out(Cdb.ranged(code, cdbBytes, lba, blocks, flags), data);
        if (!outOfRange(reply, lba, blocks)) {
            written(reply, blocks);
            int done = Math.min(blocks, data.length / BLOCK);
            System.arraycopy(data, 0, cached, lba * BLOCK, done * BLOCK);
            makeDurable(lba, done);
        }
    }

    private void writeSame(int cdbBytes, int lba, int count) {
        boolean noData = cdbBytes == 16 && random.nextInt(3) == 0;
        byte[] block = new byte[noData ? 0 : random.nextInt(8) == 0 ? random.nextInt(3 * BLOCK) : BLOCK];
        if (random.nextBoolean()) {
            random.nextBytes(block);
        }
        int flags = random.nextInt(2) << 3 | (noData ? 1 : 0);
        Reply reply = initiator.out(Cdb.ranged(cdbBytes == 10 ? 0x41 : 0x93, cdbBytes, lba, count, flags), block);
        if (outOfRange(reply, lba, count)) {
            return;
        }
        if (count == 0 || !noData && block.length != BLOCK) {
            reply.invalidCdb(cdbBytes == 10 ? 7 : 10);
            return;
        }
        assertEquals(ScsiStatus.GOOD, reply.status(), what);
        assertEquals(block.length, reply.transferBytes(), what);
        byte[] each = Arrays.copyOf(block, BLOCK);
        for (int i = lba; i < lba + count; i++) {
            System.arraycopy(each, 0, cached, i * BLOCK, BLOCK);
        }
        settle(0, lba, count);
    }

    private void unmap() {
        int descriptors = random.nextInt(4);
        ByteBuffer list = ByteBuffer.allocate(8 + 16 * descriptors + random.nextInt(20));
        list.putShort(2, (short) (16 * descriptors));
        byte[] then = cached.clone();
        int first = BLOCKS;
        int end = 0;
        boolean fits = true;
        for (int i = 0; i < descriptors; i++) {
            int lba = random.nextInt(BLOCKS + (random.nextInt(6) == 0 ? 3 : 0));
            int blocks = Math.min(random.nextInt(24), random.nextInt(10) == 0 ? 24 : Math.max(0, BLOCKS - lba));
            list.putLong(8 + 16 * i, lba).putInt(16 + 16 * i, blocks);
            if (blocks == 0) {
                continue;
            }
            fits &= lba < BLOCKS && lba + blocks <= BLOCKS;
            first = Math.min(first, lba);
            end = Math.max(end, lba + blocks);
            if (fits) {
                Arrays.fill(then, lba * BLOCK, (lba + blocks) * BLOCK, (byte) 0);
            }
        }
        byte[] cdb = new byte[10];
        cdb[0] = 0x42;
        cdb[8] = (byte) list.capacity();
        Reply reply = initiator.out(cdb, list.array());
        if (!fits) {
            assertEquals("05/21/00", reply.senseCodes(), what);
            return;
        }
        assertEquals(ScsiStatus.GOOD, reply.status(), what);
        assertEquals(list.capacity(), reply.transferBytes(), what);
        System.arraycopy(then, 0, cached, 0, cached.length);
        if (end > 0) {
            settle(0, first, end - first);
        }
    }

    /** What is said to be deallocated reads as zeros, and every block is told of once. */
    private void preFetchOrStatus(int lba, int blocks) {
        if (random.nextBoolean()) {
            boolean ten = random.nextBoolean();
            Reply reply = initiator.none(Cdb.ranged(ten ? 0x34 : 0x90, ten ? 10 : 16, lba, blocks, 0));
            if (!outOfRange(reply, lba, blocks)) {
                assertEquals(ScsiStatus.GOOD, reply.status(), what);
            }
            return;
        }
        Reply reply = initiator.in(Cdb.ranged(0x9e, 16, lba, 4096, 0x12), 4096);
        if (outOfRange(reply, lba, 0)) {
            return;
        }
        long at = lba;
        for (int offset = 8; offset < reply.data().length; offset += 16) {
            assertEquals(at, reply.u64(offset), what);
            long next = at + reply.u32(offset + 8);
            if (reply.u8(offset + 12) == 1) {
                byte[] there = Arrays.copyOfRange(cached, (int) at * BLOCK, (int) next * BLOCK);
                assertArrayEquals(new byte[there.length], there, what);
            }
            at = next;
        }
        assertEquals(BLOCKS, at, what);
    }

    private void cacheOrPower() {
        switch (random.nextInt(10)) {
            case 0 -> {
                writeBack = !writeBack;
                byte[] list = Cdb.of("00000000 0812" + (writeBack ? "04" : "00") + "00".repeat(17));
                initiator.out(Cdb.modeSelect(6, list.length), list).good();
                if (!writeBack) {
                    makeDurable(0, BLOCKS);
                }
            }
            case 1 -> {
                store.losePower();
                System.arraycopy(durable, 0, cached, 0, cached.length);
                assertArrayEquals(cached, store.snapshot(), what);
            }
            default -> initiator.none(Cdb.testUnitReady()).good();
        }
    }

    private void makeDurable(int lba, int blocks) {
        System.arraycopy(cached, lba * BLOCK, durable, lba * BLOCK, blocks * BLOCK);
    }
}
