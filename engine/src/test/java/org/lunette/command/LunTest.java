package org.lunette.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LunTest {
    @Test
    void whatIsEncodedIsDecoded() {
        for (int lun = 0; lun <= Lun.MAX; lun++) {
            assertEquals(lun, Lun.decode(Lun.encode(lun)));
        }
        assertEquals(0x0005_0000_0000_0000L, Lun.encode(5));
        assertEquals(0x4100_0000_0000_0000L, Lun.encode(256));
        assertThrows(IllegalArgumentException.class, () -> Lun.encode(Lun.MAX + 1));
    }

    @Test
    void flatSpaceAddressingBelow256IsTheSameUnit() {
        assertEquals(7, Lun.decode(0x4007_0000_0000_0000L));
    }

    @Test
    void otherFormsAreNotServed() {
        assertEquals(Lun.UNDECODABLE, Lun.decode(0x0101_0000_0000_0000L), "bus 1");
        assertEquals(Lun.UNDECODABLE, Lun.decode(0x0001_0002_0000_0000L), "two levels");
        assertEquals(Lun.UNDECODABLE, Lun.decode(0x8001_0000_0000_0000L), "logical unit addressing");
        assertEquals(Lun.REPORT_LUNS_WELL_KNOWN, Lun.decode(0xc101_0000_0000_0000L));
    }
}
