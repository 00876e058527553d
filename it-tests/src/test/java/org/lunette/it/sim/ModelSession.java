package org.lunette.it.sim;

/** A session of the model: one initiator that has the device as one LUN. */
final class ModelSession {
    final long handle;
    final String initiator;
    final int lun;
    /** What ATTACH_SESS was answered with; null until then. */
    volatile Integer attachResult;

    ModelSession(long handle, String initiator, int lun) {
        this.handle = handle;
        this.initiator = initiator;
        this.lun = lun;
    }

    boolean isAttached() {
        Integer result = attachResult;
        return result != null && result == 0;
    }

    @Override
    public String toString() {
        return initiator + "/" + lun;
    }
}
