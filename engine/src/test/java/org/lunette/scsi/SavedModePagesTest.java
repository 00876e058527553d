package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement.Function;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** Mode pages of a unit that keeps values: PS, PC 3 and SP, over resets and restarts. */
public class SavedModePagesTest {
    private static final int CURRENT = 0;
    private static final int SAVED = 3;
    private static final String CACHING_OFF = "0812 00" + "00".repeat(17);
    private static final String CACHING_ON = "0812 04" + "00".repeat(17);
    private static final String DESCRIPTOR_SENSE = "0a0a 04 10 00 40 00 00 ffff 0000";

    private final FakeStore store = FakeStore.ofBlocks(1024).logged();
    private final FakeKeptValues kept = new FakeKeptValues();
    private LogicalUnit unit = build();
    private Initiator initiator = Initiator.ready(unit, "a");

    private LogicalUnit build() {
        return LogicalUnit.builder("disk0", store).keptValues(kept).build();
    }

    private void restart() {
        unit.close();
        unit = build();
        initiator = Initiator.ready(unit, "a");
    }

    private Initiator.Pending start(int flags, String hex) {
        byte[] list = Cdb.of(hex);
        byte[] cdb = Cdb.modeSelect(6, list.length);
        cdb[1] = (byte) flags;
        return initiator.startOut(cdb, list);
    }

    private Reply select(int flags, String hex) {
        return start(flags, hex).reply();
    }

    private int value(int control, int page, int offset) {
        return initiator
                .in(Cdb.modeSense(6, 0x08, control, page, 0, 255), 255)
                .good()
                .u8(4 + offset);
    }

    @Test
    void psIsSetWhereSomethingCanBeSaved() {
        for (int control = 0; control <= SAVED; control++) {
            assertEquals(0x88, value(control, 0x08, 0));
            assertEquals(0x8a, value(control, 0x0a, 0));
            assertEquals(0x1c, value(control, 0x1c, 0), "nothing of it can be changed");
        }
    }

    @Test
    void whatWasNeverSavedIsTheDefault() {
        select(0x10, "00000000" + CACHING_OFF).good();
        assertEquals(0, value(CURRENT, 8, 2));
        assertEquals(4, value(SAVED, 8, 2));
    }

    @Test
    void savedValuesAreMadeTrueAtStart() {
        select(0x11, "00000000" + CACHING_OFF + DESCRIPTOR_SENSE).good();
        assertEquals(0, value(SAVED, 8, 2));
        restart();
        assertEquals(0, value(CURRENT, 8, 2), "WCE");
        assertEquals(0x72, initiator.in(Cdb.vpd(0x99, 255), 255).sense()[0]);
        store.log.clear();
        initiator.out(Cdb.write(0, 1), new byte[512]).good();
        assertEquals(List.of("write durably 0 512"), store.log);
    }

    @Test
    void aResetBringsTheSavedValuesBack() {
        select(0x11, "00000000" + CACHING_OFF).good();
        select(0x10, "00000000" + CACHING_ON).good();
        assertEquals(4, value(CURRENT, 8, 2));
        initiator.manage(Function.LOGICAL_UNIT_RESET);
        initiator.takeAttentions();
        assertEquals(0, value(CURRENT, 8, 2));
    }

    @Test
    void savingTakesEveryPageAsItIs() {
        select(0x10, "00000000" + CACHING_OFF).good();
        select(0x11, "00000000" + DESCRIPTOR_SENSE).good();
        assertEquals(0, value(SAVED, 8, 2), "also what the list does not name");
        select(0x10, "00000000" + CACHING_ON).good();
        select(0x11, "").good();
        assertEquals(4, value(SAVED, 8, 2), "also without a list");
    }

    @Test
    void statusComesWhenTheValuesAreKept() {
        kept.hold();
        Initiator.Pending pending = start(0x11, "00000000" + CACHING_OFF);
        assertFalse(pending.isDone());
        assertEquals(4, value(SAVED, 8, 2));
        kept.release();
        pending.reply().good();
        assertEquals(0, value(SAVED, 8, 2));
    }

    @Test
    void whoKeepsValuesDoesNotWaitForTheStore() {
        Queue<Command> handedOver = new ArrayDeque<>();
        AtomicReference<CommandExecutor> executor = new AtomicReference<>();
        unit = LogicalUnit.builder("blocking", store)
                .keptValues(kept)
                .handOver(own -> {
                    executor.set(own);
                    return handedOver::add;
                })
                .build();
        initiator = new Initiator(unit, "a");
        Initiator.Pending attention = initiator.startIn(Cdb.requestSense(false), 252);
        executor.get().execute(handedOver.remove());
        attention.reply().good();
        kept.hold();
        Initiator.Pending pending = start(0x11, "00000000" + CACHING_OFF);
        executor.get().execute(handedOver.remove());
        kept.release();
        assertEquals(List.of(), store.log);
        executor.get().execute(handedOver.remove());
        assertEquals(List.of("flush 0 524288"), store.log);
        pending.reply().good();
    }

    @Test
    void whatCannotBeKeptIsNoSuccess() {
        kept.endWith(StoreStatus.WRITE_FAILED);
        select(0x11, "00000000" + CACHING_OFF).check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        assertEquals(4, value(SAVED, 8, 2));
        assertFalse(kept.values.containsKey("mode-pages"));
    }

    @Test
    void revertingToTheDefaultsCanBeSaved() {
        select(0x11, "00000000" + CACHING_OFF).good();
        select(0x12, "").good();
        assertEquals(4, value(CURRENT, 8, 2));
        assertEquals(0, value(SAVED, 8, 2));
        select(0x13, "").good();
        assertEquals(4, value(SAVED, 8, 2));
        select(0x12, "00000000" + CACHING_OFF).invalidCdb(4);
    }

    @Test
    void keptPagesOfAnotherDeviceAreRefusedByName() {
        kept.values.put("mode-pages", Cdb.of(CACHING_OFF + "3e02 0000"));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, this::build);
        assertTrue(refused.getMessage().contains("the map's mode-pages"), refused.getMessage());
    }

    @Test
    void aBitThatIsNoLongerChangeableKeepsItsDefault() {
        kept.values.put("mode-pages", Cdb.of("0a0a 04 30 00 00 00 00 0000 0000"));
        restart();
        assertEquals(0x04, value(CURRENT, 0x0a, 2));
        assertEquals(0x10, value(CURRENT, 0x0a, 3));
    }

    @Test
    void tasAndQerrAreSavedLikeOthers() {
        select(0x11, "00000000 0a0a 00 16 00 00 00 00 ffff 0000").good();
        restart();
        assertEquals(0x16, value(CURRENT, 0x0a, 3));
        assertEquals(0, value(CURRENT, 0x0a, 5));
        assertFalse(unit.abortsWithStatus(Function.CLEAR_TASK_SET, initiator.nexus(), 0));
        kept.values.put("mode-pages", Cdb.of("0a0a 00 14 00 00 00 00 0000 0000"));
        restart();
        assertEquals(0x10, value(CURRENT, 0x0a, 3), "QERR 10b is reserved");
    }
}
