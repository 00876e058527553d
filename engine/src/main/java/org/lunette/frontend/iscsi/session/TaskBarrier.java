package org.lunette.frontend.iscsi.session;

import java.util.ArrayList;
import java.util.List;

/**
 * Something to do once a number of tasks have ended, and perhaps the device has answered too. Confined to the session's
 * thread.
 */
final class TaskBarrier {
    private final List<Task> awaited = new ArrayList<>();
    private final Runnable then;
    private boolean held;

    /** @param held whether to wait for {@link #release} too */
    TaskBarrier(boolean held, Runnable then) {
        this.held = held;
        this.then = then;
    }

    void await(Task task) {
        awaited.add(task);
    }

    void ended(Task task) {
        awaited.remove(task);
    }

    void release() {
        held = false;
    }

    /** Whether nothing is awaited any more. */
    boolean isPassable() {
        return !held && awaited.isEmpty();
    }

    void pass() {
        then.run();
    }
}
