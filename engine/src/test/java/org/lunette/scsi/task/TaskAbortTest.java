package org.lunette.scsi.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.command.TaskAttribute;

/** The moments of an abort that other tests meet only by chance, step by step. */
class TaskAbortTest {
    private final Nexus nexus = new Nexus("i", "t", 1);
    private final NexusTable nexuses = new NexusTable(EnumSet.noneOf(UnitAttention.class));
    private final TaskSet set = new TaskSet(4, command -> {}, failed -> {}, task -> false);
    private final AtomicInteger completions = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private final Command command = new Command(null, c -> completions.incrementAndGet());
    private final Task task = Task.of(command);

    @BeforeEach
    void begin() {
        nexuses.establish(nexus);
        start(set);
    }

    private void start(TaskSet in) {
        command.begin(nexus, 0, 1, TaskAttribute.SIMPLE);
        assertTrue(task.begin(in, nexuses, false));
    }

    @Test
    void aTaskThatHasMovedToAnotherSetIsLeftAlone() {
        task.good();
        TaskSet other = new TaskSet(4, command -> {}, failed -> {}, task -> false);
        start(other);
        Drain drain = new Drain(answers::incrementAndGet);
        task.abort(
                set,
                new Abort(NexusScope.ALL, NexusScope.ALL, null, drain)); // as one who found it in its old slot would
        drain.ended();
        assertFalse(command.isAborted());
        assertEquals(1, answers.get(), "nobody waits for it");
        assertEquals(1, other.size());
    }

    @Test
    void aTaskThatHasEndedIsLeftAlone() {
        task.good();
        Drain drain = new Drain(answers::incrementAndGet);
        task.abort(set, new Abort(NexusScope.ALL, NexusScope.ALL, null, drain));
        drain.ended();
        assertEquals(1, answers.get());
        assertEquals(1, completions.get());
    }

    @Test
    void aTaskThatEndsWhileItIsLookedAtIsHandedOnOnceAndCounted() {
        set.abort(
                looked -> {
                    task.good(); // as the store's thread would, just now
                    assertEquals(0, completions.get(), "whoever looks at it hands it on");
                    return true;
                },
                NexusScope.ALL,
                null,
                cleared -> {},
                answers::incrementAndGet);
        assertEquals(1, completions.get());
        assertEquals(1, answers.get());
        assertEquals(0, set.size());
    }

    /** A front-end may do anything then, such as send a command to another unit: no lock of this one is held. */
    @Test
    void aCommandIsHandedBackOutsideTheSetsLock() {
        List<Boolean> locked = new ArrayList<>();
        Command watched = new Command(null, c -> locked.add(Thread.holdsLock(set)));
        Task ending = Task.of(watched);
        watched.begin(nexus, 0, 2, TaskAttribute.SIMPLE);
        assertTrue(ending.begin(set, nexuses, false));
        task.good();
        set.abort(
                looked -> {
                    ending.good();
                    return true;
                },
                NexusScope.ALL,
                null,
                cleared -> {},
                () -> locked.add(Thread.holdsLock(set)));
        assertEquals(List.of(false, false), locked);
    }

    @Test
    void aTaskOutOfScopeThatEndsWhileItIsLookedAtIsHandedOn() {
        set.abort(
                looked -> {
                    task.good();
                    return false;
                },
                NexusScope.ALL,
                null,
                cleared -> {},
                answers::incrementAndGet);
        assertEquals(1, completions.get());
        assertEquals(1, answers.get());
        assertFalse(command.isAborted());
    }

    @Test
    void theAnswerComesAfterTheFrontEndHasTheCommandBack() {
        set.abort(NexusScope.ALL, NexusScope.ALL, null, cleared -> {}, () -> answers.set(completions.get() + 10));
        assertEquals(0, answers.get());
        assertTrue(command.isAborted());
        task.good();
        assertEquals(11, answers.get());
    }

    @Test
    void twoAbortsWaitForOneTask() {
        set.abort(NexusScope.ALL, NexusScope.ALL, null, cleared -> {}, answers::incrementAndGet);
        set.abort(NexusScope.ALL, NexusScope.ALL, null, cleared -> {}, answers::incrementAndGet);
        assertEquals(0, answers.get());
        task.good();
        assertEquals(2, answers.get());
    }

    /** As two PREEMPT AND ABORT can meet, if a nexus is preempted and registers again in between. */
    @Test
    void twoTasksThatAbortEachOtherDoNotWaitForEachOther() {
        Task other = Task.of(new Command(null, c -> completions.incrementAndGet()));
        other.command().begin(nexus, 0, 2, TaskAttribute.SIMPLE);
        assertTrue(other.begin(set, nexuses, false));
        set.abort(NexusScope.ALL, NexusScope.ALL, task, cleared -> {}, task::good);
        assertTrue(other.command().isAborted());
        assertEquals(0, completions.get(), "the first waits for the second");
        set.abort(NexusScope.ALL, NexusScope.ALL, other, cleared -> {}, other::good);
        assertTrue(command.isAborted());
        assertEquals(2, completions.get());
        assertEquals(0, set.size());
    }

    @Test
    void aCommandsNextUseIsNotAborted() {
        set.abort(NexusScope.ALL, NexusScope.ALL, null, cleared -> {}, answers::incrementAndGet);
        task.good();
        start(set);
        assertFalse(command.isAborted());
        task.good();
        assertEquals(1, answers.get());
        assertEquals(2, completions.get());
    }
}
