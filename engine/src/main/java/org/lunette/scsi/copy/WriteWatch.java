package org.lunette.scsi.copy;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.lunette.command.AdditionalSense;

/**
 * Has tokens for ranges of one store revoked before a range is changed. Any thread may call; where there is no token, a
 * change costs one look at a field.
 */
public final class WriteWatch {
    private static final RodToken[] NONE = {};

    private volatile RodToken[] tokens = NONE;

    /** From now on the token is revoked by whoever changes what it stands for, and was not already about to. */
    synchronized void add(RodToken token) {
        RodToken[] more = Arrays.copyOf(tokens, tokens.length + 1);
        more[tokens.length] = token;
        tokens = more;
        VarHandle.fullFence(); // before the look at who is about to write; see TaskSet.whenEnded
    }

    synchronized void remove(RodToken token) {
        tokens = Arrays.stream(tokens).filter(other -> other != token).toArray(RodToken[]::new);
    }

    /** A range is about to be changed. */
    void changing(long offsetBytes, long lengthBytes) {
        RodToken[] now = tokens;
        if (now.length > 0) {
            revoke(now, offsetBytes, lengthBytes);
        }
    }

    private static void revoke(RodToken[] tokens, long offsetBytes, long lengthBytes) {
        for (RodToken token : tokens) {
            if (token.invalidity() == null && token.touches(offsetBytes, lengthBytes)) {
                token.invalidate(AdditionalSense.TOKEN_REVOKED);
            }
        }
        VarHandle.fullFence(); // who reads the new data and then looks at the token, sees that it is revoked
    }
}
