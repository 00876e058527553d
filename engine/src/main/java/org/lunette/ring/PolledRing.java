package org.lunette.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;

/** A ring that its own submitter drains. */
final class PolledRing implements CommandRing {
    private final CommandExecutor executor;
    private final Execution execution;
    private final RingBuffer<Slot> slots;
    private final EventPoller<Slot> poller;
    private final EventPoller.Handler<Slot> take = this::take;

    private int limit;
    private int executed;

    PolledRing(CommandExecutor executor, int depth, Execution execution) {
        this.executor = executor;
        this.execution = execution;
        this.slots = RingBuffer.createSingleProducer(Slot::new, depth);
        this.poller = slots.newPoller();
        slots.addGatingSequences(poller.getSequence());
    }

    @Override
    public void submit(Command command) {
        if (!slots.hasAvailableCapacity(1)) {
            execution.refuse(command);
            return;
        }
        long sequence = slots.next();
        slots.get(sequence).put(command, executor);
        slots.publish(sequence);
    }

    @Override
    public int drain() {
        return drain(Integer.MAX_VALUE);
    }

    /** As {@link #drain()}, at most {@code limit} commands. */
    int drain(int limit) {
        this.limit = limit;
        executed = 0;
        try {
            while (executed < limit && poller.poll(take) == EventPoller.PollState.PROCESSING) {
                // until there is no more: completions may submit the next commands
            }
        } catch (Exception e) {
            throw new IllegalStateException("a poll failed though its handler does not throw", e);
        }
        return executed;
    }

    private boolean take(Slot slot, long sequence, boolean endOfBatch) {
        Command command = slot.command();
        CommandExecutor by = slot.executor();
        slot.clear();
        executed++;
        execution.execute(by, command);
        return executed < limit;
    }

    @Override
    public void close() {
        drain();
    }
}
