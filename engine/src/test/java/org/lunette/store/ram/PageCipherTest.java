package org.lunette.store.ram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PageCipherTest {
    private static final HexFormat HEX = HexFormat.of();

    /** IEEE 1619, annex B, vector 10: the beginning and the end of what it gives. */
    @Test
    void agreesWithTheStandardsVector() {
        byte[] keys = HEX.parseHex("2718281828459045235360287471352662497757247093699959574966967627"
                + "3141592653589793238462643383279502884197169399375105820974944592");
        PageCipher cipher = new PageCipher(keys);
        assertArrayEquals(new byte[PageCipher.KEYS_BYTES], keys, "the keys are wiped");
        for (int i = 0; i < PageCipher.SECTOR_BYTES; i++) {
            cipher.plain()[i] = (byte) i;
        }
        cipher.encrypt(0xff, PageCipher.SECTOR_BYTES);
        assertEquals("1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b", hex(cipher, 0));
        assertEquals("773dad38014bd2092fa755c824bb5e54c4f36ffda9fcea70b9c6e693e148c151", hex(cipher, 480));
        Arrays.fill(cipher.plain(), (byte) 0);
        cipher.decrypt(0xff, PageCipher.SECTOR_BYTES);
        for (int i = 0; i < PageCipher.SECTOR_BYTES; i++) {
            assertEquals((byte) i, cipher.plain()[i]);
        }
    }

    private static String hex(PageCipher cipher, int at) {
        return HEX.formatHex(cipher.encrypted(), at, at + 32);
    }

    @Test
    void manySectorsAreAsOneAfterAnother() {
        byte[] keys = new byte[PageCipher.KEYS_BYTES];
        Arrays.fill(keys, (byte) 7);
        PageCipher together = new PageCipher(keys.clone());
        PageCipher apart = new PageCipher(keys.clone());
        Arrays.fill(together.plain(), (byte) 3);
        Arrays.fill(apart.plain(), (byte) 3);
        together.encrypt(1L << 40, PageCipher.PAGE_BYTES);
        for (int sector = 0; sector < 8; sector++) {
            apart.encrypt((1L << 40) + sector, PageCipher.SECTOR_BYTES);
            int at = sector * PageCipher.SECTOR_BYTES;
            assertArrayEquals(
                    Arrays.copyOfRange(together.encrypted(), at, at + PageCipher.SECTOR_BYTES),
                    Arrays.copyOf(apart.encrypted(), PageCipher.SECTOR_BYTES));
        }
    }
}
