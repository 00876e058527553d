package org.lunette.ring;

import org.lunette.command.Command;

/**
 * A front-end thread's way to a device: commands go in one by one and are executed in batches.
 *
 * <p>One thread submits and drains. A slot is taken only until the handler has returned: a command that still waits for
 * its store holds none.
 */
public interface CommandRing extends AutoCloseable {
    /** Hands a command over. If there is no room it is completed at once with TASK SET FULL, on this thread. */
    void submit(Command command);

    /**
     * Executes on this thread what was submitted, if that is this mode's way; call it after each batch of
     * {@link #submit}. Not from within a completion.
     *
     * @return how many commands were executed here
     */
    int drain();

    /** Ends the use of this ring. What was submitted before is still executed. */
    @Override
    void close();
}
