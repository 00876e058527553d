package org.lunette.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capacities of all devices, and the thread that looks every few seconds whether what lies below one has grown.
 * Looks are system calls of their own, so that a disk that hangs holds up no commands.
 */
final class Capacities implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Capacities.class);
    private static final long LOOK_INTERVAL_MS = 2000;
    private static final long STOP_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(60);

    private final Map<String, Capacity> capacities = new LinkedHashMap<>();
    private final Thread looking = new Thread(this::look, "capacity");

    /** @param frontEnd is told of changes */
    Capacities(List<Unit> units, FrontEnd frontEnd) {
        for (Unit unit : units) {
            String name = unit.unit().name();
            capacities.put(name, new Capacity(unit, () -> frontEnd.capacityChanged(name)));
        }
        looking.setDaemon(true);
    }

    /** Starts to look. */
    void start() {
        looking.start();
    }

    /** The capacity of a device, which is there. */
    Capacity of(Unit unit) {
        return capacities.get(unit.unit().name());
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(LOOK_INTERVAL_MS);
                for (Capacity capacity : capacities.values()) {
                    follow(capacity);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private static void follow(Capacity capacity) {
        try {
            capacity.follow();
        } catch (RuntimeException e) { // others are looked at all the same
            LOG.error("a look at a device's size failed", e);
        }
    }

    @Override
    public void close() {
        looking.interrupt();
        try {
            looking.join(STOP_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (looking.isAlive()) {
            throw new IllegalStateException("a look at a device's size does not end");
        }
    }
}
