package org.lunette.frontend.scstuser;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Devices of SCST's that end together: one after another, since taken down at the same time they have locked hosts up.
 * For one thread.
 */
public final class ScstUserFrontEnds implements AutoCloseable {
    private final Deque<ScstUserFrontEnd> served = new ArrayDeque<>();

    /** Adds a device, which is closed before those that were added earlier. */
    public void add(ScstUserFrontEnd frontEnd) {
        served.push(frontEnd);
    }

    /**
     * Takes all devices out of SCST. One whose store is stuck keeps none of the others: the end of the process would
     * take them down at the same time.
     *
     * @throws IllegalStateException as {@link ScstUserFrontEnd#close}, for the first of which that is true
     */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!served.isEmpty()) {
            try {
                served.pop().close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
