package org.lunette.frontend.iscsi.chap;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The challenges that wait for their responses, so that none of them is answered by us: a peer that sends one back, by
 * whatever connection, wants to have our response for its own; RFC 7143, 9.2.1. There is one at most for each login
 * under way. Thread-safe.
 */
public final class Challenges {
    private final SecureRandom random = new SecureRandom();
    private final Set<ByteBuffer> waiting = ConcurrentHashMap.newKeySet();

    /** A new challenge; to be {@linkplain #end ended}. */
    public byte[] begin(int lengthBytes) {
        byte[] challenge = new byte[lengthBytes];
        random.nextBytes(challenge);
        waiting.add(ByteBuffer.wrap(challenge));
        return challenge;
    }

    /** A new identifier, 0 to 255. */
    public int identifier() {
        return random.nextInt(256);
    }

    /** The challenge has been answered, or will not be. */
    public void end(byte[] challenge) {
        waiting.remove(ByteBuffer.wrap(challenge));
    }

    /** Whether a challenge is one of those that wait. */
    public boolean contains(byte[] challenge) {
        return waiting.contains(ByteBuffer.wrap(challenge));
    }

    /** How many wait. */
    public int waiting() {
        return waiting.size();
    }
}
