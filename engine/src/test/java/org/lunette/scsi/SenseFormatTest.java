package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** D_SENSE: fixed or descriptor format, whoever ends the command. */
public class SenseFormatTest {
    private static final long FAR_LBA = 0x2_0000_0005L;
    private static final int FIXED = 0x70;
    private static final int DESCRIPTOR = 0x72;

    private final FakeStore store = FakeStore.hollow((FAR_LBA + 1) * 512, FakeStore.properties(false, false));
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");

    private void setDescriptorSense(boolean on) {
        byte[] list = Cdb.of("00000000 0a0a 0" + (on ? 4 : 0) + " 10 00 40 00 00 ffff 0000");
        initiator.out(Cdb.modeSelect(6, list.length), list).good();
    }

    @Test
    void anLbaBeyond32BitsIsToldInDescriptorsOnly() {
        store.failWith(StoreStatus.READ_FAILED, FAR_LBA * 512);
        Reply fixed = initiator.in(Cdb.read(FAR_LBA, 1), 512);
        fixed.check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        assertEquals(FIXED, fixed.sense()[0] & 0xff, "VALID is 0");
        assertEquals(0, fixed.sense()[3] | fixed.sense()[4] | fixed.sense()[5] | fixed.sense()[6]);
        setDescriptorSense(true);
        Reply inDescriptors = initiator.in(Cdb.read(FAR_LBA, 1), 512);
        inDescriptors.check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        assertEquals(FAR_LBA, inDescriptors.information());
    }

    @Test
    void anLbaWithin32BitsIsToldInBothFormats() {
        store.failWith(StoreStatus.READ_FAILED, 7 * 512);
        assertEquals(7, initiator.in(Cdb.read(7, 1), 512).information());
        setDescriptorSense(true);
        assertEquals(7, initiator.in(Cdb.read(7, 1), 512).information());
    }

    @Test
    void unitAttentionsHaveTheFormatToo() {
        Initiator other = Initiator.ready(unit, "b");
        setDescriptorSense(true);
        Reply attention = other.none(Cdb.testUnitReady());
        attention.attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        assertEquals(DESCRIPTOR, attention.sense()[0]);
    }

    @Test
    void requestSenseFollowsItsOwnBit() {
        setDescriptorSense(true);
        assertEquals(FIXED, initiator.in(Cdb.requestSense(false), 252).good().u8(0));
        setDescriptorSense(false);
        assertEquals(
                DESCRIPTOR, initiator.in(Cdb.requestSense(true), 252).good().u8(0));
    }

    @Test
    void whoeverEndsACommandForTheUnitKeepsToTheFormat() {
        setDescriptorSense(true);
        store.hold();
        Command command = new Command(null, ended -> {});
        command.begin(initiator.nexus(), 0, 1, TaskAttribute.SIMPLE);
        command.setCdb(Cdb.synchronizeCache(10, 0, 0, 0), 0, 10);
        unit.execute(command);
        command.failUse(command.use(), SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        assertEquals(DESCRIPTOR, command.sense()[0]);
        assertEquals(8, command.senseBytes());
        command.begin(initiator.nexus(), 0, 2, TaskAttribute.SIMPLE);
        command.completeCheckCondition(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        assertEquals(FIXED, command.sense()[0], "nothing is left of the last use");
    }
}
