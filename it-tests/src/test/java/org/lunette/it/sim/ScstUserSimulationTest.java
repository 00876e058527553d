package org.lunette.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.bridge.scstuser.MemoryReuse;
import org.lunette.frontend.scstuser.ScstUserFrontEnd;
import org.lunette.frontend.scstuser.ScstUserSettings;
import org.lunette.metrics.Counters;
import org.lunette.ring.DedicatedRings;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;

/**
 * The front-end on the model of SCST's device, with initiators that do what a seed says. {@code -Dlunette.seed=N} runs
 * one seed, {@code -Dlunette.seeds=N} that many.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScstUserSimulationTest {
    private static final int STEPS = 1500;
    private static final int BLOCKS = 256;
    private static final int DEFAULT_SEEDS = 60;
    private static final int THREADED_SHARE = 4;
    private static final long END_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    static LongStream seeds() {
        Long one = Long.getLong("lunette.seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.range(0, Integer.getInteger("lunette.seeds", DEFAULT_SEEDS));
    }

    static LongStream threadedSeeds() {
        return seeds().filter(seed -> seed % THREADED_SHARE == 0 || Long.getLong("lunette.seed") != null);
    }

    private static ScstUserSettings settings(Random random) {
        MemoryReuse[] reuse = MemoryReuse.values();
        long maxBufferBytes = random.nextInt(4) == 0 ? 200_000 : 1 << 30;
        return ScstUserSettings.of("sim", 0, SimUnit.BLOCK_BYTES)
                .withThreads(1 + random.nextInt(3))
                .withBatchCommands(1 + random.nextInt(8))
                .withMemoryReuse(reuse[random.nextInt(reuse.length)])
                .withLimits(maxBufferBytes, 30_000);
    }

    private static ModelFaults faults(Random random, Random ofFaults) {
        return random.nextBoolean() ? new ModelFaults(ofFaults, 0, 0, 0) : new ModelFaults(ofFaults, 3, 3, 50, 3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void steppedByHand(long seed) throws Exception {
        stepped(seed);
    }

    @Test
    void aSeedReplaysItsRun() throws Exception {
        assertEquals(stepped(7), stepped(7));
    }

    /** One thread does everything, in an order that the seed alone determines; returns a digest of what happened. */
    private static long stepped(long seed) throws Exception {
        Random random = new Random(seed);
        ScstUserSettings settings = settings(random);
        ModelScstUserDevice device = new ModelScstUserDevice(faults(random, random), false);
        int laterOneIn = 1 + random.nextInt(4);
        Counters counters = new Counters();
        try (SimUnit unit = new SimUnit(BLOCKS, command -> random.nextInt(laterOneIn) == 0);
                RingFactory rings = new SharedRings(16, counters)) {
            ScstUserFrontEnd frontEnd = ScstUserFrontEnd.open(settings, unit, rings, device, counters);
            Workload workload = new Workload(device.core, BLOCKS, 24, random);
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> unit.completeOne();
                    case 1 -> frontEnd.turn(random.nextInt(settings.threads()));
                    default -> workload.step();
                }
            }
            boolean closesUnderLoad = random.nextInt(3) == 0;
            for (int i = 0; !closesUnderLoad && i < STEPS && !(workload.isDone() && device.core.isQuiet()); i++) {
                while (unit.completeOne()) {
                    // all that waits
                }
                frontEnd.turn(i % settings.threads());
            }
            while (unit.completeOne()) {
                // all that waits
            }
            assertBuffers(device, settings, closesUnderLoad, seed, System.nanoTime());
            frontEnd.close();
            assertEnd(device, unit, workload, closesUnderLoad, seed);
            assertTrue(workload.ended > STEPS / 20, "seed " + seed + ": commands ended: " + workload.ended);
            return workload.trace();
        } finally {
            device.dispose();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("threadedSeeds")
    void withThreads(long seed) throws Exception {
        Random random = new Random(seed);
        ScstUserSettings settings = settings(random);
        ModelScstUserDevice device = new ModelScstUserDevice(faults(random, new Random(seed)), true);
        Counters counters = new Counters();
        boolean dedicated = random.nextBoolean();
        try (SimUnit unit = new SimUnit(BLOCKS, command -> (command.tag() * 31 + seed) % 4 == 0);
                RingFactory rings =
                        dedicated ? new DedicatedRings("test", 16, 2, counters) : new SharedRings(16, counters)) {
            Completers completers = new Completers(unit, 2);
            ScstUserFrontEnd frontEnd = ScstUserFrontEnd.start(settings, unit, rings, device, counters);
            Workload workload = new Workload(device.core, BLOCKS, 24, random);
            long deadline = System.nanoTime() + END_TIMEOUT_NANOS;
            while (workload.ended < STEPS && System.nanoTime() - deadline < 0) {
                workload.step();
                if (workload.underWay() >= 20) {
                    device.core.awaitEvent(1);
                }
            }
            boolean closesUnderLoad = random.nextInt(3) == 0;
            while (!closesUnderLoad
                    && !(workload.isDone() && device.core.isQuiet())
                    && System.nanoTime() - deadline < 0) {
                device.core.awaitEvent(1);
            }
            assertBuffers(device, settings, closesUnderLoad, seed, deadline);
            frontEnd.close();
            completers.stop();
            assertEnd(device, unit, workload, closesUnderLoad, seed);
        } finally {
            device.dispose();
        }
    }

    /**
     * When all is quiet, what is mapped is what the kernel has: nothing leaks while the device lives. A command that
     * the device has forgotten may still be with the unit, though, or just have been answered on another thread.
     */
    private static void assertBuffers(
            ModelScstUserDevice device, ScstUserSettings settings, boolean underLoad, long seed, long deadline) {
        if (underLoad || settings.memoryReuse() != MemoryReuse.ALL) {
            return;
        }
        while (lentBytes(device) != mappedBytes() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        assertEquals(lentBytes(device), mappedBytes(), "seed " + seed + ": data buffers");
    }

    private static long lentBytes(ModelScstUserDevice device) {
        synchronized (device.core) {
            return device.core.buffers.lentBytes();
        }
    }

    private static long mappedBytes() {
        return RegionCounts.openBytes("scst_user data: sim");
    }

    private static void assertEnd(
            ModelScstUserDevice device, SimUnit unit, Workload workload, boolean closedUnderLoad, long seed) {
        String where = "seed " + seed + ": ";
        assertEquals(List.of(), device.violations(), where + "violations of the device's rules");
        assertEquals(List.of(), unit.violations(), where + "violations of the unit's rules");
        assertEquals(List.of(), workload.failures(), where + "what initiators saw");
        assertEquals(0, device.unansweredAtClose, where + "subcommands fetched and not answered");
        assertEquals(List.of(), unit.initiators(), where + "nexuses left");
        if (!closedUnderLoad) {
            assertTrue(workload.isDone() && device.core.isQuiet(), where + "something hangs: " + device.core);
            assertTrue(workload.endedGood > 0, where + "nothing went well");
        }
        assertEquals(Map.of(), ScstRegions.open(), where + "memory left");
    }

    /** Threads that complete, at some time, what the unit put aside. */
    private static final class Completers {
        private final Thread[] threads;
        private volatile boolean stopping;

        Completers(SimUnit unit, int count) {
            threads = new Thread[count];
            for (int i = 0; i < count; i++) {
                threads[i] = new Thread(() -> {
                    while (!stopping) {
                        if (!unit.completeOne()) {
                            LockSupport.parkNanos(50_000);
                        }
                    }
                });
                threads[i].start();
            }
        }

        void stop() throws InterruptedException {
            stopping = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
