package org.lunette.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Layouts byte by byte; SPC-5, 4.4.2 and 4.4.3. */
class SenseTest {
    private final byte[] sense = new byte[Sense.MAX_BYTES];

    SenseTest() {
        Arrays.fill(sense, (byte) 0xee); // what an earlier use left
    }

    @Test
    void fixedFormat() {
        int length = Sense.fixed(sense, SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        length = Sense.withInformation(sense, length, 0x01020304);
        assertSense("f000030102030 40a 00000000 1100 00 000000", length);
        assertReads(0x3, 0x11, 0x00);
    }

    @Test
    void fixedFormatLeavesOutInformationThatDoesNotFit() {
        int length = Sense.fixed(sense, SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
        length = Sense.withInformation(sense, length, 1L << 32);
        assertSense("70 00 03 00000000 0a 00000000 0c00 00 000000", length);
    }

    @Test
    void fixedFormatWithInformationAndFieldPointer() {
        int length = Sense.fixed(sense, SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        length = Sense.withInformation(sense, length, 5);
        length = Sense.withFieldPointer(sense, length, true, 2, 7);
        assertSense("f0 00 05 00000005 0a 00000000 2400 00 cf0002", length);
    }

    @Test
    void descriptorFormatWithInformation() {
        int length = Sense.descriptor(sense, SenseKey.MISCOMPARE, AdditionalSense.MISCOMPARE_DURING_VERIFY_OPERATION);
        length = Sense.withInformation(sense, length, 0x1_0000_0002L);
        assertSense("72 0e 1d 00 000000 0c 00 0a 80 00 0000000100000002", length);
        assertReads(0xe, 0x1d, 0x00);
    }

    @Test
    void descriptorFormatWithFieldPointer() {
        int length = Sense.descriptor(sense, SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST);
        length = Sense.withFieldPointer(sense, length, false, 0x0104, -1);
        assertSense("72 05 26 00 000000 08 02 06 0000 80 0104 00", length);
    }

    @Test
    void progress() {
        int length =
                Sense.fixed(sense, SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE);
        length = Sense.withProgress(sense, length, 0x8000);
        assertSense("70 00 02 00000000 0a 00000000 0400 00 808000", length);
    }

    private void assertSense(String hex, int length) {
        byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertArrayEquals(expected, Arrays.copyOf(sense, length));
    }

    private void assertReads(int key, int code, int qualifier) {
        assertEquals(key, Sense.key(sense));
        assertEquals(code, Sense.code(sense));
        assertEquals(qualifier, Sense.qualifier(sense));
    }
}
