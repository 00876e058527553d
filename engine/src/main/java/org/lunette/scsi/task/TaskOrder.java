package org.lunette.scsi.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which the tasks of a set begin; SAM-5, clause 8 and 5.9. An ORDERED task begins when all older ones have
 * ended, and younger ones begin when it has; none but another HEAD OF QUEUE task begins beside one that is HEAD OF
 * QUEUE; while there is an ACA condition nothing begins but the ACA task. A task that has begun goes on, whatever
 * comes. With restricted reordering, SIMPLE tasks of a nexus that work on the same blocks begin one after another,
 * unless all of them read.
 *
 * <p>While all tasks are SIMPLE nothing of this is looked at but one field. Whoever must wait stands in line, dormant,
 * and holds nothing: its command goes to the unit's executor when its turn has come, by the thread that ended what it
 * has waited for. The line is bounded: whoever stands in it is in the task set. Of an ORDERED task and a SIMPLE one
 * that come at once at least one sees the other: each enters the set before it looks.
 *
 * <p>Any thread may call.
 */
public final class TaskOrder {
    /** A task in line; all but SIMPLE ones, and these if reordering is restricted, stay there until they have ended. */
    static final class Place {
        private final Task task;
        private final TaskAttribute attribute;
        private final boolean passes;
        private final boolean staysUntilEnd;
        private final boolean writes;
        private final long first;
        private final long end;
        private boolean started;

        Place(Task task, boolean clearsAca, boolean restricted, boolean writes) {
            this.task = task;
            this.attribute = task.command().attribute();
            this.passes = clearsAca || attribute == TaskAttribute.HEAD_OF_QUEUE || attribute == TaskAttribute.ACA;
            this.staysUntilEnd = restricted || attribute != TaskAttribute.SIMPLE;
            this.writes = writes;
            this.first = task.lba();
            this.end = restricted ? task.lba() + task.blocks() : first;
        }

        private boolean isOrdered() {
            return attribute == TaskAttribute.ORDERED;
        }

        private boolean conflictsWith(Place other) {
            return (writes || other.writes)
                    && task.nexus() == other.task.nexus()
                    && first < other.end
                    && other.first < end;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(TaskOrder.class);

    private final TaskSet tasks;
    private final Predicate<Task> footprint;
    private final List<Place> line = new ArrayList<>();
    private final AcaConditions conditions = new AcaConditions();
    private final Set<Thread> serving = new HashSet<>();
    private boolean perNexus;
    private boolean restricted;
    /** Whether SIMPLE tasks need not look: nobody is in line, and nothing is to be kept apart. */
    private volatile boolean plain = true;

    private volatile boolean kept;

    /** @param footprint sets a task's range by its CDB, and says whether it changes the blocks there */
    TaskOrder(TaskSet tasks, Predicate<Task> footprint) {
        this.tasks = tasks;
        this.footprint = footprint;
    }

    /**
     * Has order kept from now on; it is not at first, for a transport that does it itself.
     *
     * @param taskSetPerNexus whether each nexus has a task set of its own: TST
     * @param restrictedReordering whether overlapping SIMPLE tasks of a nexus keep their order: QUEUE ALGORITHM
     *     MODIFIER
     */
    public void keep(boolean taskSetPerNexus, boolean restrictedReordering) {
        synchronized (this) {
            kept = true;
            perNexus = taskSetPerNexus;
            restricted = restrictedReordering;
            publish();
        }
        serve();
    }

    /**
     * Whether a task that has entered the set goes on at once; if not, it has ended, or its command goes to the unit's
     * executor when its turn has come.
     */
    boolean mayBegin(Task task) {
        if (plain && task.command().attribute() == TaskAttribute.SIMPLE || !kept) {
            return true;
        }
        ScsiStatus refusal = enter(task);
        if (refusal == null) {
            serve();
        } else if (refusal == ScsiStatus.CHECK_CONDITION) {
            task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_MESSAGE_ERROR);
        } else {
            task.end(refusal);
        }
        return false;
    }

    private synchronized ScsiStatus enter(Task task) {
        boolean otherAcaTask = line.stream()
                .anyMatch(place -> place.attribute == TaskAttribute.ACA && place.task.nexus() == task.nexus());
        ScsiStatus refusal = conditions.refusal(task, perNexus, otherAcaTask);
        if (refusal == null) {
            boolean writes = restricted && footprint.test(task);
            Place place = new Place(task, conditions.areClearedBy(task.command()), restricted, writes);
            task.waitsAt(place);
            line.add(place);
            publish();
        }
        return refusal;
    }

    /** A task has ended. */
    void ended(Place place) {
        if (place != null) {
            synchronized (this) {
                line.remove(place);
                publish();
            }
        }
        if (!plain) {
            serve();
        }
    }

    /** Whether no task waits here. */
    public boolean isPlain() {
        return plain;
    }

    // ---- ACA conditions ----

    /** A task of the set ends with CHECK CONDITION; called before anybody else knows. */
    public synchronized void failed(Task task) {
        if (!kept || task.nexus().isOfCopyManager()) {
            return;
        }
        if (AcaConditions.isAskedForBy(task.command())) {
            conditions.establish(task.nexus());
        } else if (task.command().attribute() == TaskAttribute.ACA) {
            conditions.clear(NexusScope.only(task.nexus().nexus()));
        }
        publish(); // who waits is served when the task has ended
    }

    /** Ends the ACA conditions of the nexuses in a scope, and lets go on what has waited for it. */
    public void clearAca(NexusScope scope) {
        boolean cleared;
        synchronized (this) {
            cleared = conditions.clear(scope);
            publish();
        }
        if (cleared) {
            serve();
        }
    }

    /** Whether a nexus has an ACA condition. */
    public synchronized boolean isAcaActive(NexusState nexus) {
        return conditions.isFaulted(nexus);
    }

    // ---- whose turn it is ----

    /** Lets those begin whose turn has come, and those end that were aborted or are over their deadline. */
    public void serve() {
        Thread here = Thread.currentThread();
        synchronized (this) {
            if (!serving.add(here)) {
                return; // a task that was started below has ended: no recursion, however many do
            }
        }
        Place place = nextTurn(here);
        while (place != null) {
            goOn(place.task);
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
        NexusState nexus = place.task.nexus();
        if (place.passes) {
            return true;
        }
        if (conditions.block(nexus, perNexus)) {
            return false;
        }
        for (int i = 0; i < line.size(); i++) {
            if (i != index && sameSet(line.get(i), place) && mustWait(place, line.get(i), i < index)) {
                return false;
            }
        }
        return !place.isOrdered() || !tasks.hasBegun(place.task, perNexus ? nexus : null);
    }

    private boolean sameSet(Place one, Place other) {
        return !perNexus || one.task.nexus() == other.task.nexus();
    }

    /** Nobody waits for what is over its deadline: its initiator has an answer, and its end may never come. */
    private static boolean mustWait(Place place, Place other, boolean isOlder) {
        if (other.task.isOverdue()) {
            return false;
        }
        return other.attribute == TaskAttribute.HEAD_OF_QUEUE
                || isOlder && (place.isOrdered() || other.isOrdered() || other.conflictsWith(place));
    }

    private void start(Place place) {
        place.started = true;
        if (!place.staysUntilEnd) {
            line.remove(place);
            publish();
        }
        place.task.begins(place.staysUntilEnd ? place : null);
    }

    private void publish() {
        plain = line.isEmpty() && conditions.areNone() && !restricted;
    }

    private void goOn(Task task) {
        Command command = task.command();
        int use = command.use();
        try {
            if (!task.endedByAbort() && !task.endedBeforeItBegan()) {
                tasks.executor().execute(command);
            }
        } catch (RuntimeException | Error e) { // this may be the thread of another command, which has no part in it
            LOG.error("a handler failed at {}", command, e);
            command.failUse(use, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        }
    }
}
