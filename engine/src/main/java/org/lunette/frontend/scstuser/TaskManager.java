package org.lunette.frontend.scstuser;

import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.TmFlyweight;
import org.lunette.command.CommandHandler;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Task management: SCST's core does it, and tells of it twice. When a function has come in, the commands it ends are
 * marked as aborted, so that the unit need not execute them; they are answered all the same. When they have ended, the
 * unit is reset, if that is the function.
 */
final class TaskManager {
    private static final Logger LOG = LoggerFactory.getLogger(TaskManager.class);

    private final CommandHandler unit;
    private final Sessions sessions;
    private final RateLimit logged = new RateLimit();
    private CommandLoop[] loops;

    TaskManager(CommandHandler unit, Sessions sessions) {
        this.unit = unit;
        this.sessions = sessions;
    }

    /** Tells of the loops whose commands may be aborted; before any thread starts. */
    void attach(CommandLoop[] loops) {
        this.loops = loops;
    }

    /** TASK_MGMT_RECEIVED, which has that handle, with the structure at {@code payload}. */
    void received(int handle, long payload) {
        TmFlyweight tm = new TmFlyweight().wrap(payload);
        Session session = sessions.find(tm.sessH());
        if (logged.permits()) {
            LOG.info("{} from {}", name(tm.fn()), session == null ? "an ended session" : session.nexus());
        }
        switch (tm.fn()) {
            case ScstUser.SCST_ABORT_TASK -> {
                for (CommandLoop loop : loops) {
                    loop.tasks().abortHandle(tm.cmdHToAbort());
                }
                tellOfAborts(session);
            }
            case ScstUser.SCST_LUN_RESET, ScstUser.SCST_TARGET_RESET ->
                abort(session, new AbortScope(null, handle, null, 0));
            case ScstUser.SCST_CLEAR_TASK_SET -> abort(session, scope(null, handle, session, tm));
            case ScstUser.SCST_CLEAR_ACA -> LOG.debug("the core has cleared the ACA condition");
            default -> {
                if (session != null) {
                    abort(session, scope(session, handle, session, tm));
                }
            }
        }
    }

    private static String name(int function) {
        return switch (function) {
            case ScstUser.SCST_ABORT_TASK -> "ABORT TASK";
            case ScstUser.SCST_ABORT_TASK_SET -> "ABORT TASK SET";
            case ScstUser.SCST_CLEAR_ACA -> "CLEAR ACA";
            case ScstUser.SCST_CLEAR_TASK_SET -> "CLEAR TASK SET";
            case ScstUser.SCST_LUN_RESET -> "LOGICAL UNIT RESET";
            case ScstUser.SCST_TARGET_RESET -> "a reset of the target";
            case ScstUser.SCST_NEXUS_LOSS_SESS, ScstUser.SCST_NEXUS_LOSS, ScstUser.SCST_UNREG_SESS_TM -> "nexus loss";
            case ScstUser.SCST_PR_ABORT_ALL -> "PREEMPT AND ABORT";
            default -> "task management function " + function + " of SCST";
        };
    }

    private static AbortScope scope(Session whose, int handle, Session from, TmFlyweight tm) {
        return new AbortScope(whose, handle, tm.cmdSnSet() != 0 ? from : null, tm.cmdSn());
    }

    private void abort(Session from, AbortScope scope) {
        for (CommandLoop loop : loops) {
            loop.tasks().abort(scope);
        }
        tellOfAborts(from);
    }

    /** What waits for its turn in the unit, or is kept by a filter, ends now. */
    private void tellOfAborts(Session from) {
        try {
            unit.commandsAborted(from == null ? 0 : from.lun());
        } catch (Throwable e) {
            LOG.error("the unit failed at an abort", e);
        }
    }

    /** TASK_MGMT_DONE, with the structure at {@code payload}; it is answered by way of {@code loop}, now or later. */
    void done(CommandLoop loop, int handle, long payload) {
        TmFlyweight tm = new TmFlyweight().wrap(payload);
        Session session = sessions.find(tm.sessH());
        boolean reset = tm.fn() == ScstUser.SCST_LUN_RESET || tm.fn() == ScstUser.SCST_TARGET_RESET;
        if (!reset || session == null) {
            loop.answerResult(handle, ScstUser.SCST_USER_TASK_MGMT_DONE, ScstUser.SCST_MGMT_STATUS_SUCCESS);
            return;
        }
        TaskManagement request = new TaskManagement(
                Function.LOGICAL_UNIT_RESET,
                session.nexus(),
                session.lun(),
                (answered, response) -> loop.answerResult(handle, ScstUser.SCST_USER_TASK_MGMT_DONE, status(response)));
        try {
            unit.manage(request);
        } catch (Throwable e) {
            LOG.error("the unit failed at a reset", e);
            request.respond(Response.SERVICE_DELIVERY_FAILURE);
        }
    }

    private static int status(Response response) {
        return switch (response) {
            case FUNCTION_COMPLETE, FUNCTION_SUCCEEDED -> ScstUser.SCST_MGMT_STATUS_SUCCESS;
            case FUNCTION_REJECTED -> ScstUser.SCST_MGMT_STATUS_REJECTED;
            case INCORRECT_LOGICAL_UNIT_NUMBER -> ScstUser.SCST_MGMT_STATUS_LUN_NOT_EXIST;
            case TASK_DOES_NOT_EXIST -> ScstUser.SCST_MGMT_STATUS_TASK_NOT_EXIST;
            case SERVICE_DELIVERY_FAILURE -> ScstUser.SCST_MGMT_STATUS_FAILED;
        };
    }
}
