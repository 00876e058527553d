package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.DataDirection;
import org.lunette.command.Lun;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.unit.LogicalUnit;

class ScsiTargetTest {
    private final ScsiTarget target = new ScsiTarget("iqn.2026-11.org.lunette:target");
    private final FakeStore store0 = FakeStore.ofBlocks(100);
    private final FakeStore store2 = FakeStore.ofBlocks(200);
    private final LogicalUnit unit0 = LogicalUnit.builder("disk0", store0).build();
    private final LogicalUnit unit2 = LogicalUnit.builder("disk2", store2).build();

    ScsiTargetTest() {
        target.map(0, unit0);
        target.map(2, unit2);
    }

    private Initiator ready(String name) {
        Initiator initiator = new Initiator(target, name);
        for (int lun : target.luns()) {
            initiator.lun(lun).takeAttentions();
        }
        return initiator.lun(0);
    }

    private static List<Long> luns(Reply reply) {
        List<Long> luns = new ArrayList<>();
        for (int at = 8; at < reply.data().length; at += 8) {
            luns.add(reply.u64(at));
        }
        assertEquals(reply.transferBytes() - 8, reply.u32(0));
        return luns;
    }

    @Test
    void commandsGoToTheUnitAtTheirLun() {
        Initiator initiator = ready("a");
        byte[] capacity = Cdb.of("25 00 00000000 000000 00");
        assertEquals(99, initiator.lun(0).in(capacity, 8).good().u32(0));
        assertEquals(199, initiator.lun(2).in(capacity, 8).good().u32(0));
        byte[] data = new byte[512];
        data[0] = 1;
        initiator.lun(2).out(Cdb.write(0, 1), data).good();
        assertEquals(0, store0.snapshot()[0]);
        assertEquals(1, store2.snapshot()[0]);
    }

    @Test
    void everyUnitTellsANewNexusOfItsPowerOn() {
        Initiator initiator = new Initiator(target, "a");
        for (int lun : new int[] {0, 2}) {
            initiator
                    .lun(lun)
                    .none(Cdb.testUnitReady())
                    .attention(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
            initiator.lun(lun).none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void reportLunsIsAnsweredAtAnyLun() {
        Initiator initiator = new Initiator(target, "a");
        long second = 2L << 48;
        long wellKnown = 0xc101L << 48;
        for (int lun : new int[] {0, 1, 2, 77, Lun.UNDECODABLE, Lun.REPORT_LUNS_WELL_KNOWN}) {
            initiator.lun(lun);
            assertEquals(
                    List.of(0L, second),
                    luns(initiator.in(Cdb.reportLuns(0, 4096), 4096).good()));
            assertEquals(
                    List.of(wellKnown),
                    luns(initiator.in(Cdb.reportLuns(1, 4096), 4096).good()));
            assertEquals(
                    List.of(0L, second, wellKnown),
                    luns(initiator.in(Cdb.reportLuns(2, 4096), 4096).good()));
        }
        Reply cut = initiator.in(Cdb.reportLuns(0, 16), 255).good();
        assertEquals(16, cut.transferBytes());
        assertEquals(16, cut.u32(0), "the whole list's length");
        initiator.in(Cdb.reportLuns(3, 255), 255).invalidCdb(2);
        initiator.in(Cdb.reportLuns(0, 15), 255).invalidCdb(6);
    }

    @Test
    void manyUnitsAreMappedAndListed() {
        ScsiTarget big = new ScsiTarget("t");
        for (int lun = 0; lun < 300; lun++) {
            big.map(lun, LogicalUnit.builder("disk" + lun, store0).build());
        }
        Initiator initiator = new Initiator(big, "a");
        List<Long> luns = luns(initiator.in(Cdb.reportLuns(0, 8192), 8192).good());
        assertEquals(300, luns.size());
        assertEquals(255L << 48, luns.get(255));
        assertEquals(0x4100L << 48, luns.get(256), "flat space addressing");
        for (long wire : luns) {
            initiator.lun(Lun.decode(wire)).takeAttentions();
            initiator.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void aLunWithoutAUnitSaysSo() {
        Initiator initiator = ready("a");
        for (int lun : new int[] {1, 3, 16383, Lun.UNDECODABLE}) {
            initiator.lun(lun);
            Reply inquiry = initiator.in(Cdb.inquiry(96), 96).good();
            assertEquals(0x7f, inquiry.u8(0));
            Reply sense = initiator.in(Cdb.requestSense(false), 252).good();
            assertEquals(0x2500, sense.u16(12));
            assertEquals(5, sense.u8(2));
            assertEquals(
                    0x2500, initiator.in(Cdb.requestSense(true), 252).good().u16(2));
            for (byte[] cdb : List.of(Cdb.testUnitReady(), Cdb.read(0, 1), Cdb.of("ff 00 00 00 00 00"))) {
                initiator.in(cdb, 512).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED);
            }
            initiator.in(Cdb.vpd(0x80, 96), 96).is(ScsiStatus.CHECK_CONDITION);
            assertEquals(Response.INCORRECT_LOGICAL_UNIT_NUMBER, initiator.manage(Function.LOGICAL_UNIT_RESET));
        }
    }

    @Test
    void theWellKnownUnitAnswersItsFourCommands() {
        Initiator initiator = ready("a").lun(Lun.REPORT_LUNS_WELL_KNOWN);
        initiator.none(Cdb.testUnitReady()).good();
        assertEquals(0x1e, initiator.in(Cdb.inquiry(96), 96).good().u8(0));
        assertEquals(0, initiator.in(Cdb.requestSense(false), 252).good().u8(2));
        initiator
                .in(Cdb.read(0, 1), 512)
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
    }

    @Test
    void aUnitMappedLaterIsSeenAndTold() {
        Initiator initiator = ready("a");
        LogicalUnit late = LogicalUnit.builder("late", FakeStore.ofBlocks(10)).build();
        target.map(7, late);
        initiator.lun(0).none(Cdb.testUnitReady()).attention(AdditionalSense.REPORTED_LUNS_DATA_HAS_CHANGED);
        initiator.lun(7).takeAttentions();
        initiator.in(Cdb.read(0, 1), 512).good();
        assertArrayEquals(new int[] {0, 2, 7}, target.luns());
    }

    @Test
    void reportLunsEndsTheNewsOfChangedLuns() {
        Initiator a = ready("a");
        Initiator b = ready("b");
        target.map(7, LogicalUnit.builder("late", FakeStore.ofBlocks(10)).build());
        a.lun(7).takeAttentions();
        a.lun(0).in(Cdb.reportLuns(3, 255), 255).invalidCdb(2); // learned nothing
        assertEquals(3, luns(a.lun(2).in(Cdb.reportLuns(0, 255), 255).good()).size());
        for (int lun : target.luns()) {
            a.lun(lun).none(Cdb.testUnitReady()).good();
        }
        b.lun(2).none(Cdb.testUnitReady()).attention(AdditionalSense.REPORTED_LUNS_DATA_HAS_CHANGED);
    }

    @Test
    void anAbortedReportLunsLeavesTheNewsOfChangedLuns() {
        Initiator a = ready("a");
        target.map(7, LogicalUnit.builder("late", FakeStore.ofBlocks(10)).build());
        Initiator.Pending aborted = a.prepare(Cdb.reportLuns(0, 64), DataDirection.NONE, null, 0, 0);
        aborted.abort();
        a.send(aborted).reply().is(ScsiStatus.TASK_ABORTED);
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.REPORTED_LUNS_DATA_HAS_CHANGED);
    }

    /** A nexus that asks at once when it hears of a change knows every LUN in the end. */
    @Test
    void whoIsToldOfChangedLunsFindsThem() throws Exception {
        Initiator a = ready("a");
        ExecutorService mapping = Executors.newSingleThreadExecutor();
        int known = target.luns().length;
        try {
            for (int round = 0; round < 300; round++) {
                int lun = 10 + round;
                LogicalUnit late = LogicalUnit.builder("late" + lun, store0).build();
                Future<?> mapped = mapping.submit(() -> target.map(lun, late));
                boolean last;
                do {
                    last = mapped.isDone();
                    if (a.lun(0).none(Cdb.testUnitReady()).status() != ScsiStatus.GOOD) {
                        known = luns(a.in(Cdb.reportLuns(0, 8192), 8192).good()).size();
                    }
                } while (!last);
                mapped.get();
                assertEquals(target.luns().length, known, "round " + round);
            }
        } finally {
            mapping.shutdown();
        }
    }

    @Test
    void senseDataOfReportLunsHaveTheFormatOfTheUnit() {
        Initiator initiator = ready("a");
        byte[] dSense = Cdb.of("00 00 00 00 0a 0a 04 10 00 40 00 00 ff ff 00 00");
        initiator.lun(2).out(Cdb.modeSelect(6, dSense.length), dSense).good();
        assertEquals(
                0x72,
                initiator.lun(2).in(Cdb.reportLuns(3, 255), 255).invalidCdb(2).sense()[0]);
        assertEquals(
                0x70,
                initiator.lun(0).in(Cdb.reportLuns(3, 255), 255).invalidCdb(2).sense()[0]);
        assertEquals(
                0x70,
                initiator.lun(1).in(Cdb.reportLuns(3, 255), 255).invalidCdb(2).sense()[0]);
    }

    @Test
    void aLunIsGivenOnceAndWithinTheLimit() {
        assertThrows(IllegalArgumentException.class, () -> target.map(0, unit0));
        assertThrows(IllegalArgumentException.class, () -> target.map(-1, unit0));
        assertThrows(IllegalArgumentException.class, () -> target.map(ScsiTarget.MAX_LUNS, unit0));
    }

    @Test
    void aTargetResetReachesEveryUnitAndWaitsForAll() {
        Initiator a = ready("a");
        Initiator b = ready("b");
        store0.hold();
        store2.hold();
        Initiator.Pending first = a.lun(0).startIn(Cdb.read(0, 1), 512);
        Initiator.Pending second = a.lun(2).startIn(Cdb.read(0, 1), 512);
        CompletableFuture<Response> response = b.startManage(Function.TARGET_WARM_RESET);
        store0.release();
        assertFalse(response.isDone());
        store2.release();
        assertEquals(Response.FUNCTION_COMPLETE, response.join());
        first.reply();
        second.reply();
        for (int lun : target.luns()) {
            b.lun(lun).none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        }
        assertEquals(
                Response.FUNCTION_COMPLETE,
                new Initiator(new ScsiTarget("empty"), "c").manage(Function.TARGET_COLD_RESET));
    }

    @Test
    void aLogicalUnitResetReachesItsUnitOnly() {
        Initiator a = ready("a");
        a.lun(2).manage(Function.LOGICAL_UNIT_RESET);
        a.lun(0).none(Cdb.testUnitReady()).good();
        a.lun(2).none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
    }

    @Test
    void aFilterMayStandBeforeAUnit() {
        List<Integer> seen = new ArrayList<>();
        CommandHandler filter = new CommandHandler() {
            @Override
            public void execute(Command command) {
                seen.add(command.opcode());
                unit0.execute(command);
            }

            @Override
            public void manage(TaskManagement request) {
                unit0.manage(request);
            }

            @Override
            public void nexusEstablished(Nexus nexus) {
                unit0.nexusEstablished(nexus);
            }

            @Override
            public void nexusLost(Nexus nexus) {
                unit0.nexusLost(nexus);
            }
        };
        ScsiTarget filtered = new ScsiTarget("f");
        filtered.map(0, unit0, filter);
        Initiator initiator = new Initiator(filtered, "a");
        initiator.takeAttentions();
        assertEquals(List.of(0, 0), seen);
    }

    @Test
    void theEndOfANexusReachesEveryUnit() {
        Initiator a = ready("a");
        Initiator b = ready("b");
        byte[] reserve = Cdb.of("16 00 00 0000 00");
        a.lun(0).none(reserve).good();
        a.lun(2).none(reserve).good();
        a.close();
        b.lun(0).none(Cdb.testUnitReady()).good();
        b.lun(2).none(Cdb.testUnitReady()).good();
    }
}
