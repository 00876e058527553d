package org.lunette.scsi.copy;

import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.Task;

/** Whether a copy may begin under its list identifier. */
final class Admission {
    private Admission() {}

    /** Enters a copy in the results; returns false if that cannot be, and the task has ended. */
    static boolean entered(Task task, CopyResults results, CopyOperation operation) {
        CopyResults.Entry entry = results.enter(operation);
        switch (entry) {
            case ENTERED -> {
                // It begins.
            }
            case IN_USE -> task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.OPERATION_IN_PROGRESS);
            case FULL -> task.end(ScsiStatus.BUSY);
        }
        return entry == CopyResults.Entry.ENTERED;
    }
}
