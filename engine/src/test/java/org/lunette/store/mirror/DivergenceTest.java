package org.lunette.store.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

/** Two stores that differ, and two that may not be taken for such. */
@Timeout(60)
class DivergenceTest {
    private static final int SIZE_BYTES = 1 << 20;

    private final long seed = Long.getLong("lunette.seed", System.nanoTime());
    private final Store second;
    private final StoreCalls behind;
    private Store mirror;

    DivergenceTest() throws StoreException {
        second = Stores.open("ram:1M");
        behind = new StoreCalls(second, SIZE_BYTES);
        mirror = new MirrorStore(Stores.open("ram:1M"), second);
    }

    @AfterEach
    void close() {
        mirror.close();
        behind.close();
    }

    @Test
    void theFirstByteInWhichTheyDifferFailsTheRead() {
        Random random = new Random(seed);
        try (StoreCalls calls = new StoreCalls(mirror, SIZE_BYTES)) {
            byte[] data = new byte[SIZE_BYTES];
            random.nextBytes(data);
            calls.write(0, data);
            for (int i = 0; i < 200; i++) {
                int at = random.nextInt(SIZE_BYTES);
                behind.write(at, new byte[] {(byte) ~data[at]});
                int from = Math.max(0, at - random.nextInt(5000));
                StoreCalls.Ended ended =
                        calls.read(from, new byte[Math.min(SIZE_BYTES - from, at - from + 1 + random.nextInt(100))], 0);
                assertEquals(StoreStatus.READ_FAILED, ended.status(), "seed " + seed);
                assertEquals(at, ended.errorOffsetBytes(), "seed " + seed);
                behind.write(at, new byte[] {data[at]});
            }
            assertArrayEquals(data, calls.read(0, SIZE_BYTES));
        }
    }

    @Test
    void aFailureOfOneIsAFailure() throws StoreException {
        second.resize(SIZE_BYTES / 2);
        try (StoreCalls calls = new StoreCalls(mirror, SIZE_BYTES)) {
            byte[] data = new byte[SIZE_BYTES];
            assertEquals(StoreStatus.OUT_OF_RANGE, calls.read(0, data, 0).status());
            assertEquals(
                    StoreStatus.OUT_OF_RANGE, calls.write(0, data, 0, false).status());
            assertEquals(SIZE_BYTES / 2, mirror.sizeBytes());
        }
    }

    /**
     * Each store does what it is told on threads that are in no order: what overlaps must come to both in one order.
     */
    @Test
    void operationsThatOverlapFindThemAlike() throws Exception {
        mirror.close();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        mirror = new MirrorStore(new LateStore(threads), new LateStore(threads));
        Random random = new Random(seed);
        int length = 8192;
        int operations = 3000;
        CountDownLatch left = new CountDownLatch(operations);
        List<StoreStatus> statuses = new ArrayList<>();
        try (Region memory = Region.allocate(StoreCalls.REGION_NAME, (16L + operations) * length)) {
            for (int i = 0; i < operations; i++) {
                long address = memory.address() + (long) (i % 16) * length;
                Memory.fill(address, i < 16 ? length : 0, (byte) i);
                long offset = 512L * random.nextInt(32);
                StoreCompletion ended = (status, error) -> {
                    synchronized (statuses) {
                        statuses.add(status);
                    }
                    left.countDown();
                };
                if (random.nextInt(3) == 0) {
                    mirror.read(offset, memory.address() + (16L + i) * length, length, ended);
                } else {
                    mirror.write(offset, address, length, false, ended);
                }
            }
            left.await();
            statuses.removeIf(status -> status == StoreStatus.OK);
            assertEquals(List.of(), statuses);
            try (StoreCalls calls = new StoreCalls(mirror, SIZE_BYTES)) {
                byte[] data = new byte[64 * 1024];
                assertEquals(StoreStatus.OK, calls.read(0, data, 0).status(), "seed " + seed);
                assertArrayEquals(new byte[32 * 1024], Arrays.copyOfRange(data, 32 * 1024, data.length));
            }
        } finally {
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    /** A RAM disk whose operations are done by other threads. */
    private static final class LateStore implements Store {
        private final Store store = Stores.open("ram:1M");
        private final ExecutorService threads;

        LateStore(ExecutorService threads) throws StoreException {
            this.threads = threads;
        }

        @Override
        public StoreProperties properties() {
            return store.properties();
        }

        @Override
        public long sizeBytes() {
            return store.sizeBytes();
        }

        @Override
        public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
            threads.execute(() -> store.read(offsetBytes, address, lengthBytes, completion));
        }

        @Override
        public void write(long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion ended) {
            int waits = ThreadLocalRandom.current().nextInt(20_000);
            threads.execute(() -> {
                LockSupport.parkNanos(waits);
                store.write(offsetBytes, address, lengthBytes, durable, ended);
            });
        }

        @Override
        public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
            threads.execute(() -> store.flush(offsetBytes, lengthBytes, completion));
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
