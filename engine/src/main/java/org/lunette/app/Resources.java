package org.lunette.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be ended in the reverse order. For one thread. */
final class Resources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        started.push(resource);
        return resource;
    }

    /**
     * Ends everything. Where something cannot be ended, what it stands on stays open: a thread may still use its memory
     * and its files, which the process gives back when it ends.
     */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable resource = started.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.error("cannot end in order: {}", e.getMessage(), e);
                started.clear();
            }
        }
    }
}
