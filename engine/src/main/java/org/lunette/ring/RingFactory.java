package org.lunette.ring;

import org.lunette.command.CommandExecutor;

/** Opens rings; the mode is the factory's. */
public interface RingFactory extends AutoCloseable {
    /** The depth of a ring that serves well: commands submitted and not yet executed. */
    int DEFAULT_DEPTH = 1024;

    /** Opens a ring for the calling thread, over which {@code executor} gets its commands. */
    CommandRing open(CommandExecutor executor);

    /**
     * Ends handler threads, where there are any, after they have executed what was submitted.
     *
     * @throws IllegalStateException if a thread still waits for its store: then what it uses must not be given back
     */
    @Override
    void close();
}
