package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskManagement;
import org.lunette.scsi.reservation.ActionResult.Outcome;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.KeptValues;

class LegacyReserveTest {
    private static final byte[] RESERVE_6 = Cdb.of("16 00 00 0000 00");
    private static final byte[] RELEASE_6 = Cdb.of("17 00 00 0000 00");
    private static final byte[] RESERVE_10 = Cdb.of("56 00 00 000000 00 0000 00");
    private static final byte[] RELEASE_10 = Cdb.of("57 00 00 000000 00 0000 00");

    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", FakeStore.ofBlocks(1024)).build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");

    private static void conflict(Reply reply) {
        reply.is(ScsiStatus.RESERVATION_CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 10})
    void theHolderAloneHasTheUnit(int cdbBytes) {
        byte[] reserve = cdbBytes == 6 ? RESERVE_6 : RESERVE_10;
        byte[] release = cdbBytes == 6 ? RELEASE_6 : RELEASE_10;
        a.none(reserve).good();
        a.none(reserve).good();
        a.in(Cdb.read(0, 1), 512).good();
        conflict(b.none(Cdb.testUnitReady()));
        conflict(b.in(Cdb.read(0, 1), 512));
        conflict(b.none(reserve));
        b.in(Cdb.inquiry(96), 96).good();
        b.in(Cdb.reportLuns(0, 64), 64).good();
        b.in(Cdb.requestSense(false), 252).good();
        b.in(Cdb.of("25 00 00000000 0000 00 00"), 8).good();
        b.in(Cdb.of("9e 10 0000000000000000 00000020 0000"), 32).good();
        b.in(Cdb.of("4d 00 40 00 00 0000 00ff 00"), 255).good();
        conflict(b.in(Cdb.modeSense(6, 0, 0, 0x3f, 0, 255), 255));
        b.none(release).good(); // does nothing
        conflict(b.none(Cdb.testUnitReady()));
        a.none(release).good();
        b.none(Cdb.testUnitReady()).good();
        b.none(reserve).good();
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskManagement.Function.class,
            names = {"LOGICAL_UNIT_RESET", "TARGET_WARM_RESET", "TARGET_COLD_RESET"})
    void aResetEndsIt(TaskManagement.Function function) {
        a.none(RESERVE_6).good();
        b.manage(function);
        b.takeAttentions();
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void theLossOfTheNexusEndsIt() {
        a.none(RESERVE_6).good();
        a.close();
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void thirdPartyAndExtentReservationsAreRefused() {
        a.none(Cdb.of("16 10 00 0000 00")).invalidCdb(1);
        a.none(Cdb.of("16 01 00 0000 00")).invalidCdb(1);
        a.none(Cdb.of("56 10 00 000000 00 0000 00")).invalidCdb(1);
        a.none(Cdb.of("57 02 00 000000 00 0000 00")).invalidCdb(1);
    }

    @Test
    void itExcludesPersistentReservationsAndTheyExcludeIt() {
        a.none(RESERVE_6).good();
        conflict(a.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)));
        conflict(a.in(Cdb.reserveIn(0, 255), 255));
        a.none(RELEASE_6).good();
        a.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)).good();
        conflict(a.none(RESERVE_6));
        conflict(b.none(RESERVE_10));
        conflict(b.none(RELEASE_10));
    }

    /** One thread reserves, the other registers: never do both succeed, which would lock everybody out. */
    @Test
    void reservingAndRegisteringAtOnceExcludeEachOther() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 2000; round++) {
                Future<Reply> registering = other.submit(() -> {
                    start.await();
                    return b.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 2));
                });
                start.await();
                boolean reserved = a.none(RESERVE_6).status() == ScsiStatus.GOOD;
                boolean registered = registering.get().status() == ScsiStatus.GOOD;
                assertTrue(reserved != registered, "reserved and registered: " + reserved + ", round " + round);
                if (reserved) {
                    a.none(RELEASE_6).good();
                } else {
                    b.out(Cdb.reserveOut(0, 0), Cdb.keys(2, 0)).good();
                }
            }
        } finally {
            other.shutdown();
        }
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void whoHasAccessByAPersistentReservationReservesInVain(ReservationType type) {
        a.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)).good();
        b.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 2)).good();
        a.out(Cdb.reserveOut(1, type.code()), Cdb.keys(1, 0)).good();
        a.none(RESERVE_6).good();
        a.none(RELEASE_6).good();
        if (type.forRegistrants()) {
            b.none(RESERVE_10).good();
            b.none(RELEASE_10).good();
            b.in(Cdb.read(0, 1), 512).good();
        } else {
            conflict(b.none(RESERVE_10));
        }
        Initiator c = Initiator.ready(unit, "c");
        conflict(c.none(RESERVE_6));
    }

    @Test
    void oneThatAResetAbortsAsItIsTakenIsNotTaken() {
        Reservations reservations = new Reservations(KeptValues.NONE);
        AtomicBoolean wanted = new AtomicBoolean(true);
        List<Outcome> outcomes = new ArrayList<>();
        reservations.reserveLegacy(
                a.nexus(),
                () -> {
                    boolean was = wanted.getAndSet(false); // the reset comes just after the look
                    reservations.clearLegacy();
                    return was;
                },
                outcomes::add);
        assertNull(reservations.legacyHolder(), "the reset has ended what was reserved before it");
        assertEquals(1, outcomes.size());
        reservations.reserveLegacy(a.nexus(), () -> false, outcomes::add);
        assertNull(reservations.legacyHolder());
        assertEquals(Outcome.ABORTED, outcomes.get(1));
    }
}
