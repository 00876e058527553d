package org.lunette.admin;

import java.io.IOException;

/** The other side sends more than a line may have. */
final class LineTooLongException extends IOException {
    LineTooLongException(int maxBytes) {
        super("a line has " + maxBytes + " bytes at most");
    }
}
