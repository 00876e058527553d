package org.lunette.it.sim;

import java.util.HashSet;
import java.util.Set;

/** A task management function under way in the model. */
final class ModelTask {
    final int function;
    final ModelSession session;
    final int handleToAbort;
    /** The first number of the session's commands that is not concerned, if that counts; null otherwise. */
    final Integer number;

    final Set<ModelCommand> waitingFor = new HashSet<>();
    boolean receivedAnswered;
    boolean doneSent;
    /** What TASK_MGMT_DONE was answered with; null until then. */
    volatile Integer result;
    /** Run at that time, by the model. */
    Runnable whenDone = () -> {};

    ModelTask(int function, ModelSession session, int handleToAbort, Integer number) {
        this.function = function;
        this.session = session;
        this.handleToAbort = handleToAbort;
        this.number = number;
    }
}
