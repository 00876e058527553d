package org.lunette.scsi.block;

import org.lunette.bridge.memory.Memory;
import org.lunette.scsi.task.Task;
import org.lunette.store.StoreStatus;

/** One REASSIGN BLOCKS under way: block by block, reads it, and writes zeros where that fails. */
final class Reassignment extends StoreWork {
    private final Scratch.Loan scratch;
    private final long[] lbas;

    private int next;
    private boolean reading;
    private boolean unreadable;

    /** @param scratch where to read to; given back in the end */
    Reassignment(Task task, Medium medium, Scratch.Loan scratch, long[] lbas) {
        super(task, medium);
        this.scratch = scratch;
        this.lbas = lbas;
    }

    @Override
    boolean expects(StoreStatus failure) {
        unreadable = reading && failure == StoreStatus.READ_FAILED;
        return unreadable;
    }

    @Override
    boolean proceed() {
        if (unreadable) {
            unreadable = false;
            reading = false;
            Memory.fill(scratch.address(), medium.blockBytes(), (byte) 0);
            long offsetBytes = medium.bytes(lbas[next - 1]);
            medium.store().write(offsetBytes, scratch.address(), medium.blockBytes(), true, this);
            return true;
        }
        if (next == lbas.length) {
            return good();
        }
        reading = true;
        medium.store().read(medium.bytes(lbas[next++]), scratch.address(), medium.blockBytes(), this);
        return true;
    }

    @Override
    void release() {
        scratch.giveBack();
    }
}
