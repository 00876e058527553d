package org.lunette.scsi.task;

import java.util.concurrent.atomic.AtomicInteger;

/** Waits for aborted tasks to end, then tells somebody. */
final class Drain {
    private final AtomicInteger waitingFor = new AtomicInteger(1);
    private final Runnable whenEmpty;

    Drain(Runnable whenEmpty) {
        this.whenEmpty = whenEmpty;
    }

    void add() {
        waitingFor.incrementAndGet();
    }

    /** One has ended; the last call comes from whoever started the wait. */
    void ended() {
        if (waitingFor.decrementAndGet() == 0) {
            whenEmpty.run();
        }
    }
}
