package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;
import org.lunette.scsi.reservation.PersistentReservations;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;

class PersistentReservationTest {
    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int RELEASE = 2;
    private static final int CLEAR = 3;
    private static final int PREEMPT = 4;
    private static final int PREEMPT_AND_ABORT = 5;
    private static final int REGISTER_AND_IGNORE = 6;

    private static final long A = 0xa;
    private static final long B = 0xb;
    private static final long C = 0xc;

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");
    private final Initiator c = Initiator.ready(unit, "c");
    private final Initiator observer = Initiator.ready(unit, "observer");

    private static Reply out(Initiator initiator, int action, int type, long key, long actionKey) {
        return initiator.out(Cdb.reserveOut(action, type), Cdb.keys(key, actionKey));
    }

    private static void register(Initiator initiator, long key) {
        out(initiator, REGISTER, 0, 0, key).good();
    }

    private static void reserve(Initiator initiator, long key, ReservationType type) {
        out(initiator, RESERVE, type.code(), key, 0).good();
    }

    private static void conflict(Reply reply) {
        reply.is(ScsiStatus.RESERVATION_CONFLICT);
    }

    private List<Long> keys() {
        Reply reply = observer.in(Cdb.reserveIn(0, 0xffff), 4096).good();
        assertEquals(reply.transferBytes() - 8, reply.u32(4));
        List<Long> keys = new ArrayList<>();
        for (int at = 8; at < reply.data().length; at += 8) {
            keys.add(reply.u64(at));
        }
        return keys;
    }

    private long generation() {
        return observer.in(Cdb.reserveIn(0, 8), 8).good().u32(0);
    }

    /** Key and type of the reservation, or "none". */
    private String reservation() {
        Reply reply = observer.in(Cdb.reserveIn(1, 255), 255).good();
        if (reply.u32(4) == 0) {
            assertEquals(8, reply.transferBytes());
            return "none";
        }
        assertEquals(16, reply.u32(4));
        return Long.toHexString(reply.u64(8)) + " type " + reply.u8(21);
    }

    /** The pending unit attentions, which are taken. */
    private static String attentions(Initiator initiator) {
        List<String> all = new ArrayList<>();
        Reply reply = initiator.none(Cdb.testUnitReady());
        while (reply.status() != ScsiStatus.GOOD) {
            assertTrue(all.size() < UnitAttention.values().length, () -> "without end: " + all);
            all.add(reply.senseCodes().substring(3));
            reply = initiator.none(Cdb.testUnitReady());
        }
        return String.join(" ", all);
    }

    // ---- the access matrix ----

    /** Which relation a nexus has to the reservation. */
    private enum Relation {
        HOLDER,
        REGISTERED,
        OTHER
    }

    private static final List<byte[]> FREE = List.of(
            Cdb.testUnitReady(),
            Cdb.inquiry(96),
            Cdb.reportLuns(0, 64),
            Cdb.requestSense(false),
            Cdb.of("25 00 00000000 000000 00"),
            Cdb.of("9e 10 0000000000000000 00000020 0000"),
            Cdb.reserveIn(0, 255),
            Cdb.of("1b 00 00 00 01 00"));
    private static final List<byte[]> READS = List.of(
            Cdb.read(6, 0, 1, 0),
            Cdb.read(10, 0, 1, 0),
            Cdb.read(12, 0, 1, 0),
            Cdb.read(16, 0, 1, 0),
            Cdb.verify(10, 0, 1, 0),
            Cdb.verify(12, 0, 1, 0),
            Cdb.verify(16, 0, 1, 0),
            Cdb.modeSense(6, 0, 0, 0x3f, 0, 255),
            Cdb.modeSense(10, 0, 0, 0x3f, 0, 255),
            Cdb.of("a3 0c 00 00 0000 000000ff 0000"),
            Cdb.of("a3 0d 00 00 0000 000000ff 0000"));
    private static final List<byte[]> WRITES = List.of(
            Cdb.write(6, 0, 1, 0),
            Cdb.write(10, 0, 1, 0),
            Cdb.write(12, 0, 1, 0),
            Cdb.write(16, 0, 1, 0),
            Cdb.synchronizeCache(10, 0, 1, 0),
            Cdb.synchronizeCache(16, 0, 1, 0),
            Cdb.of("1d 04 00 0000 00"),
            Cdb.of("1b 00 00 00 04 00"));

    /** By type: what the holder, a registered nexus and any other may do; SPC-5. */
    private static List<List<byte[]>> allowed(ReservationType type, Relation relation) {
        boolean writeExclusive = switch (type) {
            case WRITE_EXCLUSIVE, WRITE_EXCLUSIVE_REGISTRANTS_ONLY, WRITE_EXCLUSIVE_ALL_REGISTRANTS -> true;
            default -> false;
        };
        boolean onlyTheHolder = type == ReservationType.WRITE_EXCLUSIVE || type == ReservationType.EXCLUSIVE_ACCESS;
        if (relation == Relation.HOLDER || relation == Relation.REGISTERED && !onlyTheHolder) {
            return List.of(FREE, READS, WRITES);
        }
        return writeExclusive ? List.of(FREE, READS) : List.of(FREE);
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void everyTypeAllowsWhatTheStandardSaysAndNothingElse(ReservationType type) {
        register(a, A);
        register(b, B);
        reserve(a, A, type);
        List<Initiator> by = List.of(a, b, c);
        for (Relation relation : Relation.values()) {
            Initiator initiator = by.get(relation.ordinal());
            List<List<byte[]>> allowed = allowed(type, relation);
            for (List<byte[]> group : List.of(FREE, READS, WRITES)) {
                for (byte[] cdb : group) {
                    boolean conflicts = send(initiator, cdb).status() == ScsiStatus.RESERVATION_CONFLICT;
                    assertEquals(
                            !allowed.contains(group),
                            conflicts,
                            () -> type + ", " + relation + ", "
                                    + java.util.HexFormat.of().formatHex(cdb));
                    a.none(Cdb.of("1b 00 00 00 01 00")); // in case it was stopped
                }
            }
            byte[] list = Cdb.of("00000000 0a0a 00 10 00 40 00 00 ffff 0000");
            Reply select = initiator.out(Cdb.modeSelect(6, list.length), list);
            assertEquals(!allowed.contains(WRITES), select.status() == ScsiStatus.RESERVATION_CONFLICT);
        }
    }

    private static Reply send(Initiator initiator, byte[] cdb) {
        boolean write = (cdb[0] & 0x0f) == 0x0a && cdb[0] != 0x1a && cdb[0] != 0x5a;
        return write ? initiator.out(cdb, new byte[512]) : initiator.in(cdb, 512);
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void whoComesWithAnotherNameIsNotRegistered(ReservationType type) {
        register(a, A);
        reserve(a, A, type);
        Nexus otherPort = new Nexus(a.nexus().initiatorPort(), "iqn.2026-11.test:target,t,0x0002", 2);
        Initiator byOtherPort = new Initiator(unit, otherPort);
        byOtherPort.takeAttentions();
        conflict(byOtherPort.out(Cdb.write(0, 1), new byte[512]));
    }

    @Test
    void aRegistrationOutlivesItsSession() {
        register(a, A);
        reserve(a, A, ReservationType.EXCLUSIVE_ACCESS);
        a.close();
        conflict(b.in(Cdb.read(0, 1), 512));
        Initiator again = Initiator.ready(unit, "a");
        again.in(Cdb.read(0, 1), 512).good();
        again.manage(TaskManagement.Function.LOGICAL_UNIT_RESET);
        for (Initiator one : List.of(again, b, observer)) {
            one.takeAttentions();
        }
        conflict(b.in(Cdb.read(0, 1), 512));
        assertEquals("a type 3", reservation());
    }

    // ---- REGISTER ----

    @Test
    void registeringNeedsTheKeyThatIsRegistered() {
        conflict(out(a, REGISTER, 0, 5, A));
        out(a, REGISTER, 0, 0, 0).good();
        assertEquals(0, generation(), "nothing was registered");
        register(a, A);
        assertEquals(1, generation());
        conflict(out(a, REGISTER, 0, 0, B));
        conflict(out(a, REGISTER, 0, B, C));
        out(a, REGISTER, 0, A, B).good();
        assertEquals(List.of(B), keys());
        out(a, REGISTER, 0, B, 0).good();
        assertEquals(List.of(), keys());
        assertEquals(3, generation());
    }

    @Test
    void registerAndIgnoreTakesAnyKey() {
        out(a, REGISTER_AND_IGNORE, 0, 99, A).good();
        out(a, REGISTER_AND_IGNORE, 0, 98, B).good();
        assertEquals(List.of(B), keys());
        out(a, REGISTER_AND_IGNORE, 0, 97, 0).good();
        out(a, REGISTER_AND_IGNORE, 0, 97, 0).good();
        assertEquals(List.of(), keys());
        assertEquals(3, generation());
    }

    @Test
    void theSameKeyOfTwoNexusesIsListedTwice() {
        register(a, A);
        register(b, A);
        assertEquals(List.of(A, A), keys());
    }

    @Test
    void aChangedKeyStaysTheHoldersKey() {
        register(a, A);
        reserve(a, A, ReservationType.WRITE_EXCLUSIVE);
        out(a, REGISTER, 0, A, C).good();
        assertEquals("c type 1", reservation());
        out(a, RELEASE, 1, C, 0).good();
        assertEquals("none", reservation());
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void unregisteringByTheHolderReleases(ReservationType type) {
        register(a, A);
        register(b, B);
        reserve(a, A, type);
        out(a, REGISTER, 0, A, 0).good();
        boolean all = type.allRegistrants();
        assertEquals(all ? "0 type " + type.code() : "none", reservation());
        boolean told = !all && type.forRegistrants();
        assertEquals(told ? "2a/04" : "", attentions(b));
        assertEquals("", attentions(a));
        assertEquals("", attentions(c), "an unregistered nexus is not told");
        out(b, REGISTER, 0, B, 0).good();
        assertEquals("none", reservation(), "the last registered nexus has gone");
    }

    @Test
    void thereIsALimitToRegistrations() {
        for (int i = 0; i < PersistentReservations.MAX_REGISTRATIONS; i++) {
            Initiator one = Initiator.ready(unit, "n" + i);
            register(one, i + 1);
            one.close();
        }
        out(a, REGISTER, 0, 0, A).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_REGISTRATION_RESOURCES);
        assertEquals(
                8 + 8L * PersistentReservations.MAX_REGISTRATIONS,
                c.in(Cdb.reserveIn(0, 0xffff), 64).good().transferBytes());
    }

    // ---- RESERVE and RELEASE ----

    @Test
    void reservingNeedsARegistrationAndNoOtherReservation() {
        int type = ReservationType.WRITE_EXCLUSIVE.code();
        conflict(out(a, RESERVE, type, 0, 0));
        register(a, A);
        register(b, B);
        conflict(out(a, RESERVE, type, B, 0));
        out(a, RESERVE, type, A, 0).good();
        out(a, RESERVE, type, A, 0).good();
        conflict(out(a, RESERVE, ReservationType.EXCLUSIVE_ACCESS.code(), A, 0));
        conflict(out(b, RESERVE, type, B, 0));
        assertEquals("a type 1", reservation());
        assertEquals(2, generation(), "RESERVE does not count");
    }

    @Test
    void everyRegisteredNexusMayReserveForAllRegistrantsAgain() {
        register(a, A);
        register(b, B);
        reserve(a, A, ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS);
        reserve(b, B, ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS);
        assertEquals("0 type 7", reservation());
    }

    @Test
    void unknownTypesAndScopesAreRefused() {
        register(a, A);
        for (int type : new int[] {0, 2, 4, 9, 0xf, 0x11, 0x21}) {
            out(a, RESERVE, type, A, 0).invalidCdb(2);
        }
        assertEquals("none", reservation());
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void releasingTellsTheRegisteredWhereTheyHadAccess(ReservationType type) {
        register(a, A);
        register(b, B);
        reserve(a, A, type);
        conflict(out(c, RELEASE, type.code(), 0, 0));
        conflict(out(a, RELEASE, type.code(), B, 0));
        ReservationType other = ReservationType.ofCode(type.code() == 1 ? 3 : 1);
        out(a, RELEASE, other.code(), A, 0)
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
        out(a, RELEASE, 0x10 | type.code(), A, 0)
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
        if (!type.allRegistrants()) {
            out(b, RELEASE, type.code(), B, 0).good();
            assertTrue(reservation().endsWith("type " + type.code()), "b is not the holder: nothing is released");
        }
        out(a, RELEASE, type.code(), A, 0).good();
        assertEquals("none", reservation());
        assertEquals(type.forRegistrants() ? "2a/04" : "", attentions(b));
        assertEquals("", attentions(a));
        assertEquals(List.of(A, B), keys());
        out(a, RELEASE, type.code(), A, 0).good();
    }

    // ---- CLEAR, PREEMPT ----

    @Test
    void clearEndsEverything() {
        register(a, A);
        register(b, B);
        reserve(a, A, ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY);
        conflict(out(c, CLEAR, 0, 0, 0));
        conflict(out(b, CLEAR, 0, A, 0));
        out(b, CLEAR, 0, B, 0).good();
        assertEquals("2a/03", attentions(a));
        assertEquals("", attentions(b));
        assertEquals(List.of(), keys());
        assertEquals("none", reservation());
        assertEquals(3, generation());
    }

    @ParameterizedTest
    @EnumSource(
            value = ReservationType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"WRITE_EXCLUSIVE_ALL_REGISTRANTS", "EXCLUSIVE_ACCESS_ALL_REGISTRANTS"})
    void preemptingTheHolderTakesTheReservationOver(ReservationType type) {
        register(a, A);
        register(b, B);
        register(c, C);
        reserve(a, A, type);
        int wanted = ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY.code();
        out(b, PREEMPT, wanted, B, A).good();
        assertEquals("b type 5", reservation());
        assertEquals(List.of(B, C), keys());
        assertEquals("2a/05", attentions(a));
        boolean changed = type.code() != wanted;
        assertEquals(changed ? "2a/04" : "", attentions(c), "whoever stays is told of another type");
        assertEquals("", attentions(b));
        assertEquals(4, generation());
        conflict(a.out(Cdb.write(0, 1), new byte[512]));
        b.out(Cdb.write(0, 1), new byte[512]).good();
    }

    @Test
    void preemptingSomebodyElseLeavesTheReservation() {
        register(a, A);
        register(b, B);
        register(c, B);
        reserve(a, A, ReservationType.WRITE_EXCLUSIVE);
        out(a, PREEMPT, 0, A, B).good(); // the type does not count
        assertEquals(List.of(A), keys());
        assertEquals("a type 1", reservation());
        assertEquals("2a/05", attentions(b));
        assertEquals("2a/05", attentions(c));
        conflict(out(a, PREEMPT, 1, A, 77));
    }

    @Test
    void preemptingWithoutAReservationUnregisters() {
        register(a, A);
        register(b, B);
        out(a, PREEMPT, 1, A, B).good();
        assertEquals(List.of(A), keys());
        assertEquals("none", reservation());
        out(a, PREEMPT, 1, A, 0).invalidParameter(8);
        assertEquals("2a/05", attentions(b));
        conflict(out(b, PREEMPT, 1, B, A));
    }

    @Test
    void aNexusMayPreemptItself() {
        register(a, A);
        register(b, A);
        reserve(a, A, ReservationType.WRITE_EXCLUSIVE);
        out(a, PREEMPT, ReservationType.EXCLUSIVE_ACCESS.code(), A, A).good();
        assertEquals("a type 3", reservation());
        assertEquals(List.of(A), keys());
        assertEquals("2a/05", attentions(b));
    }

    @Test
    void preemptingAllRegistrantsWithKeyZeroLeavesOne() {
        register(a, A);
        register(b, B);
        register(c, C);
        reserve(a, A, ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
        out(b, PREEMPT, 0, B, 0).invalidCdb(2);
        out(b, PREEMPT, ReservationType.WRITE_EXCLUSIVE.code(), B, 0).good();
        assertEquals(List.of(B), keys());
        assertEquals("b type 1", reservation());
        assertEquals("2a/05", attentions(a));
        assertEquals("2a/05", attentions(c));
    }

    @Test
    void preemptingOneOfAllRegistrantsLeavesTheReservationToTheRest() {
        register(a, A);
        register(b, B);
        reserve(a, A, ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
        out(b, PREEMPT, 8, B, A).good();
        assertEquals("0 type 8", reservation());
        assertEquals(List.of(B), keys());
        out(b, PREEMPT, 8, B, B).good();
        assertEquals("none", reservation(), "nobody is left to hold it");
    }

    @Test
    void preemptAndAbortAbortsTheCommandsOfThePreempted() {
        register(a, A);
        register(b, B);
        reserve(a, A, ReservationType.WRITE_EXCLUSIVE);
        store.hold();
        Initiator.Pending write = a.startOut(Cdb.write(0, 1), new byte[512]);
        Initiator.Pending bystander = c.startIn(Cdb.read(0, 1), 512);
        Initiator.Pending preempt = b.startOut(Cdb.reserveOut(PREEMPT_AND_ABORT, 1), Cdb.keys(B, A));
        assertTrue(write.isAborted());
        assertFalse(bystander.isAborted());
        assertFalse(preempt.isDone(), "it waits until what it aborted has ended");
        store.release();
        preempt.reply().good();
        assertTrue(write.isDone());
        bystander.reply().good();
        assertEquals("b type 1", reservation());
        assertEquals("2a/05", attentions(a));
    }

    // ---- parameter lists ----

    @Test
    void aWrongParameterListIsRefused() {
        byte[] cdb = Cdb.reserveOut(REGISTER, 0);
        a.out(cdb, Arrays.copyOf(Cdb.keys(0, A), 23))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        cdb[8] = 25;
        a.out(cdb, new byte[25]).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        for (int flag : new int[] {0x01, 0x08}) {
            byte[] list = Cdb.keys(0, A);
            list[20] = (byte) flag;
            a.out(Cdb.reserveOut(REGISTER_AND_IGNORE, 0), list).invalidParameter(20);
        }
        a.out(Cdb.reserveOut(9, 0), Cdb.keys(0, A)).invalidCdb(1);
        assertEquals(List.of(), keys());
    }

    @Test
    void whatOnlyARegistrationHeedsIsIgnoredElsewhere() {
        register(a, A);
        register(b, B);
        int type = ReservationType.WRITE_EXCLUSIVE.code();
        withFlags(a, RESERVE, type, A, 0).good();
        withFlags(a, RELEASE, type, A, 0).good();
        withFlags(a, RESERVE, type, A, 0).good();
        withFlags(b, PREEMPT, type, B, A).good();
        assertEquals("b type 1", reservation());
        a.takeAttentions();
        register(a, A);
        withFlags(a, PREEMPT_AND_ABORT, type, A, B).good();
        assertEquals("a type 1", reservation());
        withFlags(a, CLEAR, 0, A, 0).good();
        byte[] ports = Cdb.keys(A, 0);
        ports[20] = 0x08;
        a.out(Cdb.reserveOut(RESERVE, type), ports).invalidParameter(20);
    }

    /** With ALL_TG_PT and APTPL. */
    private static Reply withFlags(Initiator initiator, int action, int type, long key, long actionKey) {
        byte[] list = Cdb.keys(key, actionKey);
        list[20] = 0x05;
        return initiator.out(Cdb.reserveOut(action, type), list);
    }

    @Test
    void capabilitiesNameAllSixTypes() {
        Reply reply = a.in(Cdb.reserveIn(2, 255), 255).good();
        assertEquals("00 08 9c b0 ea 01 00 00", reply.hex());
        for (int action = 4; action < 32; action++) {
            a.in(Cdb.reserveIn(action, 255), 255).invalidCdb(1);
        }
    }

    @Test
    void fullStatusNamesEveryNexus() {
        register(a, A);
        register(b, B);
        reserve(b, B, ReservationType.WRITE_EXCLUSIVE);
        Reply reply = c.in(Cdb.reserveIn(3, 0xffff), 4096).good();
        assertEquals(reply.transferBytes() - 8, reply.u32(4));
        int at = 8;
        for (Initiator one : List.of(a, b)) {
            boolean holder = one == b;
            assertEquals(holder ? B : A, reply.u64(at));
            assertEquals(holder ? 1 : 0, reply.u8(at + 12));
            assertEquals(holder ? 1 : 0, reply.u8(at + 13));
            assertEquals(1, reply.u16(at + 18), "relative target port");
            int idBytes = (int) reply.u32(at + 20);
            assertEquals(0, idBytes % 4);
            assertEquals(0x45, reply.u8(at + 24), "an iSCSI port's name");
            assertEquals(idBytes - 4, reply.u16(at + 26));
            String name = new String(reply.data(), at + 28, idBytes - 4, StandardCharsets.UTF_8);
            assertEquals(one.nexus().initiatorPort(), name.replace("\0", ""));
            at += 24 + idBytes;
        }
        assertEquals(at, reply.data().length);
        Reply cut = c.in(Cdb.reserveIn(3, 20), 255).good();
        assertEquals(20, cut.transferBytes());
        assertEquals(reply.u32(4), cut.u32(4), "a cut reply has the whole length");
    }

    // ---- the steps of Windows' cluster validation ----

    @Test
    void twoNodesArbitrate() {
        int type = ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY.code();
        out(a, REGISTER_AND_IGNORE, 0, 0, A).good();
        out(a, RESERVE, type, A, 0).good();
        assertEquals("a type 5", reservation());
        out(b, REGISTER_AND_IGNORE, 0, 0, B).good();
        conflict(out(b, RESERVE, type, B, 0));
        out(b, PREEMPT, type, B, A).good();
        assertEquals("b type 5", reservation());
        a.takeAttentions();
        conflict(a.out(Cdb.write(0, 1), new byte[512]));
        a.in(Cdb.read(0, 1), 512).good();
        out(b, RELEASE, type, B, 0).good();
        out(b, REGISTER, 0, B, 0).good();
        assertEquals(List.of(), keys());
        a.out(Cdb.write(0, 1), new byte[512]).good();
    }
}
