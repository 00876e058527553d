package org.lunette.frontend.iscsi.chap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryValueTest {
    @ParameterizedTest
    @ValueSource(strings = {"0x00ff10", "0X00FF10", "0bAP8Q", "0BAP8Q"})
    void bothEncodings(String value) {
        assertArrayEquals(
                new byte[] {0, (byte) 0xff, 0x10},
                BinaryValue.decode(value, 3, 3).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "0x", "0b", "0x0", "0xabc", "0x0g", "0x 1", "0b!!!!", "0b====", "ff", "17", "-0xff"})
    void whatIsNone(String value) {
        assertTrue(BinaryValue.decode(value, 1, 16).isEmpty(), value);
    }

    @Test
    void lengthsAreExact() {
        for (int bytes = 0; bytes < 40; bytes++) {
            String base64 = "0b" + Base64.getEncoder().encodeToString(new byte[bytes]);
            assertEquals(bytes == 16, BinaryValue.decode(base64, 16, 16).isPresent(), base64);
            assertEquals(
                    bytes == 16,
                    BinaryValue.decode("0x" + "00".repeat(bytes), 16, 16).isPresent());
            assertEquals(
                    bytes >= 1 && bytes <= 32, BinaryValue.decode(base64, 1, 32).isPresent(), base64);
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        assertArrayEquals(
                all, BinaryValue.decode(BinaryValue.hexadecimal(all), 256, 256).orElseThrow());
    }
}
