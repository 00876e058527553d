package org.lunette.frontend.iscsi.chap;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** A hash that CHAP responses are computed by, with its number in CHAP_A; RFC 7143, 12.1.3, and IANA's registry. */
public enum ChapAlgorithm {
    MD5("5", "MD5", 16),
    SHA1("6", "SHA-1", 20),
    SHA256("7", "SHA-256", 32),
    SHA3_256("8", "SHA3-256", 32);

    private final String number;
    private final String digest;
    private final int responseBytes;

    ChapAlgorithm(String number, String digest, int responseBytes) {
        this.number = number;
        this.digest = digest;
        this.responseBytes = responseBytes;
    }

    /** The number in CHAP_A. */
    public String number() {
        return number;
    }

    /** How long a response is. */
    public int responseBytes() {
        return responseBytes;
    }

    /** The first of a list of numbers, parted by commas, that is known here: the initiator has the preference. */
    public static Optional<ChapAlgorithm> first(String numbers) {
        for (String offered : numbers.split(",", -1)) {
            for (ChapAlgorithm algorithm : values()) {
                if (algorithm.number.equals(offered)) {
                    return Optional.of(algorithm);
                }
            }
        }
        return Optional.empty();
    }

    /** The response to a challenge: the hash of identifier, secret and challenge; RFC 1994, 4.1. */
    public byte[] response(int identifier, ChapSecret secret, byte[] challenge) {
        try {
            MessageDigest hash = MessageDigest.getInstance(digest);
            hash.update((byte) identifier);
            secret.addTo(hash);
            return hash.digest(challenge);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no " + digest, e);
        }
    }
}
