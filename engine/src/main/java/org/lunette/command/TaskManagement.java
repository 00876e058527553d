package org.lunette.command;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A task management request; SAM-5, clause 7. Made by a front-end for one use.
 *
 * <p>ABORT TASK and ABORT TASK SET of commands that a front-end holds are done by it: it marks them by
 * {@link Command#abort()}, and answers when they have ended.
 */
public final class TaskManagement {
    /** The functions; SAM-5, 7.1. */
    public enum Function {
        ABORT_TASK,
        ABORT_TASK_SET,
        CLEAR_ACA,
        CLEAR_TASK_SET,
        LOGICAL_UNIT_RESET,
        TARGET_WARM_RESET,
        TARGET_COLD_RESET,
        /** Answered by the front-end, which knows the tags. */
        QUERY_TASK,
        QUERY_TASK_SET,
        QUERY_ASYNCHRONOUS_EVENT,
        I_T_NEXUS_RESET
    }

    /** The service responses; SAM-5, 7.1. */
    public enum Response {
        FUNCTION_COMPLETE,
        FUNCTION_SUCCEEDED,
        FUNCTION_REJECTED,
        INCORRECT_LOGICAL_UNIT_NUMBER,
        TASK_DOES_NOT_EXIST,
        SERVICE_DELIVERY_FAILURE
    }

    /** Who gets the response. */
    @FunctionalInterface
    public interface Responder {
        /** Called once, on whatever thread completed the request; must not block or throw. */
        void responded(TaskManagement request, Response response);
    }

    private final Function function;
    private final Nexus nexus;
    private final int lun;
    private final AtomicReference<Responder> responder;
    private int additionalInformation;

    /** A request that arrived on {@code nexus} for the unit {@code lun} (see {@link Lun}). */
    public TaskManagement(Function function, Nexus nexus, int lun, Responder responder) {
        this.function = Objects.requireNonNull(function);
        this.nexus = Objects.requireNonNull(nexus);
        this.lun = lun;
        this.responder = new AtomicReference<>(Objects.requireNonNull(responder));
    }

    public Function function() {
        return function;
    }

    public Nexus nexus() {
        return nexus;
    }

    /** The decoded LUN; without meaning for the functions that concern a whole target. */
    public int lun() {
        return lun;
    }

    /** Whether the function is for the unit of that LUN, alone or with all others of the target. */
    public boolean concerns(int otherLun) {
        return switch (function) {
            case TARGET_WARM_RESET, TARGET_COLD_RESET, I_T_NEXUS_RESET -> true;
            default -> lun == otherLun;
        };
    }

    /** Whether the request has its answer; a moment's view. */
    public boolean isAnswered() {
        return responder.get() == null;
    }

    /** Answers QUERY ASYNCHRONOUS EVENT with FUNCTION SUCCEEDED; see {@link #additionalInformation()}. */
    public void succeed(int information) {
        additionalInformation = information; // seen by whoever is told
        respond(Response.FUNCTION_SUCCEEDED);
    }

    /**
     * The three bytes of additional response information, for who gets the response; 0 if there are none. SAM-5, 7.9.
     */
    public int additionalInformation() {
        return additionalInformation;
    }

    /** Answers the request; calls after the first do nothing. */
    public void respond(Response response) {
        Responder waiting = responder.getAndSet(null);
        if (waiting != null) {
            waiting.responded(this, response);
        }
    }
}
