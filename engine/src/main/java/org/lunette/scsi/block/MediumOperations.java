package org.lunette.scsi.block;

import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.TaskSet;

/**
 * Starts the operations on a unit's whole medium: one at a time, each on a thread of its own, which ends with it. Any
 * thread may call.
 */
final class MediumOperations implements AutoCloseable {
    /** How long an initiator is told to wait for an operation. */
    static final int TIMEOUT_S = 24 * 60 * 60;

    private final String name;
    private final Readiness readiness;
    private final KeptReadiness kept;
    private final TaskSet tasks;
    private final SelfTests selfTests;
    private final long bytesPerS;
    private MediumOperation current;
    private Thread thread;
    private boolean closed;

    /**
     * @param name of the unit
     * @param tasks the unit's: those that it has when an operation begins end before it touches the medium
     * @param selfTests the unit's: one that is under way ends, and an operation does not wait for all that it would
     *     read
     * @param bytesPerS how fast an operation writes at most; 0 for no limit
     */
    MediumOperations(
            String name, Readiness readiness, KeptReadiness kept, TaskSet tasks, SelfTests selfTests, long bytesPerS) {
        this.name = name;
        this.readiness = readiness;
        this.kept = kept;
        this.tasks = tasks;
        this.selfTests = selfTests;
        this.bytesPerS = bytesPerS;
    }

    /**
     * Begins an operation, if the unit is in a state for it. Ends the task at once with {@code immediate}, else when
     * the operation has ended.
     */
    synchronized void start(Task task, boolean immediate, MediumOperation.Job job) {
        Readiness.State before = begin(task, job);
        if (before == null) {
            job.fill().close();
            return;
        }
        boolean started = false;
        try {
            current = new MediumOperation(
                    name, job, readiness, before, kept, new Pace(bytesPerS), immediate ? null : task);
            thread = new Thread(current, "medium-" + name);
            thread.setDaemon(true);
            thread.start();
            started = true;
        } finally {
            if (!started) {
                readiness.end(before);
                job.fill().close();
            }
        }
        selfTests.abort(SelfTest.Outcome.ABORTED_OTHERWISE);
        tasks.whenEnded(command -> true, task, current::othersEnded);
        if (immediate) {
            task.good();
        }
    }

    /** The state before; null if the operation may not begin, and the task has ended. */
    private Readiness.State begin(Task task, MediumOperation.Job job) {
        if (closed) {
            task.fail(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE);
            return null;
        }
        while (true) {
            Readiness.State now = readiness.state();
            if (!now.satisfies(job.need())) {
                readiness.refuse(task, now);
                return null;
            }
            if (readiness.begin(now, job.during())) {
                return now;
            }
        }
    }

    /** Ends the operation that is under way, as far as it has come, and begins no other. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            if (current == null) {
                return;
            }
            current.stop();
            last = thread;
        }
        boolean interrupted = false;
        while (last.isAlive()) {
            try {
                last.join();
            } catch (InterruptedException e) {
                interrupted = true; // the thread ends with the piece that is under way
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
