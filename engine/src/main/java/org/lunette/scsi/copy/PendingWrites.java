package org.lunette.scsi.copy;

import org.lunette.scsi.task.Task;

/** Knows which commands that may change a unit's blocks are under way. */
@FunctionalInterface
public interface PendingWrites {
    /**
     * Runs something once, when those have ended that are under way now; at once if there are none.
     *
     * @param except who asks, and is not waited for
     */
    void whenEnded(Task except, Runnable then);
}
