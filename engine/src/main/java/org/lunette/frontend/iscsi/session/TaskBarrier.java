package org.lunette.frontend.iscsi.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something to do once a number of tasks have ended, and perhaps the device has answered too. Confined to the session's
 * thread.
 */
final class TaskBarrier {
    private final List<Task> awaited = new ArrayList<>();
    private final Consumer<TaskBarrier> then;
    private boolean held;
    private boolean incomplete;

    /** @param held whether to wait for {@link #release} too */
    TaskBarrier(boolean held, Consumer<TaskBarrier> then) {
        this.held = held;
        this.then = then;
    }

    void await(Task task) {
        awaited.add(task);
    }

    void ended(Task task) {
        awaited.remove(task);
    }

    /** A task was given up that has not ended: what waits for it must not say that it has. */
    void abandoned(Task task) {
        incomplete |= awaited.contains(task);
    }

    /** Whether the device still has some of the tasks. */
    boolean isIncomplete() {
        return incomplete;
    }

    void release() {
        held = false;
    }

    /** Whether nothing is awaited any more. */
    boolean isPassable() {
        return !held && awaited.isEmpty();
    }

    void pass() {
        then.accept(this);
    }
}
