package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;
import org.lunette.config.ListenAddress;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.PortGroup;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;

/** A unit on two target ports in two groups: how it is seen by each, and asymmetric access states; SPC-5, 5.15. */
class AccessStatesTest {
    private static final long LONG_MS = TimeUnit.SECONDS.toMillis(30);
    private static final byte[] REPORT = Cdb.of("a3 0a 0000 0000 000000ff 0000");

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store)
            .targetPorts(twoPorts())
            .transportVersion(0x0960)
            .build();
    private final Initiator first = ready("a", 1);
    private final Initiator second = ready("a", 2);

    private static TargetPorts twoPorts() {
        TargetPorts ports = new TargetPorts();
        ports.add(new TargetPort(port(1), 1, 1));
        ports.add(new TargetPort(port(2), 2, 2));
        return ports;
    }

    private static String port(int number) {
        return "iqn.2026-11.test:target,t,0x000" + number;
    }

    private Initiator ready(String name, int port) {
        Initiator initiator =
                new Initiator(unit, new Nexus("iqn.2026-11.test:" + name + ",i,0x0123456789ab", port(port), port));
        initiator.takeAttentions();
        return initiator;
    }

    /** SET TARGET PORT GROUPS; each descriptor is a state and a group. */
    private static byte[] set(int listBytes) {
        return ByteBuffer.wrap(Cdb.of("a4 0a 0000 0000 00000000 0000"))
                .putInt(6, listBytes)
                .array();
    }

    private static byte[] list(int... statesAndGroups) {
        ByteBuffer list = ByteBuffer.allocate(4 + 2 * statesAndGroups.length);
        for (int i = 0; i < statesAndGroups.length; i += 2) {
            list.put(4 + 2 * i, (byte) statesAndGroups[i]).putShort(6 + 2 * i, (short) statesAndGroups[i + 1]);
        }
        return list.array();
    }

    private static Reply set(Initiator by, int... statesAndGroups) {
        byte[] list = list(statesAndGroups);
        return by.out(set(list.length), list);
    }

    private String states(Initiator by) {
        Reply report = by.in(REPORT, 255).good();
        return String.format("%x %x", report.u8(4) & 0xf, report.u8(16) & 0xf);
    }

    private boolean put(int group, AccessState state) {
        return unit.portGroups().set(group, state, LONG_MS).join();
    }

    // ---- how the unit is seen ----

    @Test
    void bothPortsSeeBothGroups() {
        unit.portGroups().prefer(2, true);
        for (Initiator initiator : List.of(first, second)) {
            assertEquals(
                    "00 00 00 18 00 cf 00 01 00 00 00 01 00 00 00 01 80 cf 00 02 00 00 00 01 00 00 00 02",
                    initiator.in(REPORT, 255).good().hex());
            assertEquals(
                    "00 00 00 1c 10 1e 00 00 00 cf 00 01 00 00 00 01 00 00 00 01 80 cf 00 02 00 00 00 01 00 00 00 02",
                    initiator
                            .in(Cdb.of("a3 2a 0000 0000 000000ff 0000"), 255)
                            .good()
                            .hex());
            assertEquals(0x30, initiator.in(Cdb.inquiry(96), 96).good().u8(5) & 0x30, "TPGS: implicit and explicit");
        }
        assertThrows(IllegalArgumentException.class, () -> unit.portGroups().prefer(3, true));
    }

    @Test
    void theSameUnitBySeveralPorts() {
        Reply byFirst = first.in(Cdb.vpd(0x83, 255), 255).good();
        Reply bySecond = second.in(Cdb.vpd(0x83, 255), 255).good();
        assertEquals(
                text(byFirst).replace("t,0x0001", "t,0x0002").substring(0, 60),
                text(bySecond).substring(0, 60));
        assertTrue(byFirst.hex().contains("01 14 00 04 00 00 00 01 01 15 00 04 00 00 00 01"), byFirst.hex());
        assertTrue(bySecond.hex().contains("01 14 00 04 00 00 00 02 01 15 00 04 00 00 00 02"), bySecond.hex());
        assertTrue(text(bySecond).contains(port(2)) && !text(bySecond).contains(port(1)));
        assertEquals(
                first.in(Cdb.vpd(0x88, 255), 255).good().hex(),
                second.in(Cdb.vpd(0x88, 255), 255).good().hex());
        String ports = text(first.in(Cdb.vpd(0x88, 255), 255));
        assertTrue(ports.contains(port(1)) && ports.contains(port(2)), ports);
    }

    private static String text(Reply reply) {
        return new String(HexFormat.ofDelimiter(" ").parseHex(reply.hex()), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aResetByOnePortEndsTheCommandsOfTheOther() {
        store.hold();
        Initiator.Pending read = second.startIn(Cdb.read(0, 1), 512);
        CompletableFuture<TaskManagement.Response> reset =
                first.startManage(TaskManagement.Function.LOGICAL_UNIT_RESET);
        assertFalse(reset.isDone());
        store.release();
        assertEquals(TaskManagement.Response.FUNCTION_COMPLETE, reset.join());
        assertTrue(read.reply().status() == ScsiStatus.TASK_ABORTED || read.isAborted());
        second.none(Cdb.testUnitReady())
                .check(SenseKey.UNIT_ATTENTION, AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
    }

    @Test
    void compareAndWriteIsOneForAllPorts() {
        byte[] cdb = Cdb.of("89 00 0000000000000000 000000 01 00 00");
        byte[] data = new byte[1024];
        data[512] = 1;
        store.hold();
        Initiator.Pending one = first.startOut(cdb, data);
        Initiator.Pending other = second.startOut(cdb, data);
        while (store.isHeld()) {
            store.release();
        }
        Set<ScsiStatus> ends = Set.of(one.reply().status(), other.reply().status());
        assertEquals(Set.of(ScsiStatus.GOOD, ScsiStatus.CHECK_CONDITION), ends, "one has won, the other miscompares");
    }

    // ---- what a state lets through ----

    private static final Set<String> ALWAYS =
            Set.of("INQUIRY", "REQUEST SENSE", "REPORT LUNS", "REPORT TARGET PORT GROUPS", "SET TARGET PORT GROUPS");
    private static final Set<String> IN_STANDBY = Set.of(
            "LOG SELECT",
            "LOG SENSE",
            "MODE SELECT(6)",
            "MODE SELECT(10)",
            "MODE SENSE(6)",
            "MODE SENSE(10)",
            "READ BUFFER(10)",
            "WRITE BUFFER",
            "RECEIVE DIAGNOSTIC RESULTS",
            "SEND DIAGNOSTIC",
            "READ CAPACITY(10)",
            "READ CAPACITY(16)",
            "REPORT SUPPORTED OPERATION CODES",
            "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS",
            "REPORT IDENTIFYING INFORMATION",
            "REPORT TIMESTAMP");

    @Test
    void eachStateLetsThroughWhatItMay() {
        for (AccessState state : List.of(AccessState.STANDBY, AccessState.UNAVAILABLE, AccessState.OFFLINE)) {
            put(2, state);
            second.takeAttentions();
            first.takeAttentions();
            Set<String> passing = new TreeSet<>();
            Set<String> expected = new TreeSet<>();
            for (Opcode opcode : unit.opcodes().all()) {
                Reply reply = second.none(cdb(opcode));
                boolean notReady = reply.sense().length > 0 && Sense.key(reply.sense()) == SenseKey.NOT_READY.code();
                if (notReady) {
                    reply.check(SenseKey.NOT_READY, state.additionalSense());
                } else {
                    passing.add(opcode.name());
                }
                if (isAllowed(opcode.name(), state)) {
                    expected.add(opcode.name());
                }
            }
            assertEquals(expected, passing, state.word());
            first.in(Cdb.read(0, 1), 512).good();
        }
        put(2, AccessState.ACTIVE_NON_OPTIMIZED);
        second.takeAttentions();
        second.in(Cdb.read(0, 1), 512).good();
    }

    private static byte[] cdb(Opcode opcode) {
        byte[] cdb = new byte[opcode.cdbBytes()];
        cdb[0] = (byte) opcode.code();
        if (opcode.hasServiceAction()) {
            cdb[1] = (byte) opcode.serviceAction();
        }
        return cdb;
    }

    private static boolean isAllowed(String name, AccessState state) {
        boolean inStandby = IN_STANDBY.contains(name) || name.startsWith("PERSISTENT RESERVE");
        return ALWAYS.contains(name) || state == AccessState.STANDBY && inStandby;
    }

    @Test
    void theAdministratorsStatesHoldFromTheStart() {
        LogicalUnit other = LogicalUnit.builder("disk1", FakeStore.ofBlocks(16))
                .targetPorts(twoPorts())
                .accessStates(Map.of(2, AccessState.STANDBY))
                .build();
        Initiator standby = new Initiator(other, second.nexus());
        standby.takeAttentions();
        standby.none(Cdb.testUnitReady())
                .check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_TARGET_PORT_IN_STANDBY_STATE);
        assertEquals("0 2", states(standby));
    }

    @Test
    void whereTheAdministratorAloneChangesStatesInitiatorsSeeSo() {
        LogicalUnit implicit = LogicalUnit.builder("disk1", FakeStore.ofBlocks(16))
                .targetPorts(twoPorts())
                .explicitAccessStates(false)
                .build();
        Initiator initiator = new Initiator(implicit, first.nexus());
        initiator.takeAttentions();
        assertEquals(0x10, initiator.in(Cdb.inquiry(96), 96).good().u8(5) & 0x30, "TPGS: implicit");
        set(initiator, 2, 2).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        assertTrue(implicit.portGroups().set(2, AccessState.STANDBY, LONG_MS).join());
        initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        assertEquals("0 2", states(initiator));
    }

    @Test
    void requestSenseTellsTheStateOfThePath() {
        put(2, AccessState.STANDBY);
        second.takeAttentions();
        Reply sense = second.in(Cdb.requestSense(false), 252).good();
        assertEquals(SenseKey.NOT_READY.code(), sense.u8(2) & 0xf);
        assertEquals(0x040b, sense.u16(12));
        first.takeAttentions();
        assertEquals(0, first.in(Cdb.requestSense(false), 252).good().u8(2) & 0xf);
    }

    @Test
    void settingsAndStatesHaveTheSameWords() {
        List<String> words = new ArrayList<>();
        for (AccessState state : AccessState.values()) {
            AccessState.ofWord(state.word()).ifPresent(known -> words.add(known.word()));
        }
        assertEquals(ListenAddress.STATES, words);
    }

    // ---- changes that an initiator asks for ----

    @Test
    void everyOtherNexusIsToldOfAChange() {
        Initiator stranger = ready("b", 1);
        set(first, 0x1, 1, 0x2, 2).good();
        assertEquals("1 2", states(first));
        assertEquals(1, first.in(REPORT, 255).u8(9), "altered by SET TARGET PORT GROUPS");
        first.in(Cdb.read(0, 1), 512).good();
        second.none(Cdb.testUnitReady()).attention(AdditionalSense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        second.none(Cdb.testUnitReady())
                .check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_TARGET_PORT_IN_STANDBY_STATE);
        stranger.none(Cdb.testUnitReady()).attention(AdditionalSense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        stranger.none(Cdb.testUnitReady()).good();
        set(second, 0x0, 2).good(); // by the very path that was closed
        second.none(Cdb.testUnitReady()).good();
        assertEquals("1 0", states(second));
    }

    @Test
    void whatIsSoAlreadyIsNoNews() {
        set(first, 0x0, 1, 0x0, 2).good();
        first.out(set(0), new byte[0]).good();
        second.none(Cdb.testUnitReady()).good();
        assertEquals(0, first.in(REPORT, 255).u8(9), "nobody has altered it");
    }

    @Test
    void offlineIsAskedForByThePort() {
        set(first, 0xe, 2).good();
        assertEquals("0 e", states(first));
        second.takeAttentions();
        second.none(Cdb.testUnitReady()).check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_OFFLINE);
    }

    @Test
    void aWrongListChangesNothing() {
        set(first, 0x2, 2, 0x1, 3).invalidParameter(10);
        set(first, 0x2, 2, 0xf, 1).invalidParameter(8);
        set(first, 0x4, 2).invalidParameter(4);
        set(first, 0x2, 2, 0x1, 2).invalidParameter(10);
        set(first, 0xe, 3).invalidParameter(6);
        for (int length : new int[] {1, 4, 7, 9, 4 + 257 * 4}) {
            first.out(set(length), new byte[length]).invalidCdb(6);
        }
        first.send(first.prepare(set(8), DataDirection.OUT, new byte[4], 4, 4))
                .reply()
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        assertEquals("0 0", states(first));
        second.none(Cdb.testUnitReady()).good();
    }

    // ---- changes with commands under way ----

    @Test
    void aClosingPathIsInTransitionUntilItsCommandsHaveEnded() {
        store.hold();
        Initiator.Pending read = second.startIn(Cdb.read(0, 1), 512);
        byte[] list = list(0x2, 2);
        Initiator.Pending change = first.startOut(set(8), list);
        assertFalse(change.isDone());
        assertEquals("0 f", states(first));
        second.in(Cdb.read(8, 1), 512)
                .check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_ASYMMETRIC_ACCESS_STATE_TRANSITION);
        set(first, 0x1, 1)
                .check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_ASYMMETRIC_ACCESS_STATE_TRANSITION);
        store.release();
        read.reply().good();
        change.reply().good();
        assertEquals("0 2", states(first));
    }

    @Test
    void commandsOfOtherPathsAreNotWaitedFor() {
        store.hold();
        Initiator.Pending read = first.startIn(Cdb.read(0, 1), 512);
        set(first, 0x3, 2).good();
        store.release();
        read.reply().good();
    }

    @Test
    void whoAbortsTheChangeGetsNoStatusAndItGoesOn() {
        store.hold();
        Initiator.Pending read = second.startIn(Cdb.read(0, 1), 512);
        Initiator.Pending change = first.startOut(set(8), list(0x2, 2));
        change.abort();
        store.release();
        read.reply().good();
        change.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals("0 2", states(first));
    }

    @Test
    void aChangeThatTakesTooLongHasFailedAndEverybodyIsTold() {
        store.hold();
        Initiator.Pending read = second.startIn(Cdb.read(0, 1), 512);
        CompletableFuture<Boolean> change = unit.portGroups().set(2, AccessState.STANDBY, 20);
        assertFalse(change.join());
        for (Initiator initiator : List.of(first, second)) {
            initiator
                    .none(Cdb.testUnitReady())
                    .attention(AdditionalSense.IMPLICIT_ASYMMETRIC_ACCESS_STATE_TRANSITION_FAILED);
            initiator.none(Cdb.testUnitReady()).good();
        }
        store.release();
        read.reply().good();
        assertEquals("0 0", states(first), "what ends late changes nothing");
        assertTrue(put(2, AccessState.STANDBY), "and stands in nobody's way");
    }

    @Test
    void whatTheAdministratorChangesEveryNexusIsToldOf() {
        assertTrue(put(2, AccessState.UNAVAILABLE));
        for (Initiator initiator : List.of(first, second)) {
            initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        }
        PortGroup group = unit.portGroups().all().get(1);
        assertEquals(AccessState.UNAVAILABLE, group.state());
        assertEquals(PortGroup.Cause.IMPLICIT, group.cause());
        assertThrows(IllegalArgumentException.class, () -> put(7, AccessState.STANDBY));
        assertThrows(IllegalArgumentException.class, () -> put(2, AccessState.TRANSITIONING));
        assertEquals(2, new HashSet<>(unit.portGroups().all()).size());
    }
}
