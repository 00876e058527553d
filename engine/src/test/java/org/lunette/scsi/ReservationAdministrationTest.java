package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.reservation.ActionResult.Outcome;
import org.lunette.scsi.reservation.Registration;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** What an administrator may do to reservations. */
class ReservationAdministrationTest {
    private static final long A = 0xa;
    private static final long B = 0xb;

    private final FakeKeptValues kept = new FakeKeptValues();
    private LogicalUnit unit = build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");
    private final List<Outcome> outcomes = new ArrayList<>();

    private LogicalUnit build() {
        return LogicalUnit.builder("disk0", FakeStore.ofBlocks(1024))
                .keptValues(kept)
                .build();
    }

    private void reserve(ReservationType type) {
        for (Initiator one : List.of(a, b)) {
            byte[] list = Cdb.keys(0, one == a ? A : B);
            list[20] = 0x01;
            one.out(Cdb.reserveOut(0, 0), list).good();
        }
        a.out(Cdb.reserveOut(1, type.code()), Cdb.keys(A, 0)).good();
    }

    private List<Long> keys() {
        return unit.reservations().state().registrations().stream()
                .map(Registration::key)
                .toList();
    }

    @Test
    void whatIsReservedIsSeen() {
        assertNull(unit.reservations().state().type());
        reserve(ReservationType.EXCLUSIVE_ACCESS);
        assertEquals(
                ReservationType.EXCLUSIVE_ACCESS, unit.reservations().state().type());
        assertEquals(A, unit.reservations().state().holder().key());
        assertEquals(List.of(A, B), keys());
    }

    @Test
    void clearingAllTellsEverybodyAndIsKept() {
        reserve(ReservationType.EXCLUSIVE_ACCESS);
        unit.reservations().clear(outcomes::add);
        assertEquals(List.of(Outcome.DONE), outcomes);
        for (Initiator one : List.of(a, b)) {
            one.none(Cdb.testUnitReady()).check(SenseKey.UNIT_ATTENTION, AdditionalSense.RESERVATIONS_PREEMPTED);
            one.none(Cdb.testUnitReady()).good();
        }
        b.out(Cdb.write(0, 1), new byte[512]).good();
        unit.close();
        unit = build();
        assertEquals(List.of(), keys());
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void clearingTheHoldersKeyReleases(ReservationType type) {
        reserve(type);
        unit.reservations().clear(A, outcomes::add);
        assertEquals(List.of(Outcome.DONE), outcomes);
        a.none(Cdb.testUnitReady()).check(SenseKey.UNIT_ATTENTION, AdditionalSense.REGISTRATIONS_PREEMPTED);
        boolean remains = type.allRegistrants();
        assertEquals(remains ? type : null, unit.reservations().state().type());
        assertEquals(type.forRegistrants() && !remains ? 1 : 0, b.takeAttentions());
        assertEquals(List.of(B), keys());
        unit.reservations().clear(B, outcomes::add);
        assertNull(unit.reservations().state().type());
    }

    @Test
    void clearingAnotherKeyLeavesTheReservation() {
        reserve(ReservationType.WRITE_EXCLUSIVE);
        unit.reservations().clear(B, outcomes::add);
        assertEquals(
                ReservationType.WRITE_EXCLUSIVE, unit.reservations().state().type());
        assertEquals(0, a.takeAttentions());
        unit.reservations().clear(77, outcomes::add);
        assertEquals(List.of(Outcome.DONE, Outcome.INVALID_KEY), outcomes);
    }

    @Test
    void whatCannotBeKeptIsNotCleared() {
        reserve(ReservationType.WRITE_EXCLUSIVE);
        kept.endWith(StoreStatus.WRITE_FAILED);
        unit.reservations().clear(outcomes::add);
        assertEquals(List.of(Outcome.NOT_KEPT), outcomes);
        assertEquals(List.of(A, B), keys());
        assertEquals(0, a.takeAttentions());
    }

    @Test
    void clearingAllEndsAReservationByReserve() {
        a.none(Cdb.of("16 00 00 0000 00")).good();
        assertEquals(
                a.nexus().initiatorPort(), unit.reservations().legacyHolder().initiatorPort());
        unit.reservations().clear(outcomes::add);
        assertNull(unit.reservations().legacyHolder());
        b.none(Cdb.testUnitReady()).good();
    }
}
