package org.lunette.filter;

/** A filter cannot be what was asked for; the message says what is wrong and what would be right. */
public final class FilterException extends Exception {
    public FilterException(String message) {
        super(message);
    }
}
