package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.reservation.ActionResult;
import org.lunette.scsi.reservation.ActionResult.Outcome;
import org.lunette.scsi.reservation.PersistentReservations;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/** Reservations of a unit that keeps values: APTPL, over restarts, and where keeping fails. */
class ReservationPersistenceTest {
    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int RELEASE = 2;
    private static final int CLEAR = 3;
    private static final int PREEMPT = 4;
    private static final int REGISTER_AND_IGNORE = 6;
    private static final String KEPT = "reservations";
    private static final byte[] RESERVE_6 = Cdb.of("16 00 00 0000 00");

    private static final long A = 0xa;
    private static final long B = 0xb;

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final FakeKeptValues kept = new FakeKeptValues();
    private LogicalUnit unit = build();
    private Initiator a = Initiator.ready(unit, "a");
    private Initiator b = Initiator.ready(unit, "b");

    private LogicalUnit build() {
        return LogicalUnit.builder("disk0", store).keptValues(kept).build();
    }

    /** As after a power loss: nobody has logged out, and only what was kept is there. */
    private void restart() {
        unit.close();
        unit = build();
        a = Initiator.ready(unit, "a");
        b = Initiator.ready(unit, "b");
    }

    private static Initiator.Pending start(Initiator initiator, int action, int type, long key, long actionKey) {
        boolean registers = action == REGISTER || action == REGISTER_AND_IGNORE;
        byte[] list = Cdb.keys(key, actionKey);
        list[20] = (byte) (registers ? 0x01 : 0x00);
        return initiator.startOut(Cdb.reserveOut(action, type), list);
    }

    private static Reply out(Initiator initiator, int action, int type, long key, long actionKey) {
        return start(initiator, action, type, key, actionKey).reply();
    }

    private List<Long> keys() {
        Reply reply = b.in(Cdb.reserveIn(0, 0xffff), 16384).good();
        List<Long> keys = new ArrayList<>();
        for (int at = 8; at < reply.data().length; at += 8) {
            keys.add(reply.u64(at));
        }
        return keys;
    }

    private int reservedType() {
        Reply reply = b.in(Cdb.reserveIn(1, 255), 255).good();
        return reply.u32(4) == 0 ? 0 : reply.u8(21);
    }

    private static void conflict(Reply reply) {
        reply.is(ScsiStatus.RESERVATION_CONFLICT);
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void whatPersistsIsThereAfterARestart(ReservationType type) {
        out(a, REGISTER, 0, 0, A).good();
        out(b, REGISTER, 0, 0, B).good();
        out(a, RESERVE, type.code(), A, 0).good();
        restart();
        assertEquals(List.of(A, B), keys());
        assertEquals(type.code(), reservedType());
        assertEquals(0, b.in(Cdb.reserveIn(0, 8), 8).good().u32(0), "PRGENERATION starts anew");
        conflict(Initiator.ready(unit, "c").out(Cdb.write(0, 1), new byte[512]));
        a.out(Cdb.write(0, 1), new byte[512]).good();
        out(a, RELEASE, type.code(), A, 0).good();
        restart();
        assertEquals(0, reservedType());
        assertEquals(List.of(A, B), keys());
    }

    @Test
    void everyChangeIsKept() {
        out(a, REGISTER, 0, 0, A).good();
        out(b, REGISTER, 0, 0, B).good();
        out(a, RESERVE, 1, A, 0).good();
        out(b, PREEMPT, 3, B, A).good();
        restart();
        assertEquals(List.of(B), keys());
        assertEquals(3, reservedType());
        out(b, REGISTER, 0, B, A).good();
        restart();
        assertEquals(List.of(A), keys());
        out(b, CLEAR, 0, A, 0).good();
        restart();
        assertEquals(List.of(), keys());
        assertEquals(0, reservedType());
    }

    @Test
    void theLastRegistrationSaysWhetherAllPersists() {
        assertEquals(
                "00 08 9d b0 ea 01 00 00",
                a.in(Cdb.reserveIn(2, 255), 255).good().hex());
        out(a, REGISTER, 0, 0, A).good();
        assertEquals(0xb1, a.in(Cdb.reserveIn(2, 255), 255).good().u8(3));
        b.out(Cdb.reserveOut(REGISTER, 0), Cdb.keys(0, B)).good();
        assertEquals(0xb0, a.in(Cdb.reserveIn(2, 255), 255).good().u8(3));
        restart();
        assertEquals(List.of(), keys());
        assertEquals(0xb0, a.in(Cdb.reserveIn(2, 255), 255).good().u8(3));
    }

    @Test
    void whoRegistersNothingLeavesWhatPersists() {
        out(a, REGISTER, 0, 0, A).good();
        out(a, RESERVE, 3, A, 0).good();
        b.out(Cdb.reserveOut(REGISTER, 0), Cdb.keys(0, 0)).good();
        b.out(Cdb.reserveOut(REGISTER_AND_IGNORE, 0), Cdb.keys(B, 0)).good();
        assertEquals(0xb1, a.in(Cdb.reserveIn(2, 255), 255).good().u8(3));
        restart();
        assertEquals(List.of(A), keys());
        assertEquals(3, reservedType());
    }

    @Test
    void persistenceTakesInWhatWasThereBefore() {
        a.out(Cdb.reserveOut(REGISTER, 0), Cdb.keys(0, A)).good();
        out(a, RESERVE, 5, A, 0).good();
        assertFalse(kept.values.containsKey(KEPT));
        out(b, REGISTER_AND_IGNORE, 0, 0, B).good();
        restart();
        assertEquals(List.of(A, B), keys());
        assertEquals(5, reservedType());
    }

    @Test
    void nothingIsSeenBeforeItIsKept() {
        kept.hold();
        Initiator.Pending register = start(a, REGISTER, 0, 0, A);
        Initiator.Pending reserve = start(a, RESERVE, 3, A, 0);
        Initiator.Pending legacy = b.send(b.prepare(RESERVE_6, DataDirection.NONE, null, 0, 0));
        assertFalse(register.isDone() || reserve.isDone() || legacy.isDone());
        assertEquals(List.of(), keys());
        assertEquals(0, reservedType());
        b.in(Cdb.read(0, 1), 512).good();
        kept.release();
        register.reply().good();
        reserve.reply().good();
        conflict(legacy.reply());
        assertEquals(3, reservedType());
        conflict(b.in(Cdb.read(0, 1), 512));
    }

    @Test
    void whatCannotBeKeptIsNotDone() {
        out(a, REGISTER, 0, 0, A).good();
        out(b, REGISTER, 0, 0, B).good();
        out(b, RESERVE, 5, B, 0).good();
        byte[] before = kept.values.get(KEPT);
        kept.endWith(StoreStatus.WRITE_FAILED);
        out(a, PREEMPT, 5, A, B).check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        out(b, RELEASE, 5, B, 0).check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        assertEquals(0, b.takeAttentions(), "nobody was preempted");
        assertEquals(List.of(A, B), keys());
        assertEquals(5, reservedType());
        kept.endWith(StoreStatus.OK);
        assertTrue(Arrays.equals(before, kept.values.get(KEPT)));
        out(a, PREEMPT, 5, A, B).good();
        restart();
        assertEquals(List.of(A), keys());
    }

    @Test
    void whatMayBeKeptAfterAFailureIsWrittenAgain() {
        out(a, REGISTER, 0, 0, A).good();
        out(a, RESERVE, 3, A, 0).good();
        kept.endWith(StoreStatus.WRITE_FAILED);
        kept.writeOnce();
        out(a, CLEAR, 0, A, 0).check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        out(a, RESERVE, 3, A, 0).check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        kept.endWith(StoreStatus.OK);
        out(a, RESERVE, 3, A, 0).good();
        restart();
        assertEquals(List.of(A), keys());
        assertEquals(3, reservedType());
    }

    @Test
    void anErrorInOneActionHoldsUpNoOther() {
        Reservations reservations = new Reservations(KeptValues.NONE);
        List<Outcome> outcomes = new ArrayList<>();
        reservations.perform(
                state -> {
                    throw new StackOverflowError();
                },
                result -> {
                    outcomes.add(result.outcome());
                    throw new StackOverflowError();
                });
        reservations.perform(state -> ActionResult.refused(Outcome.CONFLICT), result -> outcomes.add(result.outcome()));
        assertEquals(List.of(Outcome.NOT_KEPT, Outcome.CONFLICT), outcomes);
    }

    @Test
    void whoKeepsValuesMayThrow() {
        unit = LogicalUnit.builder("disk0", store).keptValues(new Thrower()).build();
        a = Initiator.ready(unit, "a");
        b = Initiator.ready(unit, "b");
        out(a, REGISTER, 0, 0, A).check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        assertEquals(List.of(), keys());
        a.out(Cdb.reserveOut(REGISTER, 0), Cdb.keys(0, A)).good();
        assertEquals(List.of(A), keys(), "the others go on");
    }

    /** Keeps reservations nowhere, though it says that it keeps values. */
    private static final class Thrower implements KeptValues {
        @Override
        public boolean keeps() {
            return true;
        }

        @Override
        public byte[] load(String name) {
            return null;
        }

        @Override
        public void save(String name, byte[] value, StoreCompletion completion) {
            if (name.equals(KEPT)) {
                throw new IllegalStateException("closed");
            }
            completion.ended(StoreStatus.OK, -1);
        }

        @Override
        public String place(String name) {
            return name;
        }
    }

    @Test
    void theMostThatCanBeRegisteredFits() {
        for (int i = 0; i < PersistentReservations.MAX_REGISTRATIONS; i++) {
            Initiator one = Initiator.ready(unit, longName(i));
            out(one, REGISTER, 0, 0, i + 1).good();
            one.close();
        }
        out(a, REGISTER, 0, 0, A).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_REGISTRATION_RESOURCES);
        restart();
        assertEquals(PersistentReservations.MAX_REGISTRATIONS, keys().size());
        Initiator back = Initiator.ready(unit, longName(7));
        conflict(out(back, REGISTER, 0, 0, 7));
        out(back, RESERVE, 1, 8, 0).good();
    }

    /** Makes an iSCSI name of 223 bytes. */
    private static String longName(int i) {
        return String.format("%0" + (223 - "iqn.2026-11.test:".length()) + "d", i);
    }

    @Test
    void anotherIsidIsAnotherNexus() {
        out(a, REGISTER, 0, 0, A).good();
        out(a, RESERVE, 3, A, 0).good();
        restart();
        Initiator other = new Initiator(
                unit,
                new Nexus(
                        a.nexus().initiatorPort().replace("0123456789ab", "0123456789ac"),
                        a.nexus().targetPort(),
                        1));
        other.takeAttentions();
        conflict(other.in(Cdb.read(0, 1), 512));
        a.in(Cdb.read(0, 1), 512).good();
    }

    @Test
    void damageIsReportedByName() {
        out(a, REGISTER, 0, 0, A).good();
        out(b, REGISTER, 0, 0, B).good();
        out(a, RESERVE, 3, A, 0).good();
        byte[] good = kept.values.get(KEPT);
        for (int lengthBytes = 0; lengthBytes < good.length; lengthBytes++) {
            refused(Arrays.copyOf(good, lengthBytes));
        }
        refused(Arrays.copyOf(good, good.length + 1));
        refused(changed(good, 0, 2)); // version
        refused(changed(good, 1, 0)); // APTPL
        refused(changed(good, 1, 2));
        refused(changed(good, 2, 0)); // TYPE
        refused(changed(good, 2, 2));
        refused(changed(good, 2, 7));
        refused(changed(good, 2, 0x13));
        refused(changed(good, 3, 0x7f)); // the number of registrations
        refused(changed(good, 6, 1));
        refused(changed(good, 14, 0)); // a key of 0
        refused(changed(good, 15, 0)); // nobody holds the reservation
        kept.values.put(KEPT, good);
        restart();
        assertEquals(List.of(A, B), keys());
    }

    private static byte[] changed(byte[] image, int at, int value) {
        byte[] changed = image.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private void refused(byte[] image) {
        kept.values.put(KEPT, image);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, this::build);
        assertTrue(refused.getMessage().contains("the map's " + KEPT), refused.getMessage());
    }

    @Test
    void whereTheTransportDoesReservationsNothingIsTakenUp() {
        out(a, REGISTER, 0, 0, A).good();
        out(a, RESERVE, 3, A, 0).good();
        unit.close();
        unit = LogicalUnit.builder("disk0", store)
                .keptValues(kept)
                .ownReservations(false)
                .build();
        Initiator.ready(unit, "c").in(Cdb.read(0, 1), 512).good();
    }
}
