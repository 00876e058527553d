package org.lunette.scsi.task;

import org.lunette.store.StoreStatus;

/** What is to be done when the store operation of a task has ended. */
@FunctionalInterface
public interface StoreStep {
    /** As {@link org.lunette.store.StoreCompletion#ended}, for a task. */
    void ended(Task task, StoreStatus status, long errorOffsetBytes);
}
