package org.lunette.store;

/** A store cannot be opened or changed; the message is for whoever named it. */
public final class StoreException extends Exception {
    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
