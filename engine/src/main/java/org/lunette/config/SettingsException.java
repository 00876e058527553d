package org.lunette.config;

/** A setting is wrong; the message says which, and what would be right. */
public final class SettingsException extends Exception {
    public SettingsException(String message) {
        super(message);
    }
}
