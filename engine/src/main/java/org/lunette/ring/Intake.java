package org.lunette.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;

/**
 * The ring that handler threads share. One of them at a time waits for the next command and empties its slot; then the
 * next thread's turn begins, while the first executes. So a slot is taken only while its command waits.
 */
final class Intake {
    private static final long FULL_POLL_MS = 1;

    private final RingBuffer<Slot> slots;
    private final SequenceBarrier published;
    private final Sequence taken = new Sequence();
    private final ReentrantLock turn = new ReentrantLock();

    Intake(int depth) {
        slots = RingBuffer.create(ProducerType.MULTI, Slot::new, depth, new BlockingWaitStrategy());
        published = slots.newBarrier();
        slots.addGatingSequences(taken);
    }

    /** Takes a command in, if there is room. */
    boolean offer(Command command, CommandExecutor executor) {
        long sequence;
        try {
            sequence = slots.tryNext();
        } catch (InsufficientCapacityException full) { // a shared instance: nothing is allocated
            return false;
        }
        slots.get(sequence).put(command, executor);
        slots.publish(sequence);
        return true;
    }

    /** Waits for the next slot, moves what it holds to {@code to}, and frees it. */
    void take(Slot to) throws InterruptedException {
        turn.lock();
        try {
            long next = taken.get() + 1;
            awaitPublished(next);
            Slot slot = slots.get(next);
            to.put(slot.command(), slot.executor());
            slot.clear();
            taken.set(next);
        } finally {
            turn.unlock();
        }
    }

    private void awaitPublished(long sequence) throws InterruptedException {
        try {
            long available = published.waitFor(sequence);
            while (available < sequence) {
                available = published.waitFor(sequence);
            }
        } catch (AlertException | TimeoutException e) {
            throw new IllegalStateException("nobody alerts this barrier, and its wait has no limit", e);
        }
    }

    /**
     * Tells so many threads to end, each by an empty slot behind all commands.
     *
     * @param deadlineNanos of {@link System#nanoTime()}
     * @return false if there was no room until the deadline
     */
    boolean end(int threads, long deadlineNanos) {
        int told = 0;
        while (told < threads) {
            if (offer(null, null)) {
                told++;
            } else if (System.nanoTime() > deadlineNanos || !pause()) {
                return false;
            }
        }
        return true;
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(FULL_POLL_MS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
