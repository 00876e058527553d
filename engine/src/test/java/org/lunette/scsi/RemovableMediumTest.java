package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** Ejecting and loading, and preventing that. */
public class RemovableMediumTest {
    private static final int BLOCK = 512;
    private static final int EJECT = 2;
    private static final int LOAD = 3;
    private static final int NO_FLUSH = 4;

    private final FakeStore store = FakeStore.ofBlocks(256);
    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", store).removable(true).build();
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final Initiator other = Initiator.ready(unit, "b");

    private static byte[] startStop(int flags) {
        byte[] cdb = Cdb.of("1b 00 00 00 00 00");
        cdb[4] = (byte) flags;
        return cdb;
    }

    private static byte[] prevent(int prevent) {
        byte[] cdb = Cdb.of("1e 00 00 00 00 00");
        cdb[4] = (byte) prevent;
        return cdb;
    }

    private static void noMedium(Reply reply) {
        reply.check(SenseKey.NOT_READY, AdditionalSense.MEDIUM_NOT_PRESENT);
    }

    private static void prevented(Reply reply) {
        reply.check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.MEDIUM_REMOVAL_PREVENTED);
    }

    private void assertEjected() {
        noMedium(initiator.none(Cdb.testUnitReady()));
        noMedium(other.none(Cdb.testUnitReady()));
    }

    // ---- eject and load ----

    @Test
    void anEjectedMediumIsMissedByWhatNeedsItAndByNothingElse() {
        initiator.none(startStop(EJECT)).good();
        for (Opcode opcode : unit.opcodes().all()) {
            byte[] cdb = new byte[opcode.cdbBytes()];
            cdb[0] = (byte) opcode.code();
            cdb[1] = (byte) Math.max(0, opcode.serviceAction());
            Reply reply = other.send(other.prepare(cdb, DataDirection.NONE, null, 0, 0))
                    .reply();
            boolean missed = reply.status() == ScsiStatus.CHECK_CONDITION
                    && reply.senseCodes().equals("02/3a/00");
            boolean needed = opcode.need() != Need.NOTHING && opcode.need() != Need.UNIT;
            assertEquals(needed, missed, opcode + ": " + reply);
        }
        for (byte[] needing : List.of(
                Cdb.testUnitReady(),
                Cdb.read(0, 1),
                Cdb.write(0, 1),
                Cdb.verify(10, 0, 1, 0),
                Cdb.synchronizeCache(10, 0, 0, 0),
                Cdb.of("25 00 00000000 0000 00 00"),
                Cdb.of("37 00 18 00000000 0004 00"),
                CopyLists.copy(0x10, 1, 0),
                Cdb.of("9e 10 0000000000000000 00000020 0000"))) {
            noMedium(initiator.none(needing));
        }
        initiator.in(Cdb.inquiry(96), 96).good();
        initiator.in(Cdb.reportLuns(0, 64), 64).good();
        initiator.in(Cdb.modeSense(6, 0, 0, 0x3f, 0, 255), 255).good();
        initiator.in(Cdb.reserveIn(0, 255), 255).good();
        initiator.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 7)).good();
        initiator.out(Cdb.reserveOut(0, 0), Cdb.keys(7, 0)).good();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestSenseTellsThatThereIsNoMedium(boolean descriptor) {
        initiator.none(startStop(EJECT)).good();
        Reply reply = other.in(Cdb.requestSense(descriptor), 252).good();
        assertEquals(SenseKey.NOT_READY.code(), reply.u8(descriptor ? 1 : 2) & 0xf);
        assertEquals(0x3a00, reply.u16(descriptor ? 2 : 12));
    }

    @Test
    void afterLoadingTheDataIsThereAndTheOthersAreTold() {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) 9);
        initiator.out(Cdb.write(3, 1), data).good();
        other.none(startStop(EJECT)).good();
        assertEjected();
        other.none(startStop(LOAD)).good();
        other.none(Cdb.testUnitReady()).good();
        initiator
                .none(Cdb.testUnitReady())
                .attention(AdditionalSense.NOT_READY_TO_READY_CHANGE_MEDIUM_MAY_HAVE_CHANGED);
        assertArrayEquals(data, initiator.in(Cdb.read(3, 1), BLOCK).good().data());
    }

    @Test
    void ejectingTwiceAndLoadingWhatIsLoadedChangesNothing() {
        initiator.none(startStop(LOAD)).good();
        assertEquals(0, other.takeAttentions());
        initiator.none(startStop(EJECT)).good();
        initiator.none(startStop(EJECT)).good();
        assertEjected();
        initiator.none(startStop(LOAD)).good();
        initiator.none(startStop(LOAD)).good();
        assertEquals(1, other.takeAttentions());
    }

    @Test
    void ejectingFlushesUnlessToldNotTo() {
        store.logged();
        initiator.none(startStop(EJECT)).good();
        assertEquals(List.of("flush 0 131072"), store.log);
        initiator.none(startStop(LOAD)).good();
        initiator.none(startStop(EJECT | NO_FLUSH)).good();
        assertEquals(List.of("flush 0 131072"), store.log);
        other.takeAttentions();
        assertEjected();
    }

    @Test
    void aMediumWhoseFlushFailsStaysIn() {
        store.failWith(StoreStatus.WRITE_FAILED, -1);
        initiator.none(startStop(EJECT)).check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
        store.failWith(StoreStatus.OK, -1);
        initiator.none(Cdb.testUnitReady()).good();
    }

    @Test
    void anEjectThatIsAbortedWhileItFlushesLeavesTheMediumIn() {
        store.hold();
        Initiator.Pending eject = initiator.startIn(startStop(EJECT), 0);
        assertFalse(eject.isDone());
        eject.abort();
        store.release();
        eject.reply().is(ScsiStatus.TASK_ABORTED);
        initiator.none(Cdb.testUnitReady()).good();
    }

    @Test
    void stoppingWithoutLoejAndPowerConditionsLeaveTheMediumIn() {
        for (int flags = 0; flags < 256; flags++) {
            if ((flags & 8) == 0 && ((flags & 0xf0) != 0 || (flags & EJECT) == 0)) {
                initiator.none(startStop(flags)).good();
                initiator.none(Cdb.testUnitReady()).good();
            }
        }
    }

    @Test
    void anEjectedMediumStaysOutOverAReset() {
        initiator.none(startStop(EJECT)).good();
        initiator.manage(Function.LOGICAL_UNIT_RESET);
        initiator.takeAttentions();
        other.takeAttentions();
        assertEjected();
    }

    // ---- PREVENT ALLOW MEDIUM REMOVAL ----

    @Test
    void whatOneNexusPreventsNobodyEjectsOrLoads() {
        initiator.none(prevent(1)).good();
        for (Initiator one : List.of(initiator, other)) {
            prevented(one.none(startStop(EJECT)));
            prevented(one.none(startStop(EJECT | NO_FLUSH)));
            prevented(one.none(startStop(LOAD)));
        }
        initiator.none(Cdb.testUnitReady()).good();
        other.none(prevent(0)).good();
        prevented(other.none(startStop(EJECT)));
        initiator.none(prevent(0)).good();
        other.none(startStop(EJECT)).good();
        assertEjected();
        other.none(prevent(1)).good();
        prevented(initiator.none(startStop(LOAD)));
    }

    @Test
    void everyNexusThatPreventsMustAllow() {
        initiator.none(prevent(1)).good();
        other.none(prevent(1)).good();
        initiator.none(prevent(0)).good();
        prevented(initiator.none(startStop(EJECT)));
        other.none(prevent(0)).good();
        initiator.none(startStop(EJECT)).good();
    }

    @Test
    void obsoleteValuesAreRefused() {
        initiator.none(prevent(2)).invalidCdb(4);
        initiator.none(prevent(3)).invalidCdb(4);
        initiator.none(startStop(EJECT)).good();
    }

    @Test
    void theLossOfTheNexusAllowsRemoval() {
        other.none(prevent(1)).good();
        other.close();
        initiator.none(startStop(EJECT)).good();
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"LOGICAL_UNIT_RESET", "TARGET_WARM_RESET", "TARGET_COLD_RESET"})
    void aResetAllowsRemoval(Function reset) {
        other.none(prevent(1)).good();
        assertEquals(Response.FUNCTION_COMPLETE, initiator.manage(reset));
        initiator.takeAttentions();
        initiator.none(startStop(EJECT)).good();
    }

    @Test
    void whoIsPreemptedAndAbortedPreventsNothingMore() {
        initiator.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)).good();
        other.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 2)).good();
        other.none(prevent(1)).good();
        initiator.out(Cdb.reserveOut(5, 1), Cdb.keys(1, 2)).good();
        initiator.none(startStop(EJECT)).good();
    }

    @Test
    void aDiskThatIsNotRemovableHasNoSuchCommands() {
        LogicalUnit fixed = LogicalUnit.builder("disk1", store).build();
        Initiator at = Initiator.ready(fixed, "a");
        at.none(prevent(1)).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        at.none(startStop(EJECT)).invalidCdb(4);
    }

    /** Whoever was told that removal is prevented finds the medium as it is, however others eject meanwhile. */
    @Test
    void whatIsPreventedStaysSoThoughOthersEjectAtOnce() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread ejecting = new Thread(() -> {
            while (!over.get()) {
                other.none(startStop(EJECT));
                other.none(startStop(LOAD));
            }
        });
        ejecting.start();
        try {
            for (int i = 0; i < 1000; i++) {
                Reply prevented = initiator.none(prevent(1));
                while (prevented.status() != ScsiStatus.GOOD) { // told of a load by the other, again and again
                    prevented = initiator.none(prevent(1));
                }
                boolean ejected = isEjected();
                for (int look = 0; look < 3; look++) {
                    assertEquals(ejected, isEjected(), "round " + i);
                }
                Reply allowed = initiator.none(prevent(0));
                while (allowed.status() != ScsiStatus.GOOD) { // the other's load may be told of late
                    allowed = initiator.none(prevent(0));
                }
            }
        } finally {
            over.set(true);
            ejecting.join();
        }
    }

    private boolean isEjected() {
        Reply reply;
        do {
            reply = initiator.none(Cdb.testUnitReady());
        } while (reply.status() != ScsiStatus.GOOD && reply.senseCodes().startsWith("06"));
        return reply.status() != ScsiStatus.GOOD;
    }
}
