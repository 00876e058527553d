package org.lunette.frontend.iscsi.session;

import org.lunette.frontend.iscsi.pdu.LoginStatus;

/** A login fails with a status, see {@link LoginStatus}. */
final class LoginFailedException extends Exception {
    private final int status;

    LoginFailedException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
