package org.lunette.store.ram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in XTS mode (IEEE 1619) for the sectors of a page: the tweak is the number of the sector of 512 bytes. Works
 * between two arrays of its own, so that nothing is allocated. Not for use by two threads at once.
 */
final class PageCipher {
    static final int SECTOR_BYTES = 512;
    static final int PAGE_BYTES = TakenPages.PAGE_BYTES;
    /** One key for the data, and one for the tweak. */
    static final int KEYS_BYTES = 64;

    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final String ECB = "AES/ECB/NoPadding";
    private static final int AES_BLOCK_BYTES = 16;
    private static final int SECTORS = PAGE_BYTES / SECTOR_BYTES;
    private static final long POLYNOMIAL = 0x87;

    private final byte[] plain = new byte[PAGE_BYTES];
    private final byte[] encrypted = new byte[PAGE_BYTES];
    private final byte[] masked = new byte[PAGE_BYTES];
    private final byte[] numbers = new byte[SECTORS * AES_BLOCK_BYTES];
    private final byte[] tweaks = new byte[SECTORS * AES_BLOCK_BYTES];
    private final long[] masks = new long[PAGE_BYTES / Long.BYTES];
    private final Cipher encryption = ecb();
    private final Cipher decryption = ecb();
    private final Cipher tweaking = ecb();

    PageCipher(byte[] keys) {
        rekey(keys);
    }

    private static Cipher ecb() {
        try {
            return Cipher.getInstance(ECB);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ECB, e);
        }
    }

    /** Replaces the keys, and fills the given ones with zeros. */
    void rekey(byte[] keys) {
        try {
            SecretKeySpec ofData = new SecretKeySpec(keys, 0, KEYS_BYTES / 2, "AES");
            encryption.init(Cipher.ENCRYPT_MODE, ofData);
            decryption.init(Cipher.DECRYPT_MODE, ofData);
            tweaking.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys, KEYS_BYTES / 2, KEYS_BYTES / 2, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        for (byte[] remains : new byte[][] {keys, plain, encrypted, masked}) {
            Arrays.fill(remains, (byte) 0);
        }
    }

    /** The array of plain bytes. */
    byte[] plain() {
        return plain;
    }

    /** The array of encrypted bytes. */
    byte[] encrypted() {
        return encrypted;
    }

    /** Encrypts whole sectors, from the start of the plain array to the start of the encrypted one. */
    void encrypt(long firstSector, int lengthBytes) {
        apply(encryption, firstSector, plain, encrypted, lengthBytes);
    }

    /** Decrypts whole sectors, from the start of the encrypted array to the start of the plain one. */
    void decrypt(long firstSector, int lengthBytes) {
        apply(decryption, firstSector, encrypted, plain, lengthBytes);
    }

    private void apply(Cipher cipher, long firstSector, byte[] from, byte[] to, int lengthBytes) {
        try {
            makeMasks(firstSector, lengthBytes / SECTOR_BYTES);
            mask(from, masked, lengthBytes);
            cipher.update(masked, 0, lengthBytes, to, 0); // not in place: the JDK would copy
            mask(to, to, lengthBytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A mask for each AES block: the sector's encrypted number, doubled from block to block in GF(2^128). */
    private void makeMasks(long firstSector, int sectors) throws GeneralSecurityException {
        for (int i = 0; i < sectors; i++) {
            LITTLE.set(numbers, i * AES_BLOCK_BYTES, firstSector + i);
        }
        tweaking.update(numbers, 0, sectors * AES_BLOCK_BYTES, tweaks, 0);
        int at = 0;
        for (int i = 0; i < sectors; i++) {
            long low = (long) LITTLE.get(tweaks, i * AES_BLOCK_BYTES);
            long high = (long) LITTLE.get(tweaks, i * AES_BLOCK_BYTES + Long.BYTES);
            for (int block = 0; block < SECTOR_BYTES / AES_BLOCK_BYTES; block++) {
                masks[at++] = low;
                masks[at++] = high;
                long carry = high >> 63 & POLYNOMIAL;
                high = high << 1 | low >>> 63;
                low = low << 1 ^ carry;
            }
        }
    }

    private void mask(byte[] from, byte[] to, int lengthBytes) {
        for (int i = 0; i < lengthBytes; i += Long.BYTES) {
            LITTLE.set(to, i, (long) LITTLE.get(from, i) ^ masks[i / Long.BYTES]);
        }
    }
}
