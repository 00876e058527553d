package org.lunette.admin;

/** A request is not, or cannot be, complied with; the message is for the administrator. Nothing was changed. */
public final class RefusalException extends Exception {
    public RefusalException(String message) {
        super(message);
    }

    public RefusalException(String message, Throwable cause) {
        super(message, cause);
    }
}
