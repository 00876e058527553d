package org.lunette.scsi.block;

import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreStatus;

/** How a task ends by its store's word, and what a failure is in SCSI's words: the one place that says it. */
final class StoreErrors {
    private StoreErrors() {}

    /**
     * Ends a task as its last store operation ended; after a failure the INFORMATION field has the LBA of the first
     * failed block, where it is known.
     */
    static void finish(Task task, Medium medium, StoreStatus status, long errorOffsetBytes) {
        switch (status) {
            case OK -> task.good();
            case OUT_OF_RANGE ->
                task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            case READ_FAILED ->
                at(task, medium, SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR, errorOffsetBytes);
            case WRITE_FAILED -> at(task, medium, SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR, errorOffsetBytes);
            case NO_SPACE -> {
                AdditionalSense noSpace = AdditionalSense.SPACE_ALLOCATION_FAILED_WRITE_PROTECT;
                at(task, medium, SenseKey.DATA_PROTECT, noSpace, errorOffsetBytes);
            }
            case READ_ONLY -> task.fail(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
            case UNREACHABLE ->
                task.fail(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE);
        }
    }

    private static void at(Task task, Medium medium, SenseKey key, AdditionalSense additional, long errorOffsetBytes) {
        if (errorOffsetBytes < 0) {
            task.fail(key, additional);
        } else {
            task.fail(key, additional, medium.blocksIn(errorOffsetBytes));
        }
    }
}
