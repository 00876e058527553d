package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.lunette.scsi.unit.LogicalUnit;

/** The Temperature log page follows the store's sensor. */
public class TemperatureTest {
    private static final int PAGE = 0x0d;

    private static Initiator of(FakeStore store) {
        return Initiator.ready(LogicalUnit.builder("disk0", store).build(), "a");
    }

    private static boolean isListed(Initiator initiator) {
        byte[] pages = initiator
                .in(Cdb.of("4d 00 40 00 00 00 00 00 ff 00"), 255)
                .good()
                .data();
        for (int i = 4; i < pages.length; i++) {
            if (pages[i] == PAGE) {
                return true;
            }
        }
        return false;
    }

    @Test
    void thePageFollowsTheSensor() {
        FakeStore store = FakeStore.ofBlocks(8);
        store.temperature(OptionalInt.of(41));
        Initiator initiator = of(store);
        assertTrue(isListed(initiator));
        assertTemperature(41, initiator);
        store.temperature(OptionalInt.of(-3));
        assertTemperature(0, initiator);
        store.temperature(OptionalInt.of(300));
        assertTemperature(0xfe, initiator);
        store.temperature(OptionalInt.empty());
        assertTemperature(0xff, initiator);
    }

    private static void assertTemperature(int expected, Initiator initiator) {
        assertArrayEquals(
                new byte[] {0, (byte) expected},
                LogParameters.of(initiator, PAGE).get(0));
    }

    @Test
    void aStoreWithoutASensorHasNoSuchPage() {
        Initiator initiator = of(FakeStore.ofBlocks(8));
        assertFalse(isListed(initiator));
        initiator.in(Cdb.of("4d 00 4d 00 00 00 00 00 ff 00"), 255).invalidCdb(2);
    }
}
