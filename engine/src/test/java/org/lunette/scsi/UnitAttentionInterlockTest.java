package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;

/** What becomes of a unit attention condition that was reported: UA_INTLCK_CTRL; SPC-5, and SAM-5, 5.14. */
class UnitAttentionInterlockTest {
    private static final String CONTROL = "0a0a 00 10 %s 40 00 00 ffff 0000";

    private final LogicalUnit unit =
            LogicalUnit.builder("disk0", FakeStore.ofBlocks(64)).build();
    private final Initiator a = Initiator.ready(unit, "a");
    private final Initiator b = Initiator.ready(unit, "b");

    private void interlock(String byte4) {
        TaskAttributesTest.setControl(a, String.format(CONTROL, byte4));
        b.in(Cdb.requestSense(false), 252).good();
    }

    private static String reported(Reply sense) {
        return String.format("%02x/%02x/%02x", sense.u8(2) & 0x0f, sense.u8(12), sense.u8(13));
    }

    private static String codes(AdditionalSense additional) {
        return String.format(
                "%02x/%02x/%02x",
                SenseKey.UNIT_ATTENTION.code(), additional.code() & 0xff, additional.qualifier() & 0xff);
    }

    @ParameterizedTest
    @EnumSource(UnitAttention.class)
    void everyConditionPassesInquiryAndIsClearedByBeingReported(UnitAttention attention) {
        unit.raise(attention, NexusScope.ALL);
        a.in(Cdb.inquiry(96), 96).good();
        if (attention != UnitAttention.REPORTED_LUNS_CHANGED) { // which is no news after it
            a.in(Cdb.reportLuns(0, 64), 64).good();
        }
        a.none(Cdb.testUnitReady()).attention(attention.additionalSense());
        a.none(Cdb.testUnitReady()).good();
        assertEquals(codes(attention.additionalSense()), reported(b.in(Cdb.requestSense(false), 252)));
        b.none(Cdb.testUnitReady()).good();
    }

    @ParameterizedTest
    @EnumSource(UnitAttention.class)
    void withInterlockEveryConditionStaysUntilRequestSense(UnitAttention attention) {
        interlock("20");
        unit.raise(attention, NexusScope.only(b.nexus()));
        unit.raise(attention, NexusScope.ALL);
        for (int i = 0; i < 3; i++) {
            a.none(Cdb.testUnitReady()).attention(attention.additionalSense());
        }
        assertEquals(codes(attention.additionalSense()), reported(a.in(Cdb.requestSense(false), 252)));
        a.none(Cdb.testUnitReady()).good();
    }

    @Test
    void conditionsAreReportedByTheirPrecedence() {
        for (UnitAttention attention : UnitAttention.values()) {
            unit.raise(attention, NexusScope.ALL);
        }
        for (UnitAttention attention : UnitAttention.values()) {
            boolean included = attention == UnitAttention.POWER_ON
                    || attention == UnitAttention.RESET
                    || attention == UnitAttention.NEXUS_LOSS;
            if (!included) { // in POWER ON, RESET, OR BUS DEVICE RESET OCCURRED
                a.none(Cdb.testUnitReady()).attention(attention.additionalSense());
            }
        }
        a.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aRefusalIsRememberedIfTheInterlockSaysSo() {
        for (String mode : new String[] {"00", "20", "30"}) {
            interlock(mode);
            a.none(Cdb.of("16 00 00 00 00 00")).good();
            b.none(Cdb.testUnitReady()).is(ScsiStatus.RESERVATION_CONFLICT);
            a.none(Cdb.of("17 00 00 00 00 00")).good();
            if (mode.equals("30")) {
                b.none(Cdb.testUnitReady()).attention(AdditionalSense.PREVIOUS_RESERVATION_CONFLICT_STATUS);
                b.none(Cdb.testUnitReady()).attention(AdditionalSense.PREVIOUS_RESERVATION_CONFLICT_STATUS);
                b.in(Cdb.requestSense(false), 252).good();
            }
            b.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void theReservedValueIsRefused() {
        byte[] list = Cdb.of("0000000000000000 " + String.format(CONTROL, "10"));
        a.out(Cdb.modeSelect(10, list.length), list).invalidParameter(8 + 4);
    }
}
