package org.lunette.frontend.iscsi.session;

import java.util.ArrayDeque;
import org.lunette.command.TaskAttribute;

/**
 * Keeps ORDERED tasks from overtaking and from being overtaken: one goes to the device when all that were delivered
 * before it have ended, and those behind it go when it has; SAM-5, 8.6. HEAD OF QUEUE and ACA tasks pass. It does so
 * from a command's arrival, while its data are still to come; the unit does so for the commands of all nexuses.
 */
final class TaskOrder {
    /** Delivered tasks that are not barred and have not ended. */
    private int current;
    /** Whether one of these is ORDERED; all others have passed it then. */
    private boolean ordered;
    /** The first ORDERED task that cannot go, and all delivered behind it. */
    private final ArrayDeque<Task> barred = new ArrayDeque<>();

    /** A task was delivered: it begins, or it is barred. */
    void delivered(Task task) {
        TaskAttribute attribute = task.command().attribute();
        boolean passes = attribute == TaskAttribute.HEAD_OF_QUEUE || attribute == TaskAttribute.ACA;
        if (!passes && (!barred.isEmpty() || mustWait(attribute))) {
            task.barred = true;
            barred.addLast(task);
        } else {
            begin(task);
        }
    }

    private boolean mustWait(TaskAttribute attribute) {
        return ordered || attribute == TaskAttribute.ORDERED && current > 0;
    }

    private void begin(Task task) {
        task.current = true;
        current++;
        ordered |= task.command().attribute() == TaskAttribute.ORDERED;
    }

    /** A task has ended, with the device or without it. */
    void ended(Task task) {
        if (task.current) {
            task.current = false;
            current--;
            ordered &= task.command().attribute() != TaskAttribute.ORDERED;
        } else if (task.barred) {
            task.barred = false;
            barred.remove(task);
        }
    }

    /** Takes out the next task that need not wait for others any more, or null; it may still wait for its own data. */
    Task next() {
        Task task = barred.peekFirst();
        if (task == null || mustWait(task.command().attribute())) {
            return null;
        }
        barred.pollFirst();
        task.barred = false;
        begin(task);
        return task;
    }
}
