package org.lunette.frontend.scstuser;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.scstuser.ScstUserDevices;
import org.lunette.bridge.scstuser.ScstUserException;
import org.lunette.command.CommandHandler;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one logical unit as one device of SCST's, from its registration until it is closed.
 *
 * <p>The unit's nexuses and commands come as {@link CommandHandler} says. SCST itself keeps the task set and the
 * reservations, so the unit sees no PERSISTENT RESERVE OUT, and tasks arrive in the order in which they may be
 * executed.
 *
 * <p>Of several devices, close one after another: {@link ScstUserFrontEnds}.
 */
public final class ScstUserFrontEnd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScstUserFrontEnd.class);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ServedDevice served;
    private final CommandLoop[] loops;
    private final Thread[] threads;
    private final AtomicInteger runningThreads = new AtomicInteger();
    private final Object memoryLock = new Object();
    private volatile boolean memoryFreed;
    private volatile boolean stopping;
    private volatile boolean deviceClosed;
    private boolean closed;

    private ScstUserFrontEnd(ServedDevice served, CommandLoop[] loops) {
        this.served = served;
        this.loops = loops;
        this.threads = new Thread[loops.length];
    }

    /**
     * Registers the device, whose threads are yet to be started. A test may run their turns itself instead, by
     * {@link #turn}.
     *
     * @param rings each thread's way to the unit; stays the caller's, and is closed after this
     * @throws ScstUserException if SCST does not take the device; the message says why and what to do
     */
    public static ScstUserFrontEnd open(
            ScstUserSettings settings,
            CommandHandler unit,
            RingFactory rings,
            ScstUserDevices devices,
            Counters counters)
            throws ScstUserException {
        ServedDevice served = new ServedDevice(settings, unit, counters);
        TaskManager taskManager = new TaskManager(unit, served.sessions());
        CommandLoop[] loops = new CommandLoop[settings.threads()];
        for (int i = 0; i < loops.length; i++) {
            loops[i] = new CommandLoop(served, taskManager, rings.open(unit));
        }
        taskManager.attach(loops);
        ScstUserFrontEnd frontEnd = new ScstUserFrontEnd(served, loops);
        served.onCommandEndedElsewhere(frontEnd::freeMemoryOnceIdle);
        boolean registered = false;
        try {
            served.register(devices);
            registered = true;
            return frontEnd;
        } finally {
            if (!registered) {
                frontEnd.freeMemory();
            }
        }
    }

    /** As {@link #open}, and starts the threads. */
    public static ScstUserFrontEnd start(
            ScstUserSettings settings,
            CommandHandler unit,
            RingFactory rings,
            ScstUserDevices devices,
            Counters counters)
            throws ScstUserException {
        ScstUserFrontEnd frontEnd = open(settings, unit, rings, devices, counters);
        for (int i = 0; i < frontEnd.loops.length; i++) {
            frontEnd.startThread(i);
        }
        return frontEnd;
    }

    private void startThread(int index) {
        CommandLoop loop = loops[index];
        threads[index] = new Thread(() -> run(loop), "scst-" + name() + "-" + index);
        threads[index].setDaemon(true);
        runningThreads.incrementAndGet();
        threads[index].start();
    }

    private void run(CommandLoop loop) {
        try {
            serve(loop);
        } finally {
            runningThreads.decrementAndGet();
            endSessionsOnceNoThreadRuns();
            freeMemoryOnceIdle();
        }
    }

    private void serve(CommandLoop loop) {
        int fetched = 0;
        while (!stopping && fetched != ReplyBatch.DEVICE_GONE) {
            fetched = turnSafely(loop);
            if (fetched == 0 && !stopping) {
                LockSupport.parkNanos(
                        IDLE_NANOS); // only after a signal or a failure: the kernel does not come back with nothing
            }
        }
        if (fetched == ReplyBatch.DEVICE_GONE) {
            LOG.error("{}: SCST's device does not work any more", name());
        }
        loop.finish();
    }

    /** A thread that ended would leave its share of the kernel's commands to the others, or to nobody. */
    private static int turnSafely(CommandLoop loop) {
        try {
            return loop.turn();
        } catch (Throwable failure) {
            loop.report("a turn", failure);
            return 0;
        }
    }

    /** The device's name in SCST. */
    public String name() {
        return served.settings().name();
    }

    /**
     * Runs one turn of thread {@code index} on the calling thread, in place of a thread of its own: gives replies,
     * fetches subcommands, deals with each. What is completed after it, on whatever thread, is answered at once.
     *
     * @return how many subcommands were fetched, or -1 if the device is gone
     */
    public int turn(int index) {
        int fetched = loops[index].turn();
        loops[index].leave();
        return fetched;
    }

    /** Raises the unit attention CAPACITY DATA HAS CHANGED for all nexuses. */
    public void capacityChanged() {
        int result = served.capacityChanged();
        if (result < 0) {
            LOG.warn("{}: SCST does not tell the initiators of the new capacity: {}", name(), Errno.describe(result));
        }
    }

    /**
     * Takes the device out of SCST. No more commands are fetched; those fetched are executed and answered, if that
     * takes no longer than {@link ScstUserSettings#stopTimeoutMs}. No thread is left, but one that a store does not let
     * go. The unit hears of the end of all nexuses, once no thread is left.
     *
     * @throws IllegalStateException if after that time the store still has commands, or a thread: the device is closed,
     *     and what comes later of its commands counts as aborted, but what the store uses must not be given back
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        long deadline = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(served.settings().stopTimeoutMs());
        stopping = true;
        served.wakeThreads();
        endThreads(deadline);
        while (outstanding() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(IDLE_NANOS);
        }
        if (isBusy()) {
            abortAll();
        }
        served.closeDevice();
        deviceClosed = true;
        endSessionsOnceNoThreadRuns();
        freeMemoryOnceIdle();
        if (!memoryFreed) {
            throw new IllegalStateException(
                    name() + ": after " + served.settings().stopTimeoutMs() + " ms, " + runningThreads.get()
                            + " threads still wait for the store, " + outstanding()
                            + " commands are not completed; their memory is freed when they are");
        }
    }

    private boolean isBusy() {
        return runningThreads.get() > 0 || outstanding() > 0;
    }

    /**
     * The initiators are told by the kernel that these commands have failed, and may send others: none may take effect
     * later.
     */
    private void abortAll() {
        served.giveUp();
        for (CommandLoop loop : loops) {
            loop.tasks().abort(null);
        }
    }

    private void endThreads(long deadline) {
        for (int i = 0; i < loops.length; i++) {
            if (threads[i] == null) {
                loops[i].finish();
            } else {
                join(threads[i], deadline);
            }
        }
    }

    private void join(Thread thread, long deadline) {
        try {
            long ms = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            thread.join(Math.max(1, ms));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{}: {} still waits for the store", name(), thread.getName());
        }
    }

    private long outstanding() {
        long outstanding = 0;
        for (CommandLoop loop : loops) {
            outstanding += loop.outstanding();
        }
        return outstanding;
    }

    /** After the device's end, and that of the threads: until then a command may still go to the unit. */
    private void endSessionsOnceNoThreadRuns() {
        if (deviceClosed && runningThreads.get() == 0) {
            served.sessions().detachAll();
        }
    }

    /**
     * After the device's end: frees what it had, unless a unit or a thread may still use some of it, whose end then
     * calls this again. When this returns, nobody is half-way through it.
     */
    private void freeMemoryOnceIdle() {
        if (!deviceClosed) {
            return;
        }
        synchronized (memoryLock) {
            if (!memoryFreed && !isBusy()) {
                freeMemory();
                memoryFreed = true;
            }
        }
    }

    private void freeMemory() {
        for (CommandLoop loop : loops) {
            loop.close();
        }
        served.buffers().close();
    }
}
