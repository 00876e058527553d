package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * Every command of a unit, under every reservation, by every nexus: the tables 'commands that are allowed in the
 * presence of various reservations' of SPC-5, SBC-4 and, for RESERVE, of SPC-2 and SBC-2, as they are written here.
 */
class ReservationMatrixTest {
    private static final long A = 0xa;
    private static final long B = 0xb;

    /** What the tables say of a command. */
    private enum Column {
        /** Allowed for everybody. */
        ALLOWED,
        /** Conflicts where others may not even read. */
        READS,
        /** Conflicts where others may not write. */
        WRITES,
        /** RESERVE and RELEASE: GOOD for those who have what it asks for, while keys are registered. */
        COMPATIBLE
    }

    private static final Map<String, Column> TABLE = new TreeMap<>();

    static {
        put(
                Column.ALLOWED,
                "INQUIRY",
                "LOG SENSE",
                "READ CAPACITY(10)",
                "READ CAPACITY(16)",
                "REPORT IDENTIFYING INFORMATION",
                "REPORT LUNS",
                "REPORT TARGET PORT GROUPS",
                "REPORT TIMESTAMP",
                "REQUEST SENSE",
                "TEST UNIT READY",
                "PERSISTENT RESERVE IN, READ FULL STATUS",
                "PERSISTENT RESERVE IN, READ KEYS",
                "PERSISTENT RESERVE IN, READ RESERVATION",
                "PERSISTENT RESERVE IN, REPORT CAPABILITIES",
                // These look at keys, not at the reservation. Here they come without a parameter list.
                "PERSISTENT RESERVE OUT, CLEAR",
                "PERSISTENT RESERVE OUT, PREEMPT",
                "PERSISTENT RESERVE OUT, PREEMPT AND ABORT",
                "PERSISTENT RESERVE OUT, REGISTER",
                "PERSISTENT RESERVE OUT, REGISTER AND IGNORE EXISTING KEY",
                "PERSISTENT RESERVE OUT, REGISTER AND MOVE",
                "PERSISTENT RESERVE OUT, RELEASE",
                "PERSISTENT RESERVE OUT, REPLACE LOST RESERVATION",
                "PERSISTENT RESERVE OUT, RESERVE");
        put(
                Column.READS,
                "GET LBA STATUS(16)",
                "MODE SENSE(6)",
                "MODE SENSE(10)",
                "POPULATE TOKEN",
                "PRE-FETCH(10)",
                "PRE-FETCH(16)",
                "READ(6)",
                "READ(10)",
                "READ(12)",
                "READ(16)",
                "READ BUFFER(10)",
                "READ DEFECT DATA(10)",
                "READ DEFECT DATA(12)",
                "RECEIVE COPY FAILURE DETAILS(LID1)",
                "RECEIVE COPY OPERATING PARAMETERS",
                "RECEIVE COPY STATUS(LID1)",
                "RECEIVE DIAGNOSTIC RESULTS",
                "RECEIVE ROD TOKEN INFORMATION",
                "REPORT SUPPORTED OPERATION CODES",
                "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS",
                "VERIFY(10)",
                "VERIFY(12)",
                "VERIFY(16)");
        put(
                Column.WRITES,
                "COMPARE AND WRITE",
                "EXTENDED COPY(LID1)",
                "FORMAT UNIT",
                "LOG SELECT",
                "MODE SELECT(6)",
                "MODE SELECT(10)",
                "ORWRITE(16)",
                "PREVENT ALLOW MEDIUM REMOVAL",
                "REASSIGN BLOCKS",
                "SANITIZE, BLOCK ERASE",
                "SANITIZE, EXIT FAILURE MODE",
                "SANITIZE, OVERWRITE",
                "SEND DIAGNOSTIC",
                "SET IDENTIFYING INFORMATION",
                "SET TARGET PORT GROUPS",
                "SET TIMESTAMP",
                "START STOP UNIT",
                "SYNCHRONIZE CACHE(10)",
                "SYNCHRONIZE CACHE(16)",
                "UNMAP",
                "WRITE(6)",
                "WRITE(10)",
                "WRITE(12)",
                "WRITE(16)",
                "WRITE AND VERIFY(10)",
                "WRITE AND VERIFY(12)",
                "WRITE AND VERIFY(16)",
                "WRITE ATOMIC(16)",
                "WRITE BUFFER",
                "WRITE SAME(10)",
                "WRITE SAME(16)",
                "WRITE USING TOKEN");
        put(Column.COMPATIBLE, "RELEASE(6)", "RELEASE(10)", "RESERVE(6)", "RESERVE(10)");
    }

    private static final Set<String> ALLOWED_UNDER_RESERVE = Set.of(
            "INQUIRY",
            "LOG SENSE",
            "READ CAPACITY(10)",
            "READ CAPACITY(16)",
            "RELEASE(6)",
            "RELEASE(10)",
            "REPORT LUNS",
            "REQUEST SENSE");

    private static void put(Column column, String... commands) {
        for (String command : commands) {
            TABLE.put(command, column);
        }
    }

    /** A command that is tried. */
    private record Case(String name, byte[] cdb, Column column, boolean allowedUnderReserve) {
        @Override
        public String toString() {
            return name + " " + HexFormat.of().formatHex(cdb);
        }
    }

    private static LogicalUnit unit() {
        return LogicalUnit.builder("disk0", FakeStore.thin(64))
                .removable(true)
                .keptValues(new FakeKeptValues())
                .background(work -> {})
                .build();
    }

    /** All with zeros in their fields, and what is allowed though its name is not. */
    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        try (LogicalUnit unit = unit()) {
            for (Opcode opcode : unit.opcodes().all()) {
                byte[] cdb = new byte[opcode.cdbBytes()];
                cdb[0] = (byte) opcode.code();
                cdb[1] = (byte) Math.max(0, opcode.serviceAction());
                cases.add(new Case(
                        opcode.name(), cdb, TABLE.get(opcode.name()), ALLOWED_UNDER_RESERVE.contains(opcode.name())));
            }
        }
        cases.removeIf(one -> one.name.equals("PREVENT ALLOW MEDIUM REMOVAL"));
        cases.add(new Case("to start", Cdb.of("1b 00 00 00 01 00"), Column.ALLOWED, true));
        cases.add(new Case("a power condition", Cdb.of("1b 00 00 00 11 00"), Column.WRITES, false));
        cases.add(new Case("to allow removal", Cdb.of("1e 00 00 00 00 00"), Column.ALLOWED, true));
        cases.add(new Case("to prevent removal", Cdb.of("1e 00 00 00 01 00"), Column.WRITES, false));
        return cases;
    }

    private static boolean conflicts(Initiator initiator, Case one) {
        Reply reply = initiator
                .send(initiator.prepare(one.cdb, DataDirection.NONE, null, 0, 0))
                .reply();
        return reply.status() == ScsiStatus.RESERVATION_CONFLICT;
    }

    @Test
    void theTableHasEveryCommand() {
        Set<String> missing = new TreeSet<>();
        try (LogicalUnit unit = unit()) {
            unit.opcodes().all().forEach(opcode -> missing.add(opcode.name()));
        }
        missing.removeAll(TABLE.keySet());
        assertTrue(missing.isEmpty(), () -> "look up in the standard: " + missing);
    }

    private static boolean mayWrite(ReservationType type, boolean holder, boolean registered) {
        return switch (type) {
            case WRITE_EXCLUSIVE, EXCLUSIVE_ACCESS -> holder;
            default -> registered;
        };
    }

    private static boolean mayRead(ReservationType type, boolean holder, boolean registered) {
        return switch (type) {
            case EXCLUSIVE_ACCESS -> holder;
            case EXCLUSIVE_ACCESS_REGISTRANTS_ONLY, EXCLUSIVE_ACCESS_ALL_REGISTRANTS -> registered;
            default -> true;
        };
    }

    private static boolean mayConflict(Column column, ReservationType type, boolean holder, boolean registered) {
        return switch (column) {
            case ALLOWED -> false;
            case READS -> !mayRead(type, holder, registered);
            case WRITES, COMPATIBLE -> !mayWrite(type, holder, registered);
        };
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void whatAPersistentReservationAllows(ReservationType type) {
        for (Case one : cases()) {
            try (LogicalUnit unit = unit()) {
                Initiator holder = Initiator.ready(unit, "a");
                Initiator registered = Initiator.ready(unit, "b");
                Initiator other = Initiator.ready(unit, "c");
                holder.out(Cdb.reserveOut(0, 0), Cdb.keys(0, A)).good();
                registered.out(Cdb.reserveOut(0, 0), Cdb.keys(0, B)).good();
                holder.out(Cdb.reserveOut(1, type.code()), Cdb.keys(A, 0)).good();
                assertEquals(mayConflict(one.column, type, false, false), conflicts(other, one), one + " by another");
                assertEquals(
                        mayConflict(one.column, type, type.allRegistrants(), true),
                        conflicts(registered, one),
                        one + " by a registered nexus");
                assertEquals(false, conflicts(holder, one), one + " by the holder");
            }
        }
    }

    @Test
    void whatReserveAllows() {
        for (Case one : cases()) {
            for (String reserve : List.of("16 00 00 0000 00", "56 00 00 000000 00 0000 00")) {
                try (LogicalUnit unit = unit()) {
                    Initiator holder = Initiator.ready(unit, "a");
                    Initiator other = Initiator.ready(unit, "b");
                    holder.none(Cdb.of(reserve)).good();
                    assertEquals(!one.allowedUnderReserve, conflicts(other, one), one + " by another");
                    boolean persistent = one.name.startsWith("PERSISTENT RESERVE IN");
                    assertEquals(persistent, conflicts(holder, one), one + " by the holder");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void reserveAndReleaseOfWhoHasTheUnitChangeNothing(ReservationType type) {
        try (LogicalUnit unit = unit()) {
            Initiator holder = Initiator.ready(unit, "a");
            Initiator other = Initiator.ready(unit, "b");
            holder.out(Cdb.reserveOut(0, 0), Cdb.keys(0, A)).good();
            holder.none(Cdb.of("16 00 00 0000 00")).is(ScsiStatus.RESERVATION_CONFLICT); // registered only
            holder.out(Cdb.reserveOut(1, type.code()), Cdb.keys(A, 0)).good();
            holder.none(Cdb.of("16 00 00 0000 00")).good();
            other.none(Cdb.testUnitReady()).good();
            holder.none(Cdb.of("17 00 00 0000 00")).good();
            assertEquals(type, unit.reservations().state().type());
        }
    }
}
