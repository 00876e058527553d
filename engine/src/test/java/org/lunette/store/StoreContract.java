package org.lunette.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionCounts;

/**
 * What every {@link Store} owes to those who use it. An implementation's test extends this.
 *
 * <p>Random choices come from one seed, which is printed; {@code -Dlunette.seed=N} plays it again.
 */
@Timeout(120)
public abstract class StoreContract {
    /** The size of the stores under test, in bytes; no power of two, so that the end is somewhere odd. */
    protected static final int SIZE_BYTES = (4 << 20) + 3 * 4096;

    private static final int MAX_TRANSFER_BYTES = 600_000;

    /** What several writers share, and what each owns of it in turn. */
    private static final int SHARED_BYTES = 64 << 10;

    private static final int PIECE_BYTES = 1536;

    private final long seed = Long.getLong("lunette.seed", System.nanoTime());
    protected final Random random = new Random(seed);

    private Map<String, Long> regionsBefore;
    protected Store store;
    protected StoreCalls calls;

    /** Opens a new store of {@link #SIZE_BYTES} zeros. */
    protected abstract Store open() throws Exception;

    /** What the store must say of itself; rotation is not compared. */
    protected abstract StoreProperties expectedProperties();

    /** Whether it gives back what was written, or zeros. */
    protected boolean remembers() {
        return true;
    }

    /** Whether a thin store knows what takes space and what does not. */
    protected boolean tellsWhatIsTaken() {
        return true;
    }

    /** Whether it may allocate for each transfer, being there to find errors, and not to be fast. */
    protected boolean mayAllocate() {
        return false;
    }

    /** How many times slower than memory a write is, roughly: the tests repeat themselves so much less. */
    protected int slowness() {
        return 1;
    }

    @BeforeEach
    final void openStore() throws Exception {
        System.out.println(getClass().getSimpleName() + ": -Dlunette.seed=" + seed);
        regionsBefore = RegionCounts.openBytes();
        store = open();
        calls = new StoreCalls(store, SIZE_BYTES);
    }

    @AfterEach
    final void closeStoreAndLookForLeaks() {
        if (store != null) {
            store.close();
            store.close(); // harmless
            calls.close();
            Map<String, Long> open = new HashMap<>(RegionCounts.openBytes());
            // Less than before is what a test that is over gave back late.
            open.entrySet().removeIf(region -> region.getValue() <= regionsBefore.getOrDefault(region.getKey(), 0L));
            assertEquals(Map.of(), open, "memory that is still open");
        }
    }

    @Test
    void saysWhatItIs() {
        StoreProperties seen = store.properties();
        StoreProperties right = expectedProperties();
        assertEquals(right.kind(), seen.kind());
        assertEquals(right.readOnly(), seen.readOnly());
        assertEquals(right.volatileCache(), seen.volatileCache());
        assertEquals(right.blocking(), seen.blocking());
        assertEquals(right.physicalBlockBytes(), seen.physicalBlockBytes());
        assertEquals(1, Integer.bitCount(seen.physicalBlockBytes()), "a power of two");
        assertEquals(SIZE_BYTES, store.sizeBytes());
    }

    @Test
    void isZeroAtFirst() {
        assertArrayEquals(new byte[SIZE_BYTES], calls.read(0, SIZE_BYTES));
    }

    @Test
    void readsWhatWasWritten() {
        byte[] model = new byte[SIZE_BYTES];
        for (int i = 0; i < 1500 / slowness(); i++) {
            int length = randomLength();
            int offset = randomOffset(length);
            int shift = random.nextInt(3) == 0 ? random.nextInt(4096) : 512 * random.nextInt(8);
            if (random.nextBoolean()) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                boolean durable = random.nextInt(20) == 0;
                assertEquals(
                        StoreStatus.OK,
                        calls.write(offset, bytes, shift, durable).status());
                if (remembers()) {
                    System.arraycopy(bytes, 0, model, offset, length);
                }
            } else {
                byte[] bytes = new byte[length];
                StoreCalls.Ended ended = calls.read(offset, bytes, shift);
                assertEquals(StoreStatus.OK, ended.status());
                assertEquals(-1, ended.errorOffsetBytes());
                assertSame(Arrays.copyOfRange(model, offset, offset + length), bytes, offset, i);
            }
        }
        assertSame(model, calls.read(0, SIZE_BYTES), 0, -1);
    }

    private int randomLength() {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(1024);
            case 1 -> 512 * (1 + random.nextInt(32));
            case 2 -> 4096 * (1 + random.nextInt(64));
            case 3 -> random.nextInt(20_000);
            default -> random.nextInt(MAX_TRANSFER_BYTES);
        };
    }

    private int randomOffset(int length) {
        int offset = random.nextInt(SIZE_BYTES - length + 1);
        return switch (random.nextInt(4)) {
            case 0 -> offset;
            case 1 -> offset & -4096;
            case 2 -> SIZE_BYTES - length;
            default -> offset & -512;
        };
    }

    private void assertSame(byte[] right, byte[] seen, int offset, int step) {
        int differs = Arrays.mismatch(right, seen);
        if (differs >= 0) {
            fail("step " + step + ": byte " + (offset + differs) + " is " + seen[differs] + ", not " + right[differs]);
        }
    }

    @Test
    void theFirstAndTheLastByteAndAllOfIt() {
        byte[] one = {77};
        calls.write(0, one);
        calls.write(SIZE_BYTES - 1, one);
        byte[] right = remembers() ? one : new byte[1];
        assertArrayEquals(right, calls.read(0, 1));
        assertArrayEquals(right, calls.read(SIZE_BYTES - 1, 1));
        byte[] all = new byte[SIZE_BYTES];
        random.nextBytes(all);
        calls.write(0, all);
        assertArrayEquals(remembers() ? all : new byte[SIZE_BYTES], calls.read(0, SIZE_BYTES));
    }

    @Test
    void nothingIsATransferToo() {
        byte[] nothing = {};
        for (long offset : new long[] {0, 1, 512, SIZE_BYTES}) {
            assertEquals(StoreStatus.OK, calls.read(offset, nothing, 0).status());
            assertEquals(StoreStatus.OK, calls.write(offset, nothing, 0, true).status());
        }
    }

    @Test
    void aRangeThatNoStoreHasIsTheCallersMistake() {
        StoreCompletion never = (status, offset) -> fail("completed");
        try (Region region = Region.allocate(StoreCalls.REGION_NAME, 4096)) {
            long at = region.address();
            for (long[] range : new long[][] {{-1, 1}, {0, -1}, {Long.MAX_VALUE, 1}}) {
                int length = (int) range[1];
                assertThrows(IndexOutOfBoundsException.class, () -> store.read(range[0], at, length, never));
                assertThrows(IndexOutOfBoundsException.class, () -> store.write(range[0], at, length, false, never));
            }
        }
    }

    /** The store may have shrunk since the caller looked. */
    @Test
    void aRangeBeyondTheStoreIsOutOfRange() {
        byte[] two = new byte[2];
        for (long offset : new long[] {SIZE_BYTES - 1, SIZE_BYTES, 1L << 62}) {
            assertEquals(StoreStatus.OUT_OF_RANGE, calls.read(offset, two, 0).status());
            assertEquals(
                    StoreStatus.OUT_OF_RANGE, calls.write(offset, two, 0, false).status());
        }
    }

    /** Whether the store takes another size, which those in files and memory do. */
    protected boolean isResizable() {
        return true;
    }

    @Test
    void aGrownStoreKeepsWhatItHasAndIsZerosBeyond() throws StoreException {
        if (!isResizable()) {
            assertThrows(StoreException.class, () -> store.resize(2 * SIZE_BYTES));
            assertEquals(SIZE_BYTES, store.sizeBytes());
            return;
        }
        byte[] last = new byte[5000];
        random.nextBytes(last);
        calls.write(SIZE_BYTES - last.length, last);
        for (int factor = 2; factor < 8; factor++) {
            store.resize((long) factor * SIZE_BYTES);
            assertEquals((long) factor * SIZE_BYTES, store.sizeBytes());
            byte[] across = calls.read(SIZE_BYTES - last.length, 2 * last.length);
            assertArrayEquals(remembers() ? last : new byte[5000], Arrays.copyOf(across, last.length));
            assertArrayEquals(new byte[5000], Arrays.copyOfRange(across, last.length, across.length));
            byte[] end = new byte[20_000];
            random.nextBytes(end);
            long boundary = (long) factor * SIZE_BYTES - end.length;
            calls.write(boundary, end);
            assertArrayEquals(remembers() ? end : new byte[20_000], calls.read(boundary, end.length));
            calls.write(boundary, new byte[20_000]);
        }
    }

    @Test
    void aShrunkStoreKeepsWhatStaysAndHasForgottenTheRestWhenItGrowsAgain() throws StoreException {
        if (!isResizable()) {
            return;
        }
        byte[] all = new byte[64 * 1024];
        random.nextBytes(all);
        calls.write(SIZE_BYTES - all.length, all);
        store.resize(SIZE_BYTES - 32 * 1024);
        assertEquals(SIZE_BYTES - 32 * 1024, store.sizeBytes());
        assertEquals(
                StoreStatus.OUT_OF_RANGE,
                calls.read(SIZE_BYTES - 32 * 1024, new byte[512], 0).status());
        store.resize(SIZE_BYTES);
        byte[] kept = calls.read(SIZE_BYTES - all.length, all.length);
        byte[] expected = remembers() ? Arrays.copyOf(Arrays.copyOf(all, 32 * 1024), all.length) : new byte[all.length];
        assertArrayEquals(expected, kept);
    }

    @Test
    void flushesAndWritesDurably() {
        byte[] bytes = new byte[5000];
        random.nextBytes(bytes);
        assertEquals(StoreStatus.OK, calls.flush().status());
        assertEquals(StoreStatus.OK, calls.write(700, bytes, 0, true).status());
        assertEquals(StoreStatus.OK, calls.flush().status());
        assertArrayEquals(remembers() ? bytes : new byte[5000], calls.read(700, 5000));
    }

    @Test
    void whatIsUnmappedReadsAsZeros() {
        if (refusesToUnmap()) {
            return;
        }
        byte[] model = new byte[SIZE_BYTES];
        random.nextBytes(model);
        calls.write(0, model);
        for (int i = 0; i < 300 / slowness(); i++) {
            int length = randomLength();
            int offset = randomOffset(length);
            if (random.nextInt(4) == 0) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                calls.write(offset, bytes);
                System.arraycopy(bytes, 0, model, offset, length);
            } else {
                assertEquals(StoreStatus.OK, calls.unmap(offset, length).status());
                Arrays.fill(model, offset, offset + length, (byte) 0);
                byte[] around = calls.read(offset, length);
                assertArrayEquals(new byte[length], around);
            }
        }
        assertSame(model, calls.read(0, SIZE_BYTES), 0, -1);
        assertEquals(StoreStatus.OK, calls.unmap(0, SIZE_BYTES).status());
        assertArrayEquals(new byte[SIZE_BYTES], calls.read(0, SIZE_BYTES));
    }

    /** A store that is not thin is never asked to: this is true, and tested, of one. */
    private boolean refusesToUnmap() {
        if (store.properties().thin()) {
            return false;
        }
        assertThrows(IllegalStateException.class, () -> store.unmap(0, 4096, (status, offset) -> fail("completed")));
        return true;
    }

    @Test
    void tellsWhatTakesSpace() {
        if (!store.properties().thin() || !tellsWhatIsTaken()) {
            calls.write(0, new byte[SIZE_BYTES]);
            assertEquals(SIZE_BYTES, takenBytes());
            return;
        }
        assertEquals(0, takenBytes(), "taken at first");
        calls.write(0, new byte[SIZE_BYTES]);
        assertEquals(SIZE_BYTES, takenBytes(), "taken when all is written");
        calls.unmap(4096, 100 * 4096);
        assertEquals(-4096 * 100, clip(store.extentBytes(4096), 4096 * 100), "a hole of 100 blocks");
        calls.write(8192 + 512, new byte[512]);
        assertEquals(-4096, store.extentBytes(4096), "up to what is written");
        assertEquals(4096 - 512, store.extentBytes(8192 + 512), "what is written");
        assertEquals(StoreStatus.OK, calls.unmap(0, SIZE_BYTES).status());
        assertEquals(0, takenBytes(), "taken when all is given back");
    }

    @Test
    void countsWhatTakesSpace() {
        if (store.takenBytes() < 0) {
            return;
        }
        assertCounts(0);
        calls.write(4096, new byte[10 * 4096]);
        calls.write(5 * 4096, new byte[10 * 4096]);
        assertCounts(14 * 4096);
        if (!refusesToUnmap()) {
            calls.unmap(4096, 4 * 4096);
            calls.unmap(2 * 4096, 4 * 4096);
            assertCounts(9 * 4096);
        }
    }

    /** A file system may count a few records of its own. */
    private void assertCounts(long bytes) {
        long taken = store.takenBytes();
        assertTrue(taken >= bytes && taken <= bytes + 4 * 4096, taken + " bytes are taken, not " + bytes);
        long available = store.availableBytes();
        assertTrue(available >= 0 && available <= SIZE_BYTES - taken, available + " bytes are available");
    }

    private static long clip(long extent, long most) {
        return Math.max(-most, Math.min(most, extent));
    }

    private long takenBytes() {
        long taken = 0;
        long at = 0;
        while (at < SIZE_BYTES) {
            long extent = store.extentBytes(at);
            assertTrue(extent != 0 && Math.abs(extent) <= SIZE_BYTES - at, "a stretch of " + extent + " at " + at);
            taken += Math.max(0, extent);
            at += Math.abs(extent);
        }
        return taken;
    }

    /** Unmapping makes whole blocks anew: that may not undo what a writer does beside it in the same block. */
    @Test
    void unmappingDoesNotDisturbAWriterBesideIt() throws Exception {
        if (refusesToUnmap()) {
            return;
        }
        int rounds = 400 / slowness();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int writer = 0; writer < 2; writer++) {
            int from = writer * 4 * PIECE_BYTES; // 6 KiB each, so they share the second block of 4 KiB
            boolean unmaps = writer == 0;
            long writerSeed = random.nextLong();
            tasks.add(() -> {
                Random own = new Random(writerSeed);
                try (StoreCalls mine = new StoreCalls(store, 4 * PIECE_BYTES)) {
                    for (int i = 0; i < rounds; i++) {
                        byte[] bytes = new byte[4 * PIECE_BYTES];
                        own.nextBytes(bytes);
                        mine.write(from, bytes);
                        assertArrayEquals(bytes, mine.read(from, bytes.length), "written");
                        if (unmaps) {
                            assertEquals(
                                    StoreStatus.OK,
                                    mine.unmap(from, bytes.length).status());
                            assertArrayEquals(new byte[bytes.length], mine.read(from, bytes.length), "unmapped");
                        }
                    }
                }
                return null;
            });
        }
        inParallel(tasks);
    }

    /** Writers share blocks, but no byte: none may undo what another has done. */
    @Test
    void writersOfDisjointRangesDoNotDisturbEachOther() throws Exception {
        int writers = 4;
        List<Callable<byte[]>> tasks = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            long writerSeed = random.nextLong();
            tasks.add(() -> writeOwnPieces(writer, writers, new Random(writerSeed)));
        }
        List<byte[]> results = inParallel(tasks);
        byte[] right = new byte[SHARED_BYTES];
        for (int w = 0; w < writers; w++) {
            for (int piece = w; piece * PIECE_BYTES < SHARED_BYTES; piece += writers) {
                int from = piece * PIECE_BYTES;
                System.arraycopy(results.get(w), from, right, from, Math.min(PIECE_BYTES, SHARED_BYTES - from));
            }
        }
        assertSame(remembers() ? right : new byte[SHARED_BYTES], calls.read(0, SHARED_BYTES), 0, -1);
    }

    /**
     * Runs tasks at once, each on a thread of its own, and returns when all have ended: the store must not be closed
     * before.
     */
    protected static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> ended : threads.invokeAll(tasks)) {
                results.add(ended.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private byte[] writeOwnPieces(int writer, int writers, Random own) {
        byte[] model = new byte[SHARED_BYTES];
        int pieces = (SHARED_BYTES / PIECE_BYTES - writer + writers - 1) / writers;
        try (StoreCalls mine = new StoreCalls(store, PIECE_BYTES)) {
            for (int i = 0; i < 500 / slowness(); i++) {
                int from = (own.nextInt(pieces) * writers + writer) * PIECE_BYTES;
                int start = own.nextInt(PIECE_BYTES);
                byte[] bytes = new byte[1 + own.nextInt(PIECE_BYTES - start)];
                own.nextBytes(bytes);
                if (own.nextInt(4) != 0) {
                    mine.write(from + start, bytes);
                    System.arraycopy(bytes, 0, model, from + start, bytes.length);
                } else {
                    byte[] right = Arrays.copyOfRange(model, from, from + PIECE_BYTES);
                    assertSame(remembers() ? right : new byte[PIECE_BYTES], mine.read(from, PIECE_BYTES), from, i);
                }
            }
        }
        return model;
    }

    /**
     * The data path allocates nothing. What little there may be is the JVM's own: it compiles and profiles meanwhile.
     */
    @Test
    void transfersAllocateNothing() {
        if (mayAllocate()) {
            return;
        }
        int rounds = 2000 / slowness();
        try (Region region = Region.allocate(StoreCalls.REGION_NAME, 3 * 4096)) {
            com.sun.management.ThreadMXBean threads =
                    (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            int[] failed = new int[1];
            StoreCompletion completion = (status, offset) -> failed[0] += status == StoreStatus.OK ? 0 : 1;
            transfer(region.address(), rounds, completion);
            long before = threads.getCurrentThreadAllocatedBytes();
            transfer(region.address(), rounds, completion);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            System.out.println(
                    getClass().getSimpleName() + ": " + allocated + " bytes allocated in " + 4 * rounds + " transfers");
            assertEquals(0, failed[0]);
            assertTrue(allocated < 2L * 4 * rounds, () -> allocated + " bytes in " + 4 * rounds + " transfers");
        }
    }

    private void transfer(long address, int rounds, StoreCompletion completion) {
        for (int i = 0; i < rounds; i++) {
            long offset = 4096L * (i & 255);
            store.write(offset, address, 4096, false, completion);
            store.read(offset, address, 4096, completion);
            store.write(offset + 100, address + 1, 1000, false, completion);
            store.read(offset + 100, address + 1, 1000, completion);
        }
    }

    @Test
    void itsProviderIsFoundByItsKind() {
        String kind = store.properties().kind();
        assertNotNull(kind);
        assertTrue(
                Stores.usage().stream().anyMatch(line -> line.startsWith(kind + ":")),
                () -> kind + " in " + Stores.usage());
    }
}
