package org.lunette.frontend.iscsi.chap;

import java.security.MessageDigest;

/** What initiator and target both know, and nobody else. Immutable; nothing that is printed or logged tells it. */
public final class ChapSecret {
    /**
     * 96 bits: what is shorter can be found by trying from one exchange that was listened to, and must not be used
     * without IPsec, which is not to be seen from here; RFC 7143, 9.2.1.
     */
    public static final int MIN_BYTES = 12;

    private final byte[] bytes;

    /** @throws IllegalArgumentException if the secret is shorter than {@link #MIN_BYTES} */
    public ChapSecret(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("a secret has " + MIN_BYTES + " bytes at least");
        }
        this.bytes = secret.clone();
    }

    void addTo(MessageDigest hash) {
        hash.update(bytes);
    }

    boolean isSameAs(ChapSecret other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return "a secret";
    }
}
