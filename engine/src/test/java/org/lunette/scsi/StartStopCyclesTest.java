package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.KeptValues;

/** The Start-Stop Cycle Counter log page. */
public class StartStopCyclesTest {
    private static final int PAGE = 0x0e;
    private static final byte[] EJECT = Cdb.of("1b 00 00 00 02 00");
    private static final byte[] LOAD = Cdb.of("1b 00 00 00 03 00");

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final FakeKeptValues kept = new FakeKeptValues();

    private Initiator start(String date, KeptValues values) {
        LogicalUnit unit = LogicalUnit.builder("disk0", store)
                .removable(true)
                .keptValues(values)
                .clock(Clock.fixed(Instant.parse(date + "T12:00:00Z"), ZoneOffset.UTC))
                .build();
        return Initiator.ready(unit, "a");
    }

    private static String text(Initiator initiator, int parameter) {
        return new String(LogParameters.of(initiator, PAGE).get(parameter), StandardCharsets.US_ASCII);
    }

    private static int count(Initiator initiator, int parameter) {
        return ByteBuffer.wrap(LogParameters.of(initiator, PAGE).get(parameter)).getInt();
    }

    @Test
    void startsAndUnloadsAreCountedOverRestarts() {
        Initiator first = start("2026-11-24", kept);
        assertEquals("202648", text(first, 1), "year and week");
        assertEquals("      ", text(first, 2), "no accounting date");
        assertEquals(1, count(first, 4));
        assertEquals(0, count(first, 6));
        first.none(EJECT).good();
        first.none(EJECT).good(); // it is out already
        first.none(LOAD).good();
        first.none(EJECT).good();
        assertEquals(2, count(first, 6));
        Initiator second = start("2027-01-02", kept);
        assertEquals("202648", text(second, 1), "when it was first started");
        assertEquals(2, count(second, 4));
        assertEquals(2, count(second, 6));
    }

    @Test
    void aUnitThatKeepsNothingIsMadeAtEachStart() {
        start("2026-11-24", KeptValues.NONE);
        Initiator second = start("2027-01-02", KeptValues.NONE);
        assertEquals("202653", text(second, 1), "a Saturday of the old year's last week");
        assertEquals(1, count(second, 4));
    }

    @Test
    void whatIsPreventedIsNoCycle() {
        Initiator initiator = start("2026-11-24", kept);
        initiator.none(Cdb.of("1e 00 00 00 01 00")).good();
        initiator.none(EJECT).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.MEDIUM_REMOVAL_PREVENTED);
        assertEquals(0, count(initiator, 6));
    }

    @Test
    void countsStopAtTheirEnd() {
        kept.values.put(
                "start-stop-cycles",
                ByteBuffer.allocate(16).putInt(8, -1).putInt(12, -1).array());
        Initiator initiator = start("2026-11-24", kept);
        initiator.none(EJECT).good();
        assertEquals(-1, count(initiator, 4));
        assertEquals(-1, count(initiator, 6));
    }

    @Test
    void damagedCountsAreRefusedByName() {
        kept.values.put("start-stop-cycles", new byte[15]);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> start("2026-11-24", kept));
        assertTrue(refused.getMessage().contains("the map's start-stop-cycles"), refused.getMessage());
    }
}
