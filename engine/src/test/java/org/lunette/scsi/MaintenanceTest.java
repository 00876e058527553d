package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Nexus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** MAINTENANCE IN and OUT: identifying information, timestamp, target port groups. */
public class MaintenanceTest {
    private final FakeKeptValues kept = new FakeKeptValues();
    private Clock clock = Clock.fixed(Instant.ofEpochMilli(0x0102_0304_0506L), ZoneOffset.UTC);
    private LogicalUnit unit = build();
    private Initiator initiator = Initiator.ready(unit, "a");
    private Initiator other = Initiator.ready(unit, "b");

    private LogicalUnit build() {
        Clock moving = new Clock() {
            @Override
            public Instant instant() {
                return clock.instant();
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        return LogicalUnit.builder("disk0", FakeStore.ofBlocks(64))
                .keptValues(kept)
                .clock(moving)
                .build();
    }

    private Reply report(int type) {
        byte[] cdb = Cdb.of("a3 05 0000 0000 000000ff 00 00");
        cdb[10] = (byte) (type << 1);
        return initiator.in(cdb, 255);
    }

    private Reply set(int type, int listBytes, byte[] data) {
        byte[] cdb = Cdb.of("a4 06 0000 0000 00000000 00 00");
        cdb[8] = (byte) (listBytes >> 8);
        cdb[9] = (byte) listBytes;
        cdb[10] = (byte) (type << 1);
        return initiator.out(cdb, data);
    }

    // ---- identifying information ----

    @Test
    void whatIsSetOutlivesARestartAndIsToldToOthers() {
        assertEquals("00 00 00 00", report(0).good().hex());
        set(0, 3, Cdb.of("010203")).good();
        set(2, 3, Cdb.of("414200")).good();
        initiator.none(Cdb.testUnitReady()).good();
        other.none(Cdb.testUnitReady()).attention(AdditionalSense.DEVICE_IDENTIFIER_CHANGED);
        unit.close();
        unit = build();
        initiator = Initiator.ready(unit, "a");
        assertEquals("00 00 00 03 01 02 03", report(0).good().hex());
        assertEquals("00 00 00 03 41 42 00", report(2).good().hex());
        set(0, 0, new byte[0]).good();
        assertEquals("00 00 00 00", report(0).good().hex());
    }

    @Test
    void theTypesAreReportedWithTheirLimits() {
        assertEquals("00 00 00 08 00 00 02 00 04 00 01 00", report(0x7f).good().hex());
        report(1).invalidCdb(10);
        set(1, 1, new byte[1]).invalidCdb(10);
        set(0x7f, 1, new byte[1]).invalidCdb(10);
        set(0, 512, new byte[512]).good();
        set(0, 513, new byte[513]).invalidCdb(6);
        set(2, 257, new byte[257]).invalidCdb(6);
        set(2, 2, Cdb.of("4142")).invalidParameter(1);
        set(0, 4, new byte[3]).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
    }

    @Test
    void whatCannotBeKeptIsNoSuccess() {
        kept.endWith(StoreStatus.WRITE_FAILED);
        set(0, 1, new byte[1]).check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        assertEquals("00 00 00 00", report(0).good().hex());
        other.none(Cdb.testUnitReady()).good();
    }

    @Test
    void whereNothingIsKeptNothingCanBeSet() {
        initiator =
                Initiator.ready(LogicalUnit.builder("d", FakeStore.ofBlocks(64)).build(), "a");
        assertEquals("00 00 00 00", report(0).good().hex());
        assertEquals("00 00 00 08 00 00 00 00 04 00 00 00", report(0x7f).good().hex());
        set(0, 1, new byte[1]).invalidCdb(1);
    }

    // ---- timestamp ----

    private Reply time() {
        return initiator.in(Cdb.of("a3 0f 0000 0000 000000ff 0000"), 255).good();
    }

    @Test
    void theTimeIsTheClocksUntilItIsSet() {
        assertEquals("00 0a 03 00 01 02 03 04 05 06 00 00", time().hex());
        initiator
                .out(Cdb.of("a4 0f 0000 0000 0000000c 0000"), Cdb.of("00000000 000000001000 0000"))
                .good();
        other.none(Cdb.testUnitReady()).attention(AdditionalSense.TIMESTAMP_CHANGED);
        initiator.none(Cdb.testUnitReady()).good();
        assertEquals("00 0a 02 00 00 00 00 00 10 00 00 00", time().hex());
        clock = Clock.offset(clock, Duration.ofMillis(0x23));
        assertEquals("00 0a 02 00 00 00 00 00 10 23 00 00", time().hex());
    }

    @Test
    void aTimeThatIsCutOffIsNotTaken() {
        initiator
                .out(Cdb.of("a4 0f 0000 0000 0000000b 0000"), new byte[11])
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        initiator
                .out(Cdb.of("a4 0f 0000 0000 0000000c 0000"), new byte[11])
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        initiator.none(Cdb.of("a4 0f 0000 0000 00000000 0000")).good();
        assertEquals(3, time().u8(2));
    }

    // ---- target port groups ----

    @Test
    void theOnePortIsInTheOneGroupAndActive() {
        Reply plain = initiator.in(Cdb.of("a3 0a 0000 0000 000000ff 0000"), 255).good();
        assertEquals("00 00 00 0c 00 01 00 01 00 00 00 01 00 00 00 01", plain.hex());
        Reply extended =
                initiator.in(Cdb.of("a3 2a 0000 0000 000000ff 0000"), 255).good();
        assertEquals("00 00 00 10 10 00 00 00 00 01 00 01 00 00 00 01 00 00 00 01", extended.hex());
        Reply cut = initiator.in(Cdb.of("a3 0a 0000 0000 00000004 0000"), 255).good();
        assertEquals("00 00 00 0c", cut.hex());
        initiator.in(Cdb.of("a3 4a 0000 0000 000000ff 0000"), 255).invalidCdb(1);
        assertEquals(0x10, initiator.in(Cdb.inquiry(255), 255).good().u8(5) & 0x30, "TPGS");
    }

    @Test
    void aTransportThatReportsTheGroupsItselfIsNotContradicted() {
        LogicalUnit plain = LogicalUnit.builder("d", FakeStore.ofBlocks(64))
                .targetPortGroups(false)
                .build();
        assertEquals(
                0, Initiator.ready(plain, "a").in(Cdb.inquiry(255), 255).good().u8(5) & 0x30);
    }

    @Test
    void aPortWithoutAnIdentifierIsInNoGroup() {
        Initiator nowhere = new Initiator(unit, new Nexus("host", "scst_local", 0));
        nowhere.takeAttentions();
        assertEquals(
                "00 00 00 00",
                nowhere.in(Cdb.of("a3 0a 0000 0000 000000ff 0000"), 255).good().hex());
        assertEquals("00 88 00 00", nowhere.in(Cdb.vpd(0x88, 255), 255).good().hex());
    }
}
