package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.admin.RefusalException;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.scstuser.ScstUserDevice;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;

/** A unit of SCST's tells of exactly what SCST's core does not tell of itself: no initiator hears twice, or never. */
class ScstFrontEndTest {
    /** Nothing in SCST's core raises these (scst_targ.c, scst_lib.c). */
    private static final Set<UnitAttention> OF_THE_UNIT =
            EnumSet.of(UnitAttention.MEDIUM_CHANGED, UnitAttention.TIMESTAMP_CHANGED, UnitAttention.IDENTIFIER_CHANGED);

    private LogicalUnit unit;
    private Initiator a;
    private Initiator b;

    @BeforeEach
    void connect() {
        unit = new ScstFrontEnd(Optional.empty())
                .describe(LogicalUnit.builder("d", FakeStore.ofBlocks(100)))
                .build();
        a = Initiator.ready(unit, "a");
        b = Initiator.ready(unit, "b");
    }

    @AfterEach
    void close() {
        unit.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatTheCoreDoesNotRaiseIsReturnedOncePerSession(UnitAttention attention) {
        unit.raise(attention, NexusScope.ALL);
        for (Initiator initiator : new Initiator[] {a, b}) {
            if (OF_THE_UNIT.contains(attention)) {
                initiator.none(Cdb.testUnitReady()).attention(attention.additionalSense());
            }
            initiator.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void aScopeLeavesOutWhoKnowsAlready() {
        unit.raise(UnitAttention.TIMESTAMP_CHANGED, NexusScope.allBut(a.nexus()));
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).attention(UnitAttention.TIMESTAMP_CHANGED.additionalSense());
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aNewCapacityIsThereWithoutTheUnitsRaisingIt() throws Exception {
        unit.resize(200 * 512);
        a.none(Cdb.testUnitReady()).good();
        assertEquals(200, unit.blocks());
    }

    /** One of SCST's devices, which counts how often it is told of a new capacity. */
    private static ScstUserDevice device(AtomicInteger told) {
        CountDownLatch ending = new CountDownLatch(1);
        return (ScstUserDevice) Proxy.newProxyInstance(
                ScstUserDevice.class.getClassLoader(),
                new Class<?>[] {ScstUserDevice.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "capacityChanged" -> told.incrementAndGet();
                        case "wakeThreads" -> ending.countDown();
                        case "replyAndGetMulti" -> {
                            ending.await();
                            return -Errno.EAGAIN;
                        }
                        default -> {}
                    }
                    return method.getReturnType() == int.class ? 0 : null;
                });
    }

    private static Unit served(String name, ScstFrontEnd frontEnd) {
        Store store = FakeStore.ofBlocks(100);
        LogicalUnit unit = frontEnd.describe(LogicalUnit.builder(name, store)).build();
        return new Unit(unit, Identity.of("", name), store, "fake", false);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theCoreIsToldOfANewCapacityOfThatDeviceAlone() throws Exception {
        Map<String, AtomicInteger> told = Map.of("one", new AtomicInteger(), "two", new AtomicInteger());
        ScstFrontEnd frontEnd = new ScstFrontEnd(description -> device(told.get(description.name())));
        List<Unit> units = List.of(served("one", frontEnd), served("two", frontEnd));
        Capacities capacities = new Capacities(units, frontEnd);
        Resources resources = new Resources();
        try {
            RingFactory rings = resources.add(new SharedRings(RingFactory.DEFAULT_DEPTH, new Counters()));
            frontEnd.start(units, rings, new Counters(), resources);
            Verbs verbs = new Verbs(List.of(new ResizeVerb(units, capacities), new AluaShowVerb(units)));
            verbs.handle("resize", Map.of("name", "two", "size", "100K"));
            assertEquals(0, told.get("one").get());
            assertEquals(1, told.get("two").get());
            verbs.handle("resize", Map.of("name", "two", "size", "100K"));
            assertEquals(1, told.get("two").get(), "nothing has changed");
            RefusalException refused = assertThrows(RefusalException.class, () -> verbs.handle("alua-show", Map.of()));
            assertTrue(refused.getMessage().contains("SCST's"), refused::getMessage);
        } finally {
            resources.close();
            units.forEach(each -> each.unit().close());
        }
    }
}
