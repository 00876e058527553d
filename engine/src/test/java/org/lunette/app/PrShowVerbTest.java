package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lunette.admin.RefusalException;
import org.lunette.app.PrShowVerb.Registered;
import org.lunette.app.PrShowVerb.Reservations;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;

/** An administrator whose cluster hangs sees which node has the disk. */
class PrShowVerbTest {
    private final FakeStore store = FakeStore.ofBlocks(100);
    private final LogicalUnit unit = LogicalUnit.builder("d", store).build();
    private final PrShowVerb verb =
            new PrShowVerb(List.of(new Unit(unit, Identity.of("", "d"), store, "ram:1M", false)), false);

    @Test
    void whoHasRegisteredAndWhoHoldsIsTold() throws Exception {
        Initiator a = Initiator.ready(unit, "a");
        Initiator b = Initiator.ready(unit, "b");
        a.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 0xabc)).good();
        b.out(Cdb.reserveOut(0, 0), Cdb.keys(0, -1)).good();
        assertEquals("none", shown().type());
        int type = ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY.code();
        b.out(Cdb.reserveOut(1, type), Cdb.keys(-1, 0)).good();
        assertEquals(
                new Reservations(
                        "d",
                        2,
                        "write exclusive registrants only",
                        List.of(
                                new Registered(
                                        "0xabc",
                                        a.nexus().initiatorPort(),
                                        a.nexus().targetPort(),
                                        false),
                                new Registered(
                                        "0xffffffffffffffff",
                                        b.nexus().initiatorPort(),
                                        b.nexus().targetPort(),
                                        true))),
                shown());
    }

    @Test
    void anUnknownDeviceIsNamed() {
        assertThrows(RefusalException.class, () -> verb.perform(Map.of("name", "x")));
    }

    private Reservations shown() throws RefusalException {
        return (Reservations) verb.perform(Map.of("name", "d"));
    }
}
