package org.lunette.frontend.iscsi.chap;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Those as whom initiators may log in, and as whom the target proves itself to initiators that want to know. Immutable.
 */
public final class ChapUsers {
    private static final int DECOY_BYTES = 16;

    private final Map<String, ChapSecret> incoming = new HashMap<>();
    private final Optional<ChapUser> outgoing;
    /** In the place of an unknown user's secret, so that such a login takes as long as any other. */
    private final ChapSecret decoy;

    /**
     * @param incoming those as whom initiators log in; if there are none, whoever comes may log in
     * @param outgoing as whom the target proves itself
     * @throws IllegalArgumentException if two users have one name, there is only an outgoing one, or it has the secret
     *     of one of the others, so that a response could be had from the one side for the other; RFC 7143, 9.2.1
     */
    public ChapUsers(List<ChapUser> incoming, Optional<ChapUser> outgoing) {
        for (ChapUser user : incoming) {
            if (this.incoming.put(user.name(), user.secret()) != null) {
                throw new IllegalArgumentException("two users have the name " + user.name());
            }
            if (outgoing.isPresent() && outgoing.get().secret().isSameAs(user.secret())) {
                throw new IllegalArgumentException("the target has the secret of " + user.name());
            }
        }
        if (incoming.isEmpty() && outgoing.isPresent()) {
            throw new IllegalArgumentException("the target proves itself to initiators that prove themselves only");
        }
        this.outgoing = outgoing;
        byte[] unknown = new byte[DECOY_BYTES];
        new SecureRandom().nextBytes(unknown);
        this.decoy = new ChapSecret(unknown);
    }

    /** No users: whoever comes may log in. */
    public static ChapUsers none() {
        return new ChapUsers(List.of(), Optional.empty());
    }

    /** Whether initiators have to prove that they are one of the users. */
    public boolean areRequired() {
        return !incoming.isEmpty();
    }

    /** As whom the target proves itself. */
    public Optional<ChapUser> outgoing() {
        return outgoing;
    }

    /** Whether a response to a challenge is that of the user; takes as long for users that are not there. */
    public boolean accept(ChapAlgorithm algorithm, int identifier, byte[] challenge, String name, byte[] response) {
        ChapSecret known = incoming.get(name);
        byte[] right = algorithm.response(identifier, known == null ? decoy : known, challenge);
        return MessageDigest.isEqual(right, response) && known != null;
    }
}
