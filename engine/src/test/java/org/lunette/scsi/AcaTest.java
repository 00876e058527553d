package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Region;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** The ACA condition: what establishes it, what it does to whose commands, and what clears it; SAM-5, 5.9. */
class AcaTest {
    private static final int BLOCK = 512;
    private static final int NACA = 0x04;
    /** READ (10) far beyond the end, which fails; with NACA or without. */
    private static final byte[] FAILS = Cdb.of("28 00 7fffffff 00 0001 00");

    private static final byte[] FAILS_WITH_NACA = Cdb.of("28 00 7fffffff 00 0001 04");

    private final FakeStore store = FakeStore.ofBlocks(1024).logged();
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Region memory = Region.allocate("aca-test", BLOCK);
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");

    @AfterEach
    void free() {
        memory.close();
    }

    private static void fail(Initiator by, byte[] cdb) {
        by.in(cdb, BLOCK).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
    }

    private static byte[] naca(byte[] cdb) {
        cdb[cdb.length - 1] |= NACA;
        return cdb;
    }

    private static void isActive(Initiator faulted) {
        faulted.as(TaskAttribute.SIMPLE).none(Cdb.testUnitReady()).is(ScsiStatus.ACA_ACTIVE);
    }

    @Test
    void withoutNacaNothingIsEstablished() {
        fail(a, FAILS);
        a.none(Cdb.testUnitReady()).good();
        a.none(naca(Cdb.testUnitReady())).good();
        a.none(Cdb.testUnitReady()).good();
    }

    @Test
    void theNexusMayOnlySendTheAcaTaskUntilItIsCleared() {
        fail(a, FAILS_WITH_NACA);
        for (TaskAttribute attribute :
                new TaskAttribute[] {TaskAttribute.SIMPLE, TaskAttribute.ORDERED, TaskAttribute.HEAD_OF_QUEUE}) {
            a.as(attribute).in(Cdb.inquiry(96), 96).is(ScsiStatus.ACA_ACTIVE);
        }
        a.as(TaskAttribute.ACA).in(Cdb.read(0, 1), BLOCK).good();
        isActive(a);
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.CLEAR_ACA));
        a.none(Cdb.testUnitReady()).good();
    }

    @Test
    void othersAreToldBusyOrAcaActive() {
        fail(a, FAILS_WITH_NACA);
        b.none(Cdb.testUnitReady()).is(ScsiStatus.BUSY);
        b.none(naca(Cdb.testUnitReady())).is(ScsiStatus.ACA_ACTIVE);
        b.as(TaskAttribute.ACA).none(Cdb.testUnitReady()).is(ScsiStatus.ACA_ACTIVE);
        assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.CLEAR_ACA), "of another nexus, clears nothing");
        isActive(a);
        a.manage(Function.CLEAR_ACA);
        b.as(TaskAttribute.SIMPLE).none(Cdb.testUnitReady()).good();
    }

    @Test
    void thereIsOneAcaTaskAtATime() {
        fail(a, FAILS_WITH_NACA);
        store.hold();
        Initiator.Pending first = a.as(TaskAttribute.ACA).startIn(Cdb.read(0, 1), BLOCK);
        a.in(Cdb.read(1, 1), BLOCK).is(ScsiStatus.ACA_ACTIVE);
        store.release();
        first.reply().good();
        a.in(Cdb.read(1, 1), BLOCK).good();
        a.manage(Function.CLEAR_ACA);
    }

    @Test
    void withoutAConditionTheAcaAttributeIsAnError() {
        a.as(TaskAttribute.ACA)
                .none(Cdb.testUnitReady())
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_MESSAGE_ERROR);
        a.as(TaskAttribute.SIMPLE).none(Cdb.testUnitReady()).good();
    }

    @Test
    void whatHasNotBegunWaitsForTheEndOfTheCondition() {
        store.hold();
        Initiator.Pending working = a.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending fails = a.as(TaskAttribute.HEAD_OF_QUEUE).startIn(Cdb.read(1, 1), BLOCK);
        Initiator.Pending waiting = b.as(TaskAttribute.ORDERED).startIn(Cdb.read(2, 1), BLOCK);
        fail(a, FAILS_WITH_NACA);
        store.release();
        working.reply().good();
        fails.reply().good();
        assertFalse(waiting.isDone());
        assertEquals(Response.FUNCTION_COMPLETE, a.manage(Function.CLEAR_ACA));
        waiting.reply().good();
    }

    @Test
    void theAcaTaskThatFailsEndsTheConditionOrRenewsIt() {
        fail(a, FAILS_WITH_NACA);
        a.as(TaskAttribute.ACA);
        fail(a, FAILS_WITH_NACA);
        isActive(a);
        a.as(TaskAttribute.ACA);
        fail(a, FAILS);
        a.as(TaskAttribute.SIMPLE).none(Cdb.testUnitReady()).good();
    }

    @Test
    void withATaskSetForEachNexusOthersGoOn() {
        TaskAttributesTest.setControl(a, "0a0a 20 10 00 40 00 00 ffff 0000");
        b.takeAttentions();
        fail(a, FAILS_WITH_NACA);
        isActive(a);
        b.none(Cdb.testUnitReady()).good();
        b.as(TaskAttribute.ACA)
                .none(Cdb.testUnitReady())
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_MESSAGE_ERROR);
        b.as(TaskAttribute.SIMPLE);
        fail(b, FAILS_WITH_NACA);
        a.manage(Function.CLEAR_ACA);
        isActive(b);
        a.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aResetClearsIt() {
        fail(a, FAILS_WITH_NACA);
        assertEquals(Response.FUNCTION_COMPLETE, b.manage(Function.LOGICAL_UNIT_RESET));
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        a.none(Cdb.testUnitReady()).good();
    }

    @Test
    void itEndsWithItsNexus() {
        fail(a, FAILS_WITH_NACA);
        b.none(Cdb.testUnitReady()).is(ScsiStatus.BUSY);
        a.close();
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void preemptAndAbortClearsItAndIsNotHeldUpByIt() {
        a.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)).good();
        b.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 2)).good();
        a.out(Cdb.reserveOut(1, 5), Cdb.keys(1, 0)).good();
        fail(a, FAILS_WITH_NACA);
        b.none(Cdb.testUnitReady()).is(ScsiStatus.BUSY);
        b.out(Cdb.reserveOut(5, 5), Cdb.keys(2, 1)).good();
        b.none(Cdb.testUnitReady()).good();
        assertEquals(ScsiStatus.CHECK_CONDITION, a.none(Cdb.testUnitReady()).status(), "told of the preemption");
    }

    @Test
    void qerrAbortsWhatWouldWait() {
        TaskAttributesTest.setControl(a, "0a0a 00 12 00 40 00 00 ffff 0000");
        b.takeAttentions();
        store.hold();
        Initiator.Pending working = b.startIn(Cdb.read(0, 1), BLOCK);
        Initiator.Pending waiting = b.as(TaskAttribute.ORDERED).startIn(Cdb.read(2, 1), BLOCK);
        a.as(TaskAttribute.HEAD_OF_QUEUE);
        fail(a, FAILS_WITH_NACA);
        waiting.reply().is(ScsiStatus.TASK_ABORTED);
        store.release();
        working.reply();
        isActive(a);
        a.manage(Function.CLEAR_ACA);
        b.as(TaskAttribute.SIMPLE).none(Cdb.testUnitReady()).good();
    }

    @Test
    void aUnitWhoseTransportOrdersCommandsRefusesNaca() {
        LogicalUnit other =
                LogicalUnit.builder("disk1", store).ownTaskSet(false).build();
        Initiator one = Initiator.ready(other, "a");
        one.none(naca(Cdb.testUnitReady())).invalidCdb(5);
        assertEquals(0, one.in(Cdb.inquiry(96), 96).good().u8(3) & 0x20, "NORMACA");
        one.none(Cdb.testUnitReady()).good();
        assertEquals(Response.FUNCTION_REJECTED, one.manage(Function.CLEAR_ACA));
    }

    @Test
    void aNexusThatIsLostLeavesNoCondition() {
        Nexus nexus = new Nexus("iqn.2026-11.test:c,i,0x0123456789ac", "iqn.2026-11.test:target,t,0x0001", 1);
        unit.nexusEstablished(nexus);
        send(nexus, Cdb.testUnitReady());
        store.hold();
        send(nexus, naca(Cdb.read(0, 1)));
        unit.nexusLost(nexus);
        store.failWith(StoreStatus.READ_FAILED, 0);
        store.release();
        b.none(Cdb.testUnitReady()).good();
    }

    private void send(Nexus nexus, byte[] cdb) {
        Command command = new Command(this, ended -> {});
        command.begin(nexus, 0, 1, TaskAttribute.SIMPLE);
        command.setCdb(cdb, 0, cdb.length);
        command.setData(DataDirection.IN, memory.address(), BLOCK, BLOCK);
        unit.execute(command);
    }
}
