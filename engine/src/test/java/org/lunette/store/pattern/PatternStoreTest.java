package org.lunette.store.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.store.Store;
import org.lunette.store.StoreCalls;
import org.lunette.store.StoreException;
import org.lunette.store.StoreStatus;
import org.lunette.store.Stores;

/** Not by the contract of stores: it takes no data but its own. */
class PatternStoreTest {
    private static final int SIZE_BYTES = 1 << 20;
    private static final long SEED = 0x1122_3344_5566_7788L;

    private final long randomSeed = Long.getLong("lunette.seed", System.nanoTime());
    private final Random random = new Random(randomSeed);
    private final Store store;
    private final StoreCalls calls;

    PatternStoreTest() throws StoreException {
        store = Stores.open("pattern:1M,seed=" + SEED);
        calls = new StoreCalls(store, SIZE_BYTES);
    }

    @AfterEach
    void close() {
        calls.close();
        store.close();
    }

    /** As the documents have it. */
    private static byte[] right(long offset, int length) {
        long first = offset & -8;
        ByteBuffer words = ByteBuffer.allocate(length + 16);
        for (long at = first; words.remaining() >= 8; at += 8) {
            words.putLong(at + SEED);
        }
        return Arrays.copyOfRange(words.array(), (int) (offset - first), (int) (offset - first) + length);
    }

    @Test
    void readsThePatternAtAnyPlaceAndLength() {
        for (int i = 0; i < 500; i++) {
            int length = random.nextInt(3000);
            int offset = random.nextInt(SIZE_BYTES - length + 1);
            assertArrayEquals(right(offset, length), calls.read(offset, length), "seed " + randomSeed);
        }
    }

    @Test
    void takesThePatternAtAnyPlace() {
        for (int i = 0; i < 500; i++) {
            int length = random.nextInt(3000);
            int offset = random.nextInt(SIZE_BYTES - length + 1);
            StoreCalls.Ended ended = calls.write(offset, right(offset, length), random.nextInt(16), false);
            assertEquals(StoreStatus.OK, ended.status(), "seed " + randomSeed);
        }
    }

    @Test
    void aWrongByteFailsTheWriteAndIsFound() {
        for (int i = 0; i < 500; i++) {
            int length = 1 + random.nextInt(3000);
            int offset = random.nextInt(SIZE_BYTES - length + 1);
            byte[] data = right(offset, length);
            int wrong = random.nextInt(length);
            data[wrong] ^= (byte) (1 << random.nextInt(8));
            StoreCalls.Ended ended = calls.write(offset, data, random.nextInt(16), false);
            assertEquals(StoreStatus.WRITE_FAILED, ended.status());
            assertEquals(offset + wrong, ended.errorOffsetBytes(), "seed " + randomSeed);
            assertArrayEquals(right(offset, length), calls.read(offset, length), "nothing has changed");
        }
    }

    @Test
    void beyondTheEndIsOutOfRange() throws StoreException {
        assertEquals(
                StoreStatus.OUT_OF_RANGE, calls.read(SIZE_BYTES, new byte[1], 0).status());
        assertEquals(
                StoreStatus.OUT_OF_RANGE,
                calls.write(SIZE_BYTES - 1, new byte[2], 0, false).status());
        assertThrows(IndexOutOfBoundsException.class, () -> store.read(-1, 0, 1, (status, offset) -> {}));
        store.resize(2 * SIZE_BYTES);
        assertArrayEquals(right(SIZE_BYTES, 512), calls.read(SIZE_BYTES, 512));
    }

    @Test
    void whatIsWrongIsSaidInWords() {
        byte[] two = right(8192, 1024);
        assertEquals("the sector at byte 4096 (LBA of 512 bytes 8) has what belongs to byte 8192", found(4096, two));
        byte[] torn = right(4096, 1024);
        Arrays.fill(torn, 700, 1024, (byte) 0);
        assertEquals(
                "the sector at byte 4608 (LBA of 512 bytes 9) is right up to byte 4796, from where on it is zeros",
                found(4096, torn));
        System.arraycopy(right(65536, 512), 200, torn, 200, 312);
        String mixed = found(4096, torn);
        assertTrue(mixed.endsWith("is right up to byte 4296, from where on it has what belongs to byte 65736"), mixed);
        byte[] noise = {1, 2, 3};
        assertEquals("the sector at byte 0 (LBA of 512 bytes 0) is no part of the pattern: 01 02 03", found(9, noise));
    }

    private static String found(long offset, byte[] data) {
        Pattern pattern = new Pattern(SEED);
        try (Region region = Region.allocate(StoreCalls.REGION_NAME, data.length)) {
            Memory.copy(data, 0, region.address(), data.length);
            long wrong = pattern.firstWrong(offset, region.address(), data.length);
            return new Finding(pattern, SIZE_BYTES).describe(offset, region.address(), data.length, wrong);
        }
    }
}
