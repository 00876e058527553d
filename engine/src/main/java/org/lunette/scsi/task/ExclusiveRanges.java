package org.lunette.scsi.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a task that must be atomic apart from every other task whose range of the medium overlaps its own.
 *
 * <p>Whoever comes first publishes first and looks afterwards: an ordinary task publishes its range in itself, and
 * looks for exclusive ranges here; an exclusive one enters its range here, and looks for tasks in the task set. So of
 * two that overlap at least one sees the other. An ordinary task that does takes its range back and waits in line; an
 * exclusive one waits until the tasks that it has seen have ended. The line is served in its order as far as ranges
 * overlap, and nobody in it holds what another one waits for: so there is no deadlock, and nobody starves.
 *
 * <p>Any thread may call. The command of a task that has waited goes to the unit's executor again, by the thread that
 * ended what it has waited for: that may be one that must not wait for a store. The line is bounded: whoever stands in
 * it is in the task set.
 */
final class ExclusiveRanges {
    /** A task in line; an exclusive one stays there until it has ended. */
    static final class Place {
        private final Task task;
        private final long first;
        private final long end;
        private final boolean exclusive;
        private boolean started;

        Place(Task task, long first, long end, boolean exclusive) {
            this.task = task;
            this.first = first;
            this.end = end;
            this.exclusive = exclusive;
        }

        boolean overlaps(long otherFirst, long otherEnd) {
            return first < otherEnd && otherFirst < end;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ExclusiveRanges.class);

    private final TaskSet tasks;
    private final List<Place> line = new ArrayList<>();
    private final Set<Thread> serving = new HashSet<>();
    /** The exclusive ones in line, whether started or not; null if there are none, and then the line is empty. */
    private volatile Place[] exclusive;

    ExclusiveRanges(TaskSet tasks) {
        this.tasks = tasks;
    }

    /** Whether nobody is exclusive, or waits. */
    boolean areNone() {
        return exclusive == null;
    }

    /** Whether somebody exclusive, who has started or not, has a part of the range. */
    boolean overlap(long first, long end) {
        Place[] present = exclusive;
        if (present != null) {
            for (Place place : present) {
                if (place.overlaps(first, end)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Puts a task in line, which goes on when its turn has come: perhaps at once, on this thread. */
    void enter(Place place) {
        synchronized (this) {
            line.add(place);
            if (place.exclusive) {
                publish();
            }
        }
        serve();
    }

    /** The task has ended. */
    void leave(Place place) {
        synchronized (this) {
            line.remove(place);
            publish();
        }
        serve();
    }

    /** Lets those go on whose turn has come, who were aborted or are over their deadline. */
    void serve() {
        Thread here = Thread.currentThread();
        synchronized (this) {
            if (!serving.add(here)) {
                return; // a task that was started below has ended: no recursion, however many do
            }
        }
        Place place = nextTurn(here);
        while (place != null) {
            goOn(place);
            place = nextTurn(here);
        }
    }

    private synchronized Place nextTurn(Thread here) {
        for (int i = 0; i < line.size(); i++) {
            Place place = line.get(i);
            if (!place.started && (place.task.isToEnd() || mayStart(place, i))) {
                start(place);
                return place;
            }
        }
        serving.remove(here);
        return null;
    }

    private boolean mayStart(Place place, int index) {
        for (int i = 0; i < index; i++) {
            Place earlier = line.get(i);
            if ((place.exclusive || earlier.exclusive) && earlier.overlaps(place.first, place.end)) {
                return false;
            }
        }
        return !place.exclusive || !tasks.holdRange(place.first, place.end);
    }

    private void start(Place place) {
        place.started = true;
        if (!place.exclusive) {
            line.remove(place);
            place.task.publishRange(place.first, place.end);
        }
    }

    private void publish() {
        Place[] present = line.stream().filter(place -> place.exclusive).toArray(Place[]::new);
        exclusive = present.length == 0 ? null : present;
    }

    private void goOn(Place place) {
        Command command = place.task.command();
        int use = command.use();
        try {
            if (!place.task.endedByAbort() && !place.task.endedBeforeItBegan()) {
                tasks.executor().execute(command);
            }
        } catch (RuntimeException | Error e) { // this may be the thread of another command, which has no part in it
            LOG.error("a handler failed at {}", command, e);
            command.failUse(use, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        }
    }
}
