package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.admin.RefusalException;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.Stores;

/** A device's capacity follows its administrator, and what lies below; never to less without a word of his. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CapacityTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private final AtomicInteger told = new AtomicInteger();
    private Path image;
    private Unit served;
    private Capacities capacities;
    private Verbs verbs;

    /** A transport that counts what it is told. */
    private final class Transport implements FrontEnd {
        @Override
        public int threadsThatMayWait() {
            return 1;
        }

        @Override
        public LogicalUnit.Builder describe(LogicalUnit.Builder builder) {
            return builder;
        }

        @Override
        public void capacityChanged(String unit) {
            assertEquals("d", unit);
            told.incrementAndGet();
        }

        @Override
        public List<InetSocketAddress> start(
                List<Unit> units, RingFactory rings, Counters counters, Resources resources) {
            return List.of();
        }
    }

    @BeforeEach
    void open() throws Exception {
        image = folder.resolve("image");
        serve(Stores.open("file:" + image + ",size=2M"));
    }

    private void serve(Store store) {
        LogicalUnit unit = LogicalUnit.builder("d", store).blockBytes(4096).build();
        served = new Unit(unit, Identity.of("", "d"), store, "file:" + image, true);
        capacities = new Capacities(List.of(served), new Transport());
        verbs = new Verbs(List.of(new ResizeVerb(List.of(served), capacities)));
    }

    @AfterEach
    void close() {
        capacities.close();
        served.unit().close();
        served.store().close();
    }

    /** A store whose size below is looked at only when something else has been done. */
    private static Store lookedAtAfter(Store store, Runnable first) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(store, arguments);
                    if (method.getName().equals("sizeBelowBytes")) {
                        first.run();
                    }
                    return result;
                });
    }

    private void setLength(long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    private void assertCapacity(long bytes, int timesTold) {
        assertEquals(bytes, served.unit().blocks() * 4096);
        assertEquals(timesTold, told.get());
    }

    private String refusal(String... arguments) {
        return assertThrows(RefusalException.class, () -> resize(arguments)).getMessage();
    }

    private void resize(String... arguments) throws RefusalException {
        Map<String, String> named = new TreeMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            named.put(arguments[i], arguments[i + 1]);
        }
        verbs.handle("resize", named);
    }

    @Test
    void growthBelowIsTakenOverWithinSeconds() throws Exception {
        capacities.start();
        setLength(3 * MIB + 512);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (served.unit().blocks() * 4096 != 3 * MIB && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertEquals(3 * MIB, served.unit().blocks() * 4096);
        assertEquals(3 * MIB, served.store().sizeBytes(), "whole blocks");
    }

    @Test
    void whatHasShrunkBelowKeepsItsCapacityUntilItIsGivenUp() throws Exception {
        setLength(MIB);
        capacities.of(served).follow();
        capacities.of(served).follow();
        assertCapacity(2 * MIB, 0);
        assertTrue(refusal("name", "d").contains("--force"), refusal("name", "d"));
        resize("name", "d", "force", "true");
        assertCapacity(MIB, 1);
    }

    @Test
    void theAdministratorGrowsItAndShrinksItByForce() throws Exception {
        resize("name", "d", "size", "4M");
        assertCapacity(4 * MIB, 1);
        assertTrue(refusal("name", "d", "size", "3M").contains("--force"));
        assertCapacity(4 * MIB, 1);
        resize("name", "d", "size", "3M", "force", "true");
        assertCapacity(3 * MIB, 2);
        resize("name", "d", "size", "3M");
        assertCapacity(3 * MIB, 2);
    }

    /** Though nobody has noticed yet that there is more. */
    @Test
    void whatLiesBelowIsNotCutOffWithoutForce() throws Exception {
        setLength(4 * MIB);
        assertTrue(refusal("name", "d", "size", "3M").contains("3 MiB is less than the 4 MiB that it has"));
        assertEquals(4 * MIB, Files.size(image));
        resize("name", "d", "size", "3M", "force", "true");
        assertCapacity(3 * MIB, 1);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertTrue(refusal("name", "x", "size", "4M").contains("no device 'x'; there are [d]"));
        assertTrue(refusal("size", "4M").contains("'name' is missing"));
        assertTrue(refusal("name", "d", "size", "huge").contains("'huge' is not a size"));
        assertTrue(refusal("name", "d", "size", "4194816").contains("4096"));
        assertTrue(refusal("name", "d", "size", "0", "force", "true").contains("0 bytes is none"));
        assertTrue(refusal("name", "d", "sise", "4M").contains("takes no 'sise'"));
        assertTrue(assertThrows(RefusalException.class, () -> verbs.handle("rsize", Map.of()))
                .getMessage()
                .contains("it knows [resize]"));
        assertCapacity(2 * MIB, 0);
    }

    @Test
    void whatIsLeftOfABlockIsNeitherCountedNorCutOff() throws Exception {
        close();
        setLength(3 * MIB - 512);
        serve(Stores.open("file:" + image));
        capacities.of(served).follow();
        resize("name", "d");
        resize("name", "d", "size", Integer.toString(3 * MIB - 4096));
        assertCapacity(3 * MIB - 4096, 0);
        assertEquals(3 * MIB - 512, Files.size(image));
        resize("name", "d", "size", "4M");
        assertCapacity(4 * MIB, 1);
    }

    /** What was seen below may be of a moment before the administrator had it otherwise. */
    @Test
    void aLookDoesNotUndoWhatTheAdministratorHasDoneMeanwhile() throws Exception {
        close();
        AtomicBoolean resized = new AtomicBoolean();
        serve(lookedAtAfter(Stores.open("file:" + image), () -> {
            if (resized.compareAndSet(false, true)) {
                assertDoesNotThrow(() -> resize("name", "d", "size", "1M", "force", "true"));
            }
        }));
        capacities.of(served).follow();
        assertCapacity(MIB, 1);
        assertEquals(MIB, Files.size(image));
    }

    @Test
    void aRemovedFileDoesNotStopTheLooksAtOthers() throws IOException {
        Files.delete(image);
        capacities.of(served).follow();
        assertCapacity(2 * MIB, 0);
    }
}
