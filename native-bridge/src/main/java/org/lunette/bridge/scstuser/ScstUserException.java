package org.lunette.bridge.scstuser;

import java.io.IOException;

/** SCST's device cannot be had. The message is for the user: what failed, why, and what to do. */
public final class ScstUserException extends IOException {
    private static final long serialVersionUID = 1L;

    public ScstUserException(String message) {
        super(message);
    }
}
