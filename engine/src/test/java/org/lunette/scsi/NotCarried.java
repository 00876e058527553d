package org.lunette.scsi;

import org.opentest4j.TestAbortedException;

/**
 * A command, or what else an initiator asks for, does not come to the unit by this {@link Path}: no fault, so a test
 * that needs it is skipped, and random tests go on with the next command.
 */
public final class NotCarried extends TestAbortedException {
    private static final long serialVersionUID = 1;

    /** @param why what is in the way */
    public NotCarried(String why) {
        super(why);
    }
}
