package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.reservation.PersistentReservations;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * Registrations of other nexuses than the one that asks: SPEC_I_PT, ALL_TG_PT, REGISTER AND MOVE; who is registered.
 */
class RegisteringOthersTest {
    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int REGISTER_AND_IGNORE = 6;
    private static final int MOVE = 7;
    private static final int REPLACE_LOST = 8;
    private static final int SPEC_I_PT = 0x08;
    private static final int ALL_TG_PT = 0x04;
    private static final int UNREG = 0x02;
    private static final String ISID = ",i,0x0123456789ab";

    private static final long A = 0xa;
    private static final long B = 0xb;

    private final TargetPorts ports = new TargetPorts();
    private final LogicalUnit unit = LogicalUnit.builder("disk0", FakeStore.ofBlocks(1024))
            .targetPorts(ports)
            .build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");
    private final Initiator c = Initiator.ready(unit, "c");
    private final Initiator observer = Initiator.ready(unit, "observer");

    private static String name(String initiator) {
        return "iqn.2026-11.test:" + initiator;
    }

    private static byte[] id(int format, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int nameBytes = Math.max(20, text.length / 4 * 4 + 4);
        return ByteBuffer.allocate(4 + nameBytes)
                .put((byte) (format << 6 | 5))
                .put((byte) 0)
                .putShort((short) nameBytes)
                .put(text)
                .array();
    }

    private static byte[] specifying(long key, long newKey, byte[]... ids) {
        int idsBytes = List.of(ids).stream().mapToInt(id -> id.length).sum();
        ByteBuffer list = ByteBuffer.allocate(28 + idsBytes).put(Cdb.keys(key, newKey));
        list.put(20, (byte) SPEC_I_PT).putInt(idsBytes);
        for (byte[] id : ids) {
            list.put(id);
        }
        return list.array();
    }

    private static byte[] moving(long key, long newKey, int flags, int port, byte[] id) {
        ByteBuffer list = ByteBuffer.allocate(24 + id.length).put(Cdb.keys(key, newKey));
        list.put(17, (byte) flags)
                .putShort(18, (short) port)
                .putInt(20, id.length)
                .put(id);
        return list.array();
    }

    private static Reply out(Initiator initiator, int action, int type, byte[] list) {
        byte[] cdb = Cdb.reserveOut(action, type);
        ByteBuffer.wrap(cdb).putInt(5, list.length);
        return initiator.out(cdb, list);
    }

    private static void register(Initiator initiator, long key) {
        out(initiator, REGISTER, 0, Cdb.keys(0, key)).good();
    }

    /** Each registration of READ FULL STATUS: key, whether it holds the reservation, port by port. */
    private List<String> registered() {
        Reply reply = observer.in(Cdb.reserveIn(3, 0xffff), 0xffff).good();
        List<String> all = new ArrayList<>();
        int at = 8;
        while (at < reply.data().length) {
            int idBytes = (int) reply.u32(at + 20);
            String text = new String(reply.data(), at + 28, idBytes - 4, StandardCharsets.UTF_8).replace("\0", "");
            String type = reply.u8(at + 12) == 1 ? " holds " + reply.u8(at + 13) : "";
            all.add(Long.toHexString(reply.u64(at)) + " "
                    + text.replace(name(""), "").replace(ISID, "") + " " + reply.u16(at + 18) + type);
            at += 24 + idBytes;
        }
        return all;
    }

    private static void conflict(Reply reply) {
        reply.is(ScsiStatus.RESERVATION_CONFLICT);
    }

    // ---- SPEC_I_PT ----

    @Test
    void onePortRegistersOthers() {
        out(a, REGISTER, 0, specifying(0, A, id(1, name("b") + ISID), id(1, name("away") + ",i,0x00000000001F")))
                .good();
        assertEquals(List.of("a a 1", "a b 1", "a away,i,0x00000000001f 1"), registered());
        assertEquals(1, observer.in(Cdb.reserveIn(0, 8), 8).good().u32(0), "PRGENERATION");
        conflict(out(b, REGISTER, 0, Cdb.keys(0, B)));
        out(b, RESERVE, 5, Cdb.keys(A, 0)).good();
        a.out(Cdb.write(0, 1), new byte[512]).good();
        conflict(c.out(Cdb.write(0, 1), new byte[512]));
    }

    @Test
    void namesCompareInAnyCase() {
        out(a, REGISTER, 0, specifying(0, A, id(1, "IQN.2026-11.Test:B,i,0X0123456789AB")))
                .good();
        assertEquals(List.of("a a 1", "a b 1"), registered());
    }

    @Test
    void aDeviceIsAllOfItsPortsThatAreThere() {
        Nexus other = new Nexus(name("b") + ",i,0x000000000002", b.nexus().targetPort(), 1);
        new Initiator(unit, other);
        out(a, REGISTER, 0, specifying(0, A, id(0, name("b")), id(1, name("b") + ISID)))
                .good();
        assertEquals(
                List.of("a a 1", "a b 1", "a b,i,0x000000000002 1"),
                registered().stream().sorted().toList());
        out(c, REGISTER, 0, specifying(0, B, id(0, name("nobody")))).invalidParameter(32);
    }

    @Test
    void theRegisteredKeepTheirKeys() {
        register(b, B);
        out(a, REGISTER, 0, specifying(0, A, id(1, name("b") + ISID), id(1, name("a") + ISID)))
                .good();
        assertEquals(List.of("b b 1", "a a 1"), registered());
    }

    @Test
    void onlyTheUnregisteredSpecifyOthers() {
        register(a, A);
        out(a, REGISTER, 0, specifying(A, B, id(1, name("b") + ISID))).invalidParameter(20);
        conflict(out(a, REGISTER, 0, specifying(B, A, id(1, name("b") + ISID))));
        out(b, REGISTER_AND_IGNORE, 0, specifying(0, B, id(1, name("c") + ISID)))
                .invalidParameter(20);
        out(b, REGISTER, 0, specifying(0, 0, id(1, name("c") + ISID))).good();
        out(b, REGISTER, 0, specifying(0, B)).good();
        assertEquals(List.of("a a 1", "b b 1"), registered());
    }

    @Test
    void aWrongTransportIdRegistersNobody() {
        byte[] good = id(1, name("b") + ISID);
        int second = 28 + good.length;
        refusedAt(second, 0, 0x46); // another protocol
        refusedAt(second, 0, 0x85); // a reserved format
        refusedAt(second + 2, 3, good.length - 4 + 4); // longer than the list
        refusedAt(second + 2, 3, 18);
        refusedAt(second + 2, 3, good.length - 4 - 2);
        for (String text : List.of(
                "", "b" + ISID, name("b"), name("b") + ",i,0x", name("b") + ",i,0x0123456789abc", name("b c") + ISID)) {
            out(a, REGISTER, 0, specifying(0, A, good, id(1, text))).invalidParameter(second + 4);
        }
        out(a, REGISTER, 0, specifying(0, A, good, id(0, name("b") + ISID))).invalidParameter(second + 4);
        out(a, REGISTER, 0, specifying(0, A, good, id(1, name("x".repeat(207)) + ISID)))
                .invalidParameter(second + 4);
        byte[] unended = id(1, name("b") + ISID);
        for (int i = 4; i < unended.length; i++) {
            unended[i] = 'x';
        }
        out(a, REGISTER, 0, specifying(0, A, good, unended)).invalidParameter(second + 4);
        out(a, REGISTER, 0, specifying(0, A, good, new byte[20])).invalidParameter(second);
        byte[] notPadded = id(1, name("bcd") + ISID);
        notPadded[notPadded.length - 1] = 'x';
        out(a, REGISTER, 0, specifying(0, A, good, notPadded)).invalidParameter(second + notPadded.length - 1);
        assertEquals(List.of(), registered());
        out(a, REGISTER, 0, specifying(0, A, good, id(1, name("x".repeat(206)) + ISID)))
                .good();
    }

    private void refusedAt(int fieldByte, int changedByte, int value) {
        byte[] wrong = id(1, name("b") + ISID);
        wrong[changedByte] = (byte) value;
        out(a, REGISTER, 0, specifying(0, A, id(1, name("b") + ISID), wrong)).invalidParameter(fieldByte);
    }

    @Test
    void aListOfAnotherLengthThanItSaysIsRefused() {
        byte[] list = specifying(0, A, id(1, name("b") + ISID));
        for (int lengthBytes : new int[] {24, 27, 28, list.length - 4, list.length + 4}) {
            out(a, REGISTER, 0, Arrays.copyOf(list, lengthBytes))
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        ByteBuffer.wrap(list).putInt(24, 0xffff_fff0);
        out(a, REGISTER, 0, list).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        byte[] huge = Cdb.reserveOut(REGISTER, 0);
        ByteBuffer.wrap(huge).putInt(5, -1);
        a.out(huge, new byte[512]).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        assertEquals(List.of(), registered());
    }

    @Test
    void tooManyAreNone() {
        byte[][] ids = new byte[600][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(1, name("n" + i) + ISID);
        }
        out(a, REGISTER, 0, specifying(0, A, ids)).good();
        assertEquals(601, registered().size());
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(1, name("m" + i) + ISID);
        }
        out(b, REGISTER, 0, specifying(0, B, ids))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_REGISTRATION_RESOURCES);
        assertEquals(601, registered().size());
        assertEquals(1024, PersistentReservations.MAX_REGISTRATIONS);
    }

    // ---- ALL_TG_PT ----

    private static byte[] everywhere(long key, long newKey, int flags) {
        byte[] list = Cdb.keys(key, newKey);
        list[20] = (byte) (ALL_TG_PT | flags);
        return list;
    }

    private void addPorts() {
        ports.add(new TargetPort(a.nexus().targetPort(), 1, 1));
        ports.add(new TargetPort(name("target,t,0x0002"), 2, 2));
    }

    @Test
    void withoutOtherPortsTheOwnOneIsAll() {
        out(a, REGISTER, 0, everywhere(0, A, 0)).good();
        assertEquals(List.of("a a 1"), registered());
    }

    @Test
    void oneRegistrationReachesEveryPort() {
        addPorts();
        out(a, REGISTER, 0, everywhere(0, A, 0)).good();
        assertEquals(List.of("a a 1", "a a 2"), registered().stream().sorted().toList());
        out(a, REGISTER, 0, everywhere(A, B, 0)).good();
        assertEquals(List.of("b a 1", "b a 2"), registered().stream().sorted().toList());
        out(a, REGISTER, 0, Cdb.keys(B, A)).good();
        conflict(out(a, REGISTER, 0, everywhere(A, 0, 0))); // by port 2 the key is another one
        out(a, REGISTER_AND_IGNORE, 0, everywhere(0, B, 0)).good();
        out(a, RESERVE, 5, Cdb.keys(B, 0)).good();
        register(c, A);
        out(a, REGISTER, 0, everywhere(B, 0, 0)).good();
        assertEquals(List.of("a c 1"), registered());
        c.none(Cdb.testUnitReady()).check(SenseKey.UNIT_ATTENTION, AdditionalSense.RESERVATIONS_RELEASED);
        assertEquals(0, a.takeAttentions());
    }

    @Test
    void whatOthersHaveIsUnregisteredThoughItIsNotEverywhere() {
        addPorts();
        register(a, A);
        out(a, REGISTER, 0, everywhere(A, 0, 0)).good();
        assertEquals(List.of(), registered());
    }

    @Test
    void specifiedPortsAreRegisteredEverywhereToo() {
        addPorts();
        byte[] list = specifying(0, A, id(1, name("b") + ISID));
        list[20] |= ALL_TG_PT;
        out(a, REGISTER, 0, list).good();
        assertEquals(
                List.of("a a 1", "a a 2", "a b 1", "a b 2"),
                registered().stream().sorted().toList());
    }

    // ---- REGISTER AND MOVE ----

    private void reserved(ReservationType type) {
        register(a, A);
        out(a, RESERVE, type.code(), Cdb.keys(A, 0)).good();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, UNREG})
    void aReservationMoves(int flags) {
        addPorts();
        reserved(ReservationType.EXCLUSIVE_ACCESS);
        out(a, MOVE, 0, moving(A, B, flags, 1, id(1, name("b") + ISID))).good();
        assertEquals(flags == 0 ? List.of("a a 1", "b b 1 holds 3") : List.of("b b 1 holds 3"), registered());
        assertEquals(2, observer.in(Cdb.reserveIn(0, 8), 8).good().u32(0));
        b.in(Cdb.read(0, 1), 512).good();
        conflict(a.in(Cdb.read(0, 1), 512));
        assertEquals(0, a.takeAttentions() + b.takeAttentions());
        out(b, MOVE, 0, moving(B, A, flags, 2, id(0, name("a")))).good();
        assertEquals("a a 2 holds 3", registered().get(registered().size() - 1));
    }

    @Test
    void itMovesToOneThatIsRegisteredWithAnotherKey() {
        reserved(ReservationType.WRITE_EXCLUSIVE);
        register(b, B);
        out(a, MOVE, 0, moving(A, 0xcc, UNREG, 1, id(1, name("b") + ISID))).good();
        assertEquals(List.of("cc b 1 holds 1"), registered());
    }

    @Test
    void whatCannotMoveStays() {
        byte[] toB = id(1, name("b") + ISID);
        conflict(out(a, MOVE, 0, moving(A, B, 0, 1, toB)));
        register(a, A);
        conflict(out(a, MOVE, 0, moving(A, B, 0, 1, toB))); // there is no reservation
        register(c, A);
        out(a, RESERVE, 1, Cdb.keys(A, 0)).good();
        conflict(out(c, MOVE, 0, moving(A, B, 0, 1, toB)));
        conflict(out(a, MOVE, 0, moving(B, B, 0, 1, toB)));
        out(a, MOVE, 0, moving(A, 0, 0, 1, toB)).invalidParameter(8);
        out(a, MOVE, 0, moving(A, B, 0, 7, toB)).invalidParameter(18);
        out(a, MOVE, 0, moving(A, B, 0, 1, id(1, name("a") + ISID))).invalidParameter(24);
        out(a, MOVE, 0, moving(A, B, 1, 1, toB)).invalidParameter(17); // APTPL, and nothing is kept
        out(a, MOVE, 0, moving(A, B, 0, 1, id(0, name("nobody")))).invalidParameter(28);
        byte[] list = moving(A, B, 0, 1, Arrays.copyOf(toB, toB.length + 4));
        out(a, MOVE, 0, list).invalidParameter(26);
        ByteBuffer.wrap(list).putInt(20, toB.length);
        out(a, MOVE, 0, list).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        out(a, MOVE, 0, Cdb.keys(A, B)).invalidParameter(24);
        assertEquals(List.of("a a 1 holds 1", "a c 1"), registered());
    }

    @ParameterizedTest
    @EnumSource(
            value = ReservationType.class,
            names = {"WRITE_EXCLUSIVE_ALL_REGISTRANTS", "EXCLUSIVE_ACCESS_ALL_REGISTRANTS"})
    void whatAllHoldDoesNotMove(ReservationType type) {
        reserved(type);
        conflict(out(a, MOVE, 0, moving(A, B, 0, 1, id(1, name("b") + ISID))));
    }

    // ---- REPLACE LOST RESERVATION, names of other transports ----

    @Test
    void noReservationIsLostThatCouldBeReplaced() {
        out(a, REPLACE_LOST, 1, Cdb.keys(0, A))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
        out(a, REPLACE_LOST, 1, new byte[23])
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        assertEquals(List.of(), registered());
    }

    @Test
    void aNameOfNoTransportIsReportedAsItIs() {
        Initiator local = new Initiator(unit, new Nexus("host 1", a.nexus().targetPort(), 1));
        local.takeAttentions();
        register(local, A);
        assertEquals(List.of("a host 1 1"), registered());
        assertEquals(0x0f, observer.in(Cdb.reserveIn(3, 255), 255).good().u8(8 + 24), "no specific protocol");
    }

    @Test
    void aLongListByManyPortsIsRefusedInTime() {
        for (int port = 2; port <= 64; port++) {
            ports.add(new TargetPort(String.format("iqn.2026-11.test:target,t,0x%04x", port), port, port));
        }
        byte[][] ids = new byte[2729][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(1, String.format("iqn.%04x,i,0x1", i));
        }
        byte[] list = specifying(0, A, ids);
        list[20] = SPEC_I_PT | ALL_TG_PT;
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> out(a, REGISTER, 0, list)
                        .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INSUFFICIENT_REGISTRATION_RESOURCES));
        assertEquals(List.of(), registered());
    }
}
