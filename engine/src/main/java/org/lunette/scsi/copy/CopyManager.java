package org.lunette.scsi.copy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.lunette.bridge.memory.Region;
import org.lunette.scsi.page.Designator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy manager of an engine; SPC-5. Here its logical units find each other by designator, and here is what they
 * share: the memory that copies go through, the threads that copy, and ROD tokens.
 *
 * <p>Any thread may call. A unit is registered from its making to its closing, and the manager is closed after the last
 * of them.
 */
public final class CopyManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CopyManager.class);
    private static final int THREADS = 2;
    private static final long IDLE_THREAD_S = 10;
    private static final long CLOSE_TIMEOUT_S = 30;

    private final Map<Designator, CopyDevice> byDesignator = new HashMap<>();
    private final Set<CopyDevice> devices = new HashSet<>();
    private final Set<Copy> underWay = new HashSet<>();
    private final CopyBuffers buffers = new CopyBuffers();
    private final RodTokens tokens;
    private final Executor executor;
    private final Runnable endThreads;

    private CopyManager(Executor executor, Runnable endThreads, LongSupplier nanoClock) {
        this.executor = executor;
        this.endThreads = endThreads;
        this.tokens = new RodTokens(nanoClock);
    }

    /** One with threads of its own, so that a long copy between units that never wait holds up no connection. */
    public static CopyManager threaded() {
        AtomicInteger made = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_THREAD_S,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(CopyLimits.MAX_COPIES),
                runnable -> {
                    Thread thread = new Thread(runnable, "copy-" + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return new CopyManager(threads, () -> end(threads), System::nanoTime);
    }

    private static void end(ExecutorService threads) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                LOG.error("a copy has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One that copies on the threads that bring the commands and complete them. */
    public static CopyManager inline() {
        return inline(System::nanoTime);
    }

    /** As {@link #inline()}, with a clock of its own for the lifetime of tokens. */
    public static CopyManager inline(LongSupplier nanoClock) {
        return new CopyManager(Runnable::run, () -> {}, nanoClock);
    }

    /**
     * Makes a unit known.
     *
     * @throws IllegalArgumentException if another one has the same designator
     */
    public synchronized void register(CopyDevice device) {
        for (Designator designator : device.designators()) {
            if (byDesignator.containsKey(designator)) {
                throw new IllegalArgumentException(device + " has the identity of " + byDesignator.get(designator));
            }
        }
        device.designators().forEach(designator -> byDesignator.put(designator, device));
        devices.add(device);
    }

    /**
     * Forgets a unit: its tokens are cancelled, copies from it and to it end, and then this returns. Does nothing for
     * one that is not registered.
     */
    public void unregister(CopyDevice device) {
        synchronized (this) {
            devices.remove(device);
            byDesignator.values().removeIf(other -> other == device);
            underWay.stream()
                    .filter(copy -> uses(copy, device))
                    .forEach(copy -> copy.operation().cancel());
            awaitEndOfCopies(device);
        }
        tokens.cancel(device);
    }

    private static boolean uses(Copy copy, CopyDevice device) {
        return copy.plan().devices().contains(device);
    }

    private synchronized void awaitEndOfCopies(CopyDevice device) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_TIMEOUT_S);
        try {
            while (underWay.stream().anyMatch(copy -> uses(copy, device))) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (leftMs <= 0) {
                    throw new IllegalStateException("a copy of " + device + " does not end");
                }
                wait(leftMs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The unit that has a designator; null if there is none. */
    synchronized CopyDevice find(Designator designator) {
        return byDesignator.get(designator);
    }

    RodTokens tokens() {
        return tokens;
    }

    /** Lends a copy what it needs; returns false if there are too many, or one of its units is gone. */
    boolean admit(Copy copy) {
        Region buffer = buffers.take();
        if (buffer == null) {
            return false;
        }
        copy.lend(buffer);
        if (!enter(copy)) {
            buffers.giveBack(buffer);
            return false;
        }
        return true;
    }

    /** Starts a copy that is admitted; it ends by itself. */
    void start(Copy copy) {
        try {
            executor.execute(copy);
        } catch (RejectedExecutionException | OutOfMemoryError e) { // the engine is being closed, or has no thread
            copy.operation().cancel();
            copy.run();
        }
    }

    private synchronized boolean enter(Copy copy) {
        return devices.containsAll(copy.plan().devices()) && underWay.add(copy);
    }

    /** A copy uses its memory and its units no more. */
    void ended(Copy copy) {
        buffers.giveBack(copy.buffer());
        synchronized (this) {
            underWay.remove(copy);
            notifyAll();
        }
    }

    @Override
    public void close() {
        endThreads.run();
        buffers.close();
    }
}
