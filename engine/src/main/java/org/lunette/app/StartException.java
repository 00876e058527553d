package org.lunette.app;

/** What was asked for cannot be served; the message is for whoever asked. Nothing was left started. */
public final class StartException extends Exception {
    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
