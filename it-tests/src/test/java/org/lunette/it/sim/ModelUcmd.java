package org.lunette.it.sim;

import org.lunette.bridge.scstuser.ScstUser;

/**
 * What the model keeps under one handle: a subcommand that waits to be fetched, or one that was fetched and waits for
 * its answer.
 */
final class ModelUcmd {
    final int handle;
    int subcode;
    boolean sentToUser;
    boolean seenByUser;

    /** Of these, those that the subcode is about. */
    ModelCommand command;

    ModelSession session;
    ModelTask task;
    long address;

    /** A command's data buffer, as soon as there is one. */
    ModelBuffers.Cached cached;

    boolean keptByKernel;
    int lastStatus;
    int lastRespDataLen;

    ModelUcmd(int handle) {
        this.handle = handle;
    }

    boolean isManagement() {
        return switch (subcode) {
            case ScstUser.SCST_USER_ATTACH_SESS,
                    ScstUser.SCST_USER_DETACH_SESS,
                    ScstUser.SCST_USER_TASK_MGMT_RECEIVED,
                    ScstUser.SCST_USER_TASK_MGMT_DONE -> true;
            default -> false;
        };
    }
}
