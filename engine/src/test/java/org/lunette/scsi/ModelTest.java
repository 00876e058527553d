package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * Random streams of READ, WRITE, VERIFY, SYNCHRONIZE CACHE, changes of the write cache and power failures, at a unit
 * and at two arrays that say what there is and what would survive: they agree on data, status, sense and residual.
 */
class ModelTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 256;
    private static final int STEPS = 20_000;
    private static final int[] LENGTHS = {6, 10, 12, 16};

    private final long seed = Long.getLong("lunette.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
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
        for (int step = 0; step < STEPS; step++) {
            int cdbBytes = LENGTHS[random.nextInt(4)];
            int lba = random.nextInt(BLOCKS + 4);
            int blocks = random.nextInt(12);
            int transfer = cdbBytes == 6 && blocks == 0 ? 256 : blocks;
            what = "seed " + seed + ", step " + step + ", lba " + lba + ", " + blocks + " blocks, " + cdbBytes;
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> read(cdbBytes, lba, blocks, transfer);
                case 3, 4, 5, 6 -> write(cdbBytes, lba, blocks, transfer);
                case 7 -> verify(LENGTHS[1 + random.nextInt(3)], lba, blocks);
                case 8 -> synchronize(random.nextBoolean() ? 10 : 16, lba, blocks);
                default -> cacheOrPower();
            }
        }
        assertArrayEquals(cached, store.snapshot(), "seed " + seed);
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
        if ((flags & Cdb.FUA) != 0 || !writeBack) {
            makeDurable(lba, written);
        }
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
