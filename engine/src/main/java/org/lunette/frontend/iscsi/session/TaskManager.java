package org.lunette.frontend.iscsi.session;

import java.util.ArrayList;
import java.util.List;
import org.lunette.command.Lun;
import org.lunette.command.TaskManagement;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.TaskManagementRequest;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Task management functions of a session; RFC 7143, 11.5, and RFC 7144. The session's own tasks are given up here; what
 * concerns other nexuses and the logical unit is the device's. The response goes out when the affected tasks have ended
 * and the device, where it is asked, has answered.
 */
final class TaskManager {
    private static final Logger LOG = LoggerFactory.getLogger(TaskManager.class);

    /** From this iSCSIProtocolLevel on there are the functions of RFC 7144. */
    private static final int LEVEL_OF_QUERIES = 2;

    private final PortalGroup group;
    private final Session session;
    private final ResponseSender sender;
    private final TaskManagementResponse response = new TaskManagementResponse(new byte[Pdu.BHS_BYTES]);

    TaskManager(PortalGroup group, Session session, ResponseSender sender) {
        this.group = group;
        this.session = session;
        this.sender = sender;
    }

    /** Takes a request; answers now or later. */
    void request(TaskManagementRequest request) {
        int tag = request.initiatorTaskTag();
        if (session.barrierCount() >= group.limits().managementRequestsPerSession()) {
            respond(tag, TaskManagementResponse.FUNCTION_REJECTED);
            return;
        }
        switch (request.function()) {
            case TaskManagementRequest.ABORT_TASK -> abortTask(request);
            case TaskManagementRequest.ABORT_TASK_SET -> // the device knows whether there is such a unit
                manage(request, TaskManagement.Function.ABORT_TASK_SET, affected(request, true));
            case TaskManagementRequest.CLEAR_ACA -> manage(request, TaskManagement.Function.CLEAR_ACA, List.of());
            case TaskManagementRequest.CLEAR_TASK_SET ->
                manage(request, TaskManagement.Function.CLEAR_TASK_SET, affected(request, true));
            case TaskManagementRequest.LOGICAL_UNIT_RESET ->
                manage(request, TaskManagement.Function.LOGICAL_UNIT_RESET, affected(request, true));
            case TaskManagementRequest.TARGET_WARM_RESET ->
                manage(request, TaskManagement.Function.TARGET_WARM_RESET, affected(request, false));
            case TaskManagementRequest.TARGET_COLD_RESET ->
                manage(request, TaskManagement.Function.TARGET_COLD_RESET, affected(request, false));
            case TaskManagementRequest.TASK_REASSIGN -> respond(tag, TaskManagementResponse.REASSIGNMENT_NOT_SUPPORTED);
            default -> {
                if (session.parameters().protocolLevel < LEVEL_OF_QUERIES) {
                    respond(tag, TaskManagementResponse.FUNCTION_NOT_SUPPORTED);
                } else {
                    requestOfLevel2(request);
                }
            }
        }
    }

    private void requestOfLevel2(TaskManagementRequest request) {
        switch (request.function()) {
            case TaskManagementRequest.QUERY_TASK -> queryTask(request);
            case TaskManagementRequest.QUERY_TASK_SET -> query(request, TaskManagement.Function.QUERY_TASK_SET);
            case TaskManagementRequest.QUERY_ASYNCHRONOUS_EVENT ->
                query(request, TaskManagement.Function.QUERY_ASYNCHRONOUS_EVENT);
            case TaskManagementRequest.I_T_NEXUS_RESET ->
                manage(request, TaskManagement.Function.I_T_NEXUS_RESET, affected(request, false));
            default -> respond(request.initiatorTaskTag(), TaskManagementResponse.FUNCTION_NOT_SUPPORTED);
        }
    }

    private void queryTask(TaskManagementRequest request) {
        Task task = session.find(request.referencedTaskTag());
        boolean present = task != null && task.command().lun() == Lun.decode(request.lun());
        respond(
                request.initiatorTaskTag(),
                present ? TaskManagementResponse.FUNCTION_SUCCEEDED : TaskManagementResponse.FUNCTION_COMPLETE);
    }

    /** Asks the device, which may not have all of the session's commands yet. */
    private void query(TaskManagementRequest request, TaskManagement.Function function) {
        int tag = request.initiatorTaskTag();
        boolean some = function == TaskManagement.Function.QUERY_TASK_SET
                && !affected(request, true).isEmpty();
        perform(new TaskManagement(
                function,
                session.nexus(),
                Lun.decode(request.lun()),
                (query, answer) -> onThread(() -> {
                    boolean succeeds = some && answer == TaskManagement.Response.FUNCTION_COMPLETE;
                    int code = succeeds ? TaskManagementResponse.FUNCTION_SUCCEEDED : code(answer);
                    if (!session.isClosed()) {
                        respond(tag, code, query.additionalInformation());
                    }
                })));
    }

    /** The tasks that came before the request, of its logical unit or of all. */
    private List<Task> affected(TaskManagementRequest request, boolean oneUnit) {
        int lun = Lun.decode(request.lun());
        List<Task> affected = new ArrayList<>();
        for (Task task : session.activeTasks()) {
            boolean before = task.immediate || task.cmdSn - request.cmdSn() < 0;
            if (before && (!oneUnit || task.command().lun() == lun)) {
                affected.add(task);
            }
        }
        return affected;
    }

    private void abortTask(TaskManagementRequest request) {
        int tag = request.initiatorTaskTag();
        Task task = session.find(request.referencedTaskTag());
        if (task != null && task.command().lun() == Lun.decode(request.lun())) {
            session.abort(
                    List.of(task),
                    new TaskBarrier(
                            false, passed -> respond(tag, code(passed, TaskManagementResponse.FUNCTION_COMPLETE))));
        } else if (task == null && isStillToCome(request)) {
            session.window().countReceived(request.refCmdSn());
            respond(tag, TaskManagementResponse.FUNCTION_COMPLETE);
            session.window().deliverEarly();
        } else {
            respond(tag, TaskManagementResponse.TASK_DOES_NOT_EXIST);
        }
    }

    /** Whether the task is one that was numbered, but has not arrived: it counts as received then; RFC 7143, 11.6.1. */
    private boolean isStillToCome(TaskManagementRequest request) {
        return request.refCmdSn() - request.cmdSn() < 0 && session.window().accepts(request.refCmdSn());
    }

    private void manage(TaskManagementRequest request, TaskManagement.Function function, List<Task> affected) {
        int tag = request.initiatorTaskTag();
        int[] result = new int[1];
        TaskBarrier barrier = new TaskBarrier(true, passed -> {
            respond(tag, code(passed, result[0]));
            if (function == TaskManagement.Function.TARGET_COLD_RESET
                    && result[0] == TaskManagementResponse.FUNCTION_COMPLETE) {
                group.all().dropSessions();
            }
        });
        session.abort(affected, barrier);
        TaskManagement.Responder responder = (managed, answer) -> onThread(() -> {
            result[0] = code(answer);
            barrier.release();
            session.passBarriers();
        });
        TaskManagement management = new TaskManagement(function, session.nexus(), Lun.decode(request.lun()), responder);
        List<Session> others =
                isOfThisNexus(management) ? List.of() : group.all().sessionsBeside(session);
        if (others.isEmpty()) {
            perform(management);
            return;
        }
        // First no task may be left that could reach the device after it has looked for those to abort.
        int[] outstanding = {others.size()};
        Runnable oneDone = () -> onThread(() -> {
            if (--outstanding[0] == 0 && !session.isClosed()) {
                perform(management);
            }
        });
        for (Session other : others) {
            other.abortWaiting(management, oneDone);
        }
    }

    private boolean isOfThisNexus(TaskManagement management) {
        return switch (management.function()) {
            case CLEAR_ACA, ABORT_TASK_SET, I_T_NEXUS_RESET -> true;
            case CLEAR_TASK_SET -> session.target().handler().hasTaskSetPerNexus(management.lun());
            default -> false;
        };
    }

    private void perform(TaskManagement management) {
        try {
            session.target().handler().manage(management);
        } catch (RuntimeException e) {
            LOG.error("{} failed", management.function(), e);
            management.respond(TaskManagement.Response.SERVICE_DELIVERY_FAILURE);
        }
    }

    private void onThread(Runnable work) {
        if (session.thread().isCurrent()) {
            work.run();
        } else {
            session.thread().execute(work);
        }
    }

    private static int code(TaskManagement.Response answer) {
        return switch (answer) {
            case FUNCTION_COMPLETE -> TaskManagementResponse.FUNCTION_COMPLETE;
            case FUNCTION_SUCCEEDED -> TaskManagementResponse.FUNCTION_SUCCEEDED;
            case INCORRECT_LOGICAL_UNIT_NUMBER -> TaskManagementResponse.LUN_DOES_NOT_EXIST;
            case TASK_DOES_NOT_EXIST -> TaskManagementResponse.TASK_DOES_NOT_EXIST;
            case FUNCTION_REJECTED, SERVICE_DELIVERY_FAILURE -> TaskManagementResponse.FUNCTION_REJECTED;
        };
    }

    /** A function is complete only if no command that it has aborted can still change something. */
    private static int code(TaskBarrier passed, int answer) {
        boolean complete = answer == TaskManagementResponse.FUNCTION_COMPLETE;
        return complete && passed.isIncomplete() ? TaskManagementResponse.FUNCTION_REJECTED : answer;
    }

    private void respond(int tag, int code) {
        respond(tag, code, 0);
    }

    private void respond(int tag, int code, int additionalInformation) {
        response.begin().setInitiatorTaskTag(tag);
        response.setResponse(code);
        response.setAdditionalInformation(additionalInformation);
        sender.sendStatus(response, response.bytes(), 0);
    }
}
