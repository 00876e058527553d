package org.lunette.scsi.unit;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionException;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.command.TaskAttribute;
import org.lunette.scsi.block.Medium;
import org.lunette.scsi.task.NexusState;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.TaskSet;

/**
 * Reads a block now and then to see whether a store answers from which nothing is heard, since initiators that are
 * refused send nothing that would show it. A task of the unit like others, so that neither store nor unit is closed
 * under it, executed where the unit's commands are; what is checked of commands concerns it not. One at a time, as long
 * as it takes. Any thread may call.
 */
final class StoreProbe {
    private static final int READ_16 = 0x88;
    /** A prime, so that one is not read twice soon: what a cache has says nothing of the disk below. */
    private static final long BLOCKS_APART = 1_000_003;

    private static final long CLOSE_WAIT_MS = 1000;

    private final Medium medium;
    private final TaskSet tasks;
    private final Executor background;
    private final NexusState nexus = NexusState.ofCopyManager(new Nexus("probe", "probe", 0));
    private final Command command = new Command(this, ended -> this.ended());
    private Region memory;
    private long lba;
    private boolean underWay;
    private boolean closed;
    private boolean answered;

    /** @param background whose threads may wait for the store */
    StoreProbe(Medium medium, TaskSet tasks, Executor background) {
        this.medium = medium;
        this.tasks = tasks;
        this.background = background;
    }

    /** Begins one, unless one is under way. */
    void start() {
        synchronized (this) {
            if (underWay || closed) {
                return;
            }
            underWay = true;
        }
        background.execute(this::begin);
    }

    private void begin() {
        Task task = enter();
        if (task != null) {
            task.handBack(this::read);
        }
    }

    /** Null if there is to be none now. */
    private synchronized Task enter() {
        if (closed) {
            return null;
        }
        try {
            memory = Region.allocate("store-probe", medium.blockBytes());
        } catch (RegionException e) {
            underWay = false;
            return null; // it will be tried again
        }
        command.begin(nexus.nexus(), 0, 0, TaskAttribute.SIMPLE);
        command.setCdb(new byte[] {(byte) READ_16}, 0, 1);
        Task task = Task.of(command);
        return task.beginAs(nexus, tasks, false) ? task : null;
    }

    private void read(Task task) {
        lba = (lba + BLOCKS_APART) % medium.blocks(); // as it is in the task set, none that the store may lose now
        try {
            medium.store()
                    .read(medium.bytes(lba), memory.address(), medium.blockBytes(), (status, at) -> answered(task));
        } catch (RuntimeException e) {
            answered(task); // it refuses, and has nothing under way
        }
    }

    private void answered(Task task) {
        synchronized (this) {
            answered = true;
        }
        task.good();
    }

    private synchronized void ended() {
        memory.close();
        memory = null;
        underWay = false;
        notifyAll();
    }

    /** Whether the store has answered since this was asked last, be it with a failure. */
    synchronized boolean takeAnswered() {
        boolean had = answered;
        answered = false;
        return had;
    }

    /** No more are begun; waits a moment for one that is under way, which a store that does not hang ends soon. */
    synchronized void close() {
        closed = true;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_WAIT_MS);
        try {
            for (long left = CLOSE_WAIT_MS; memory != null && left > 0; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
