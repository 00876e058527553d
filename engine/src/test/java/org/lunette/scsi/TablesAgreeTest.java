package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.TaskAttribute;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.ModePage;
import org.lunette.scsi.page.VpdPage;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.KeptValues;

/**
 * What is declared once is what is decoded, done and reported: walks all tables of units of different kinds, so that
 * whatever is added to a table is looked at too.
 */
class TablesAgreeTest {
    private static final int NACA = 0x04;
    private static final int FUA_AND_DPO = 0x18;
    private static final int BLOCKS = 1024;
    private static final int DATA_BYTES = 64;
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    /** A kind of unit, of which as many can be made as are needed. */
    private record Kind(String name, boolean thin, boolean removable, boolean keeps) {
        LogicalUnit build() {
            FakeStore store =
                    thin ? FakeStore.thin(BLOCKS) : new FakeStore(BLOCKS * 512, FakeStore.properties(false, keeps));
            return LogicalUnit.builder("disk0", store)
                    .removable(removable)
                    .keptValues(keeps ? new FakeKeptValues() : KeptValues.NONE)
                    .clock(CLOCK)
                    .maxTasks(8)
                    .maxTransferBytes(BLOCKS / 8 * 512)
                    .build();
        }

        Initiator ready() {
            return Initiator.ready(build(), "a");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind("thin, keeps values", true, false, true),
                new Kind("thick, keeps nothing, has no cache", false, false, false),
                new Kind("removable, keeps values", false, true, true));
    }

    private static byte[] cdb(Opcode opcode) {
        byte[] cdb = new byte[opcode.cdbBytes()];
        cdb[0] = (byte) opcode.code();
        if (opcode.hasServiceAction()) {
            cdb[1] = (byte) opcode.serviceAction();
        }
        return cdb;
    }

    // ---- CDBs ----

    @ParameterizedTest
    @MethodSource("kinds")
    void aBitBesideTheUsageDataIsRefusedOrChangesNothing(Kind kind) {
        for (Opcode opcode : kind.build().opcodes().all()) {
            Reply plain = send(kind, opcode, cdb(opcode));
            for (int bit = 8; bit < 8 * opcode.cdbBytes(); bit++) {
                int at = bit / 8;
                int mask = 1 << bit % 8;
                boolean ofAction = opcode.hasServiceAction() && at == 1 && mask < 0x20;
                if ((opcode.usage(at) & mask) != 0 || ofAction) {
                    continue;
                }
                byte[] cdb = cdb(opcode);
                cdb[at] |= (byte) mask;
                Reply reply = send(kind, opcode, cdb);
                String what = opcode + ", byte " + at + ", bit " + bit % 8;
                if ((opcode.refusedMask(at) & mask) != 0) {
                    assertRefused(reply, at, bit % 8, what);
                } else {
                    assertEquals(plain.status(), reply.status(), what);
                    assertArrayEquals(plain.sense(), reply.sense(), what);
                    assertArrayEquals(plain.data(), reply.data(), what);
                }
            }
        }
    }

    /** Sends a CDB, with data in the direction that it asks for, to a unit of its own. */
    private static Reply send(Kind kind, Opcode opcode, byte[] cdb) {
        Initiator initiator = kind.ready();
        Command command = new Command(null, ended -> {});
        command.begin(initiator.nexus(), 0, 0, TaskAttribute.SIMPLE);
        command.setCdb(cdb, 0, cdb.length);
        return opcode.isDataOut(command) ? initiator.out(cdb, new byte[DATA_BYTES]) : initiator.in(cdb, DATA_BYTES);
    }

    private static void assertRefused(Reply reply, int at, int bit, String what) {
        assertEquals(ScsiStatus.CHECK_CONDITION, reply.status(), what);
        assertEquals("05/24/00", reply.senseCodes(), what);
        assertEquals(at, ByteBuffer.wrap(reply.sense()).getShort(16), what);
        assertEquals(0xc8 | bit, reply.sense()[15] & 0xff, what);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyCommandTakesNacaOrRefusesIt(Kind kind) {
        for (Opcode opcode : kind.build().opcodes().all()) {
            int control = opcode.cdbBytes() - 1;
            assertEquals(NACA, (opcode.usage(control) | opcode.refusedMask(control)) & NACA, opcode.name());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyCommandIsReportedAsItIsDeclared(Kind kind) {
        LogicalUnit unit = kind.build();
        Initiator initiator = Initiator.ready(unit, "a");
        for (Opcode opcode : unit.opcodes().all()) {
            byte[] cdb = Cdb.of("a3 0c 00 00 0000 0000ffff 0000");
            cdb[2] = 3;
            cdb[3] = (byte) opcode.code();
            cdb[5] = (byte) Math.max(0, opcode.serviceAction());
            Reply reply = initiator.in(cdb, 255).good();
            assertEquals(3, reply.u8(1), opcode.name());
            for (int i = 0; i < opcode.cdbBytes(); i++) {
                assertEquals(opcode.usage(i) & 0xff, reply.u8(4 + i), opcode + ", byte " + i);
            }
        }
    }

    // ---- mode pages ----

    @ParameterizedTest
    @MethodSource("kinds")
    void exactlyWhatTheMaskNamesCanBeChanged(Kind kind) {
        LogicalUnit unit = kind.build();
        Initiator initiator = Initiator.ready(unit, "a");
        for (ModePage page : unit.modePages().all()) {
            for (int bit = 8 * page.headerBytes(); bit < 8 * page.lengthBytes(); bit++) {
                byte[] list = ByteBuffer.allocate(8 + page.lengthBytes())
                        .put(8, page.defaults())
                        .array();
                int at = bit / 8;
                list[8 + at] ^= (byte) (1 << bit % 8);
                Reply reply = initiator.out(Cdb.modeSelect(10, list.length), list);
                boolean inMask = (page.changeable()[at] & 1 << bit % 8) != 0;
                if (inMask
                        && reply.status() != ScsiStatus.GOOD) { // a reserved value, such as QERR 10b: with the others
                    list[8 + at] = (byte) (page.defaults()[at] ^ page.changeable()[at]);
                    reply = initiator.out(Cdb.modeSelect(10, list.length), list);
                }
                String what = page.name() + ", byte " + at + ", bit " + bit % 8;
                if (!inMask) {
                    assertEquals("05/26/00", reply.status() == ScsiStatus.GOOD ? "GOOD" : reply.senseCodes(), what);
                    reply.invalidParameter(8 + at);
                } else {
                    assertEquals(ScsiStatus.GOOD, reply.status(), what);
                    initiator.none(Cdb.of("55 02 00000000 00 0000 00")).good();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void savingIsToldAlikeEverywhere(Kind kind) {
        LogicalUnit unit = kind.build();
        Initiator initiator = Initiator.ready(unit, "a");
        assertEquals(kind.keeps, (unit.opcodes().find(0x55, 0).usage(1) & 0x01) != 0, "SP");
        assertEquals(kind.keeps, (unit.opcodes().find(0x15, 0).usage(1) & 0x01) != 0, "SP");
        Reply saved = initiator.in(Cdb.modeSense(10, 8, 3, 0x0a, 0, 255), 255);
        assertEquals(kind.keeps, saved.status() == ScsiStatus.GOOD, "PC 3");
        Reply current = initiator.in(Cdb.modeSense(10, 8, 0, 0x0a, 0, 255), 255).good();
        assertEquals(kind.keeps, (current.u8(8) & 0x80) != 0, "PS");
        assertEquals(kind.keeps, unit.opcodes().find(0xa4, 6) != null, "SET IDENTIFYING INFORMATION");
    }

    // ---- what is listed ----

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsListedIsWhatIsDeclared(Kind kind) {
        LogicalUnit unit = kind.build();
        Initiator initiator = Initiator.ready(unit, "a");
        Reply vpd = initiator.in(Cdb.vpd(0, 255), 255).good();
        List<Integer> declared =
                unit.vpdPages().all().stream().map(VpdPage::code).toList();
        assertEquals(declared, bytes(vpd, 4));
        for (int code : declared) {
            initiator.in(Cdb.vpd(code, 4096), 4096).good();
        }
        Reply logs = initiator.in(Cdb.of("4d 00 40 00 00 0000 ffff 00"), 255).good();
        TreeSet<Integer> logCodes = new TreeSet<>();
        unit.logPages().all().stream().map(LogPage::code).forEach(logCodes::add);
        assertEquals(List.copyOf(logCodes), bytes(logs, 4));
        int length =
                unit.modePages().all().stream().mapToInt(ModePage::lengthBytes).sum();
        Reply modes =
                initiator.in(Cdb.modeSense(10, 8, 0, 0x3f, 0xff, 4096), 4096).good();
        assertEquals(8 + length, modes.transferBytes());
    }

    private static List<Integer> bytes(Reply reply, int from) {
        return java.util.stream.IntStream.range(from, reply.data().length)
                .mapToObj(reply::u8)
                .toList();
    }

    // ---- limits and abilities ----

    @ParameterizedTest
    @MethodSource("kinds")
    void theMaximumTransferLengthHoldsForEveryCommandThatHasOne(Kind kind) {
        LogicalUnit unit = kind.build();
        Initiator initiator = Initiator.ready(unit, "a");
        long most = initiator.in(Cdb.vpd(0xb0, 255), 255).good().u32(8);
        assertEquals(BLOCKS / 8, most);
        for (Opcode opcode : unit.opcodes().all()) {
            if (opcode.isLimited() && opcode.cdbBytes() > 6) {
                byte[] beyond = Cdb.ranged(opcode.code(), opcode.cdbBytes(), 0, most + 1, 0);
                beyond[1] = (byte) Math.max(0, opcode.serviceAction());
                Reply reply = initiator.none(beyond);
                reply.invalidCdb(opcode.blocksOffset());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void abilitiesAreToldAlikeEverywhere(Kind kind) {
        LogicalUnit unit = kind.build();
        Initiator initiator = Initiator.ready(unit, "a");
        Reply inquiry = initiator.in(Cdb.inquiry(255), 255).good();
        Reply limits = initiator.in(Cdb.vpd(0xb0, 255), 255).good();
        Reply provisioning = initiator.in(Cdb.vpd(0xb2, 255), 255).good();
        Reply extended = initiator.in(Cdb.vpd(0x86, 255), 255).good();
        assertEquals(has(unit, 0xa3, 0x0a), (inquiry.u8(5) & 0x30) != 0, "TPGS");
        assertEquals(has(unit, 0x83, 0), (inquiry.u8(5) & 0x08) != 0, "3PC");
        assertEquals(has(unit, 0x89, 0), limits.u8(5) != 0, "COMPARE AND WRITE");
        assertEquals(has(unit, 0x9c, 0), limits.u32(44) != 0, "WRITE ATOMIC");
        assertEquals(has(unit, 0x42, 0), (provisioning.u8(5) & 0x80) != 0, "LBPU");
        assertEquals(has(unit, 0x42, 0), limits.u32(20) != 0, "UNMAP");
        assertEquals(uses(unit, 0x93, 0x08), (provisioning.u8(5) & 0x40) != 0, "LBPWS");
        assertEquals(uses(unit, 0x41, 0x08), (provisioning.u8(5) & 0x20) != 0, "LBPWS10");
        assertEquals(uses(unit, 0x55, 0x02), (extended.u8(8) & 0x08) != 0, "RTD_SUP");
        Reply mode = initiator.in(Cdb.modeSense(10, 8, 1, 0x08, 0, 255), 255).good();
        assertEquals((extended.u8(6) & 1) != 0, (mode.u8(10) & 0x04) != 0, "V_SUP, and WCE changeable");
        boolean dpoFua = (mode.u8(3) & 0x10) != 0;
        for (int code : new int[] {0x28, 0xa8, 0x88, 0x2a, 0xaa, 0x8a}) {
            assertEquals(
                    dpoFua,
                    uses(unit, code, FUA_AND_DPO),
                    "DPOFUA, " + unit.opcodes().find(code, 0));
        }
    }

    private static boolean has(LogicalUnit unit, int code, int serviceAction) {
        return unit.opcodes().find(code, serviceAction) != null;
    }

    private static boolean uses(LogicalUnit unit, int code, int mask) {
        Opcode opcode = unit.opcodes().find(code, 0);
        return opcode != null && (opcode.usage(1) & mask) == mask;
    }

    // ---- sense data ----

    @Test
    void everyRefusalIsInTheFormatThatIsAskedFor() {
        // NACA is what such a unit refuses in every command.
        LogicalUnit unit = LogicalUnit.builder("disk0", FakeStore.thin(BLOCKS))
                .ownTaskSet(false)
                .build();
        Initiator initiator = Initiator.ready(unit, "a");
        byte[] list = Cdb.of("0000000000000000 0a0a 04 10 00 40 00 00 ffff 0000");
        initiator.out(Cdb.modeSelect(10, list.length), list).good();
        for (Opcode opcode : unit.opcodes().all()) {
            byte[] cdb = cdb(opcode);
            cdb[opcode.cdbBytes() - 1] = NACA;
            Reply reply = initiator.none(cdb);
            reply.invalidCdb(opcode.cdbBytes() - 1);
            assertEquals(0x72, reply.sense()[0], opcode.name());
            assertEquals(0x05, Sense.key(reply.sense()), opcode.name());
        }
        initiator.none(Cdb.of("ff 00 00 00 00 00"));
        assertEquals(0x72, initiator.none(Cdb.of("ff 00 00 00 00 00")).sense()[0]);
    }
}
