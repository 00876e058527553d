package org.lunette.store.file;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes writes durable by {@code fdatasync}, and says so only if it is true.
 *
 * <p>The kernel reports a failure to write back once to each open file, and may have dropped the data: the next
 * {@code fdatasync} says 0. Of two that run at once, one may take the report away from the other. Therefore at most one
 * is under way; those who come meanwhile wait for the next, which serves them all. And whoever waits names the number
 * of failures from before his write: if there were more by the end, it may have been his data.
 */
final class Durability {
    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roundEnded = lock.newCondition();

    private long arrived;
    private long served;
    private boolean running;
    private int lastErrno;
    private volatile long failures; // written under the lock

    Durability(Disk disk) {
        this.disk = disk;
    }

    /** How often it has failed; to be asked before a write. */
    long failures() {
        return failures;
    }

    /**
     * Makes all that was written before this call durable.
     *
     * @param failuresBefore {@link #failures()} as it was before the oldest of the writes in question
     * @return 0 if they are durable, else the errno of the latest failure
     */
    int sync(long failuresBefore) {
        lock.lock();
        try {
            long turn = ++arrived;
            while (served < turn) {
                if (running) {
                    roundEnded.awaitUninterruptibly();
                } else {
                    runRound();
                }
            }
            return failures == failuresBefore ? 0 : lastErrno;
        } finally {
            lock.unlock();
        }
    }

    private void runRound() {
        long serves = arrived;
        running = true;
        lock.unlock();
        int result;
        try {
            result = disk.fdatasync();
        } finally {
            lock.lock();
            running = false;
            roundEnded.signalAll();
        }
        if (result < 0) {
            lastErrno = -result;
            failures++;
        }
        served = serves;
    }
}
