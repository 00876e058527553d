package org.lunette.scsi.unit;

import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.task.AttentionQueue;
import org.lunette.scsi.task.NexusState;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.TaskSet;
import org.lunette.scsi.task.UnitAttention;

/** The task management functions that only ask; SAM-5, 7.8 and 7.9. Any thread may call. */
final class TaskQueries {
    private static final int ONE_EVENT = 0x10;
    private static final int MORE_EVENTS = 0x20;

    private final TaskSet tasks;
    private final NexusTable nexuses;

    TaskQueries(TaskSet tasks, NexusTable nexuses) {
        this.tasks = tasks;
        this.nexuses = nexuses;
    }

    /** QUERY TASK SET: whether the nexus has a command in the task set. */
    void taskSet(TaskManagement request) {
        boolean some = tasks.hasTaskOf(nexuses.of(request.nexus()));
        request.respond(some ? Response.FUNCTION_SUCCEEDED : Response.FUNCTION_COMPLETE);
    }

    /** QUERY ASYNCHRONOUS EVENT: what the nexus would be told next, which stays pending, and whether there is more. */
    void asynchronousEvent(TaskManagement request) {
        NexusState nexus = nexuses.of(request.nexus());
        UnitAttention next = nexus.attentions().first(AttentionQueue.ALL);
        if (next == null) {
            request.respond(Response.FUNCTION_COMPLETE);
            return;
        }
        int depth = nexus.attentions().size() > 1 ? MORE_EVENTS : ONE_EVENT;
        AdditionalSense sense = next.additionalSense();
        request.succeed(
                (depth | SenseKey.UNIT_ATTENTION.code()) << 16 | (sense.code() & 0xff) << 8 | sense.qualifier() & 0xff);
    }
}
