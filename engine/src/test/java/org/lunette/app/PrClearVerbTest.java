package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lunette.admin.RefusalException;
import org.lunette.command.ScsiStatus;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;

/** An administrator frees a disk whose owner is gone. */
class PrClearVerbTest {
    private final FakeStore store = FakeStore.ofBlocks(100);
    private final LogicalUnit unit = LogicalUnit.builder("d", store).build();
    private final List<Unit> units = List.of(new Unit(unit, Identity.of("", "d"), store, "ram:1M", false));
    private final PrClearVerb verb = new PrClearVerb(units, false);
    private final Initiator gone = Initiator.ready(unit, "gone");
    private final Initiator other = Initiator.ready(unit, "other");

    private void goneHasTheDisk() {
        int type = ReservationType.WRITE_EXCLUSIVE.code();
        gone.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 0xdead)).good();
        other.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 0xa)).good();
        gone.out(Cdb.reserveOut(1, type), Cdb.keys(0xdead, 0)).good();
        other.out(Cdb.write(0, 1), new byte[512]).is(ScsiStatus.RESERVATION_CONFLICT);
    }

    @Test
    void oneKeyIsCleared() throws Exception {
        goneHasTheDisk();
        verb.perform(Map.of("name", "d", "key", "0xDEAD"));
        assertEquals(1, unit.reservations().state().registrations().size());
        other.out(Cdb.write(0, 1), new byte[512]).good();
    }

    @Test
    void allAreCleared() throws Exception {
        goneHasTheDisk();
        verb.perform(Map.of("name", "d"));
        assertTrue(unit.reservations().state().registrations().isEmpty());
    }

    @Test
    void whatIsWrongIsRefusedAndNothingChanges() {
        goneHasTheDisk();
        for (String key : List.of("0xbeef", "beer", "", "0x", "12345678901234567")) {
            assertThrows(RefusalException.class, () -> verb.perform(Map.of("name", "d", "key", key)), key);
        }
        assertEquals(2, unit.reservations().state().registrations().size());
    }

    @Test
    void reservationsOfScstAreNotOurs() {
        RefusalException refusal =
                assertThrows(RefusalException.class, () -> new PrClearVerb(units, true).perform(Map.of("name", "d")));
        assertTrue(refusal.getMessage().contains("/var/lib/scst/pr"), refusal.getMessage());
        assertThrows(RefusalException.class, () -> new PrShowVerb(units, true).perform(Map.of("name", "d")));
    }
}
