package org.lunette.frontend.iscsi.portal;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.frontend.iscsi.session.SessionThread;
import org.lunette.ring.CommandRing;
import org.lunette.ring.RingFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: its connections, and their ring. What is read in one go is executed in one go, and the answers of all
 * connections are flushed together.
 */
final class PortalThread extends SessionThread {
    private static final Logger LOG = LoggerFactory.getLogger(PortalThread.class);
    /** Commands that may wait in the ring before the end of a batch. */
    private static final int BATCH_COMMANDS = 256;

    private static final long TICK_MS = 1000;

    private final EventLoop loop;
    private final RingFactory rings;
    private final CommandHandler handler;
    private final List<PortalConnection> connections = new ArrayList<>();
    private final List<PortalConnection> unflushed = new ArrayList<>();
    private final Runnable handOver = this::handedOver;
    private CommandRing ring;
    private int submitted;
    private boolean endingBatch;

    PortalThread(EventLoop loop, RingFactory rings, CommandHandler handler) {
        this.loop = loop;
        this.rings = rings;
        this.handler = handler;
        loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    void add(PortalConnection connection) {
        connections.add(connection);
    }

    void remove(PortalConnection connection) {
        connections.remove(connection);
    }

    /** The connections of this event loop; on its thread only. */
    List<PortalConnection> connections() {
        return connections;
    }

    /** A connection has something to flush at the end of the batch; to be said once. */
    void toFlush(PortalConnection connection) {
        unflushed.add(connection);
    }

    @Override
    protected boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    protected void submit(Command command) {
        if (ring == null) {
            ring = rings.open(handler);
        }
        submitted++;
        ring.submit(command);
    }

    @Override
    protected void pduDone() {
        if (submitted >= BATCH_COMMANDS) {
            drain();
        }
    }

    @Override
    protected void execute(Runnable work) {
        try {
            loop.execute(() -> {
                work.run();
                endBatch();
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("work for a portal that is closed", e);
        }
    }

    @Override
    protected void wake() {
        try {
            loop.execute(handOver);
        } catch (RejectedExecutionException e) {
            LOG.warn("a command of a portal that is closed", e);
        }
    }

    private void handedOver() {
        takeHandedOver();
        endBatch();
    }

    /**
     * Executes what was submitted and flushes all answers; within itself it does nothing, since it goes on until
     * nothing is left.
     */
    void endBatch() {
        if (endingBatch) {
            return;
        }
        endingBatch = true;
        try {
            do {
                drain();
                flush();
            } while (submitted > 0 || !unflushed.isEmpty());
        } finally {
            endingBatch = false;
        }
    }

    private void drain() {
        while (submitted > 0) {
            submitted = 0;
            ring.drain();
        }
    }

    private void flush() {
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }

    private void tick() {
        long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        for (PortalConnection connection : List.copyOf(connections)) {
            connection.tick(nowMs);
        }
        endBatch();
    }

    /** Ends the use of the ring; the last that happens on this thread. */
    void close() {
        if (ring != null) {
            ring.close();
            ring = null;
        }
    }
}
