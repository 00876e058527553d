package org.lunette.scsi;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does work piece by piece in the order it comes in, without a thread of its own: whoever brings a piece does all there
 * is, or, if another one is at work, leaves it to that one. So what one thread brings is done when the call returns,
 * and nobody ever waits.
 */
public final class OneAtATime implements Executor {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile Thread atWork;

    /** Whether the caller is at work here. */
    public boolean isCurrent() {
        return atWork == Thread.currentThread();
    }

    @Override
    public void execute(Runnable work) {
        waiting.add(work);
        if (count.getAndIncrement() > 0) {
            return;
        }
        int left = 1;
        while (left > 0) {
            atWork = Thread.currentThread();
            try {
                waiting.remove().run();
            } finally {
                atWork = null;
                left = count.decrementAndGet();
            }
        }
    }
}
