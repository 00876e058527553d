package org.lunette.frontend.scstuser;

import java.util.concurrent.atomic.AtomicLong;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.scstuser.ExtCopyDataDescrFlyweight;
import org.lunette.bridge.scstuser.ExtCopyRemapFlyweight;
import org.lunette.bridge.scstuser.ExtCopyReplyRemapFlyweight;
import org.lunette.bridge.scstuser.GetCmdFlyweight;
import org.lunette.bridge.scstuser.OnCachedMemFreeFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdAllocMemFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyParseFlyweight;
import org.lunette.bridge.scstuser.ScsiOnFreeCmdFlyweight;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.SessFlyweight;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.metrics.Counter;
import org.lunette.ring.CommandRing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one thread of a device does, turn after turn: give the kernel the answers that have gathered, fetch subcommands,
 * deal with each.
 *
 * <p>A turn is run by one thread at a time, the same one for all in operation. Commands completed on it during a turn
 * are answered with the next fetch; commands completed on another thread are answered by that one.
 */
final class CommandLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLoop.class);

    private final ServedDevice served;
    private final TaskManager taskManager;
    private final CommandRing ring;
    private final ReplyBatch replies;
    private final TaskPool tasks;
    private final CommandIntake intake;
    private final RateLimit logged = new RateLimit();
    private final ParseAnswer parseAnswer = new ParseAnswer();

    private final GetCmdFlyweight subcommand = new GetCmdFlyweight();
    private final ScsiCmdAllocMemFlyweight allocMem = new ScsiCmdAllocMemFlyweight();
    private final ScsiCmdReplyParseFlyweight failedParse = new ScsiCmdReplyParseFlyweight();
    private final ExtCopyReplyRemapFlyweight failedRemap = new ExtCopyReplyRemapFlyweight();
    private final ScsiOnFreeCmdFlyweight onFree = new ScsiOnFreeCmdFlyweight();
    private final OnCachedMemFreeFlyweight onCachedMemFree = new OnCachedMemFreeFlyweight();

    private final AtomicLong completedElsewhere = new AtomicLong();
    private long begun;
    private long completedHere;
    private volatile Thread current;

    CommandLoop(ServedDevice served, TaskManager taskManager, CommandRing ring) {
        this.served = served;
        this.taskManager = taskManager;
        this.ring = ring;
        this.replies = new ReplyBatch(served, served.settings().batchCommands());
        this.tasks = new TaskPool(this, "scst_user replies");
        this.intake = new CommandIntake(served, this, replies, tasks);
    }

    ServedDevice served() {
        return served;
    }

    TaskPool tasks() {
        return tasks;
    }

    boolean isCurrentThreads() {
        return current == Thread.currentThread();
    }

    /**
     * Runs one turn on the calling thread, which waits in the kernel until there is a subcommand.
     *
     * @return how many subcommands came; {@link ReplyBatch#DEVICE_GONE}
     */
    int turn() {
        current = Thread.currentThread();
        int fetched = replies.exchange(served.settings().batchCommands());
        for (int i = 0; i < fetched; i++) {
            dealSafely(subcommand.wrap(replies.subcommandAddress(i)));
        }
        ring.drain();
        return fetched;
    }

    /** Ends the calling thread's time as this loop's. */
    void leave() {
        current = null;
    }

    /** Executes what was submitted and gives the kernel the last answers of this loop, without fetching more. */
    void finish() {
        current = Thread.currentThread();
        ring.close();
        replies.exchange(0);
        leave();
    }

    /** What fails at one subcommand, an Error too, must leave neither it nor the others of its batch without answer. */
    private void dealSafely(GetCmdFlyweight subcommand) {
        try {
            deal(subcommand);
        } catch (Throwable failure) {
            answerFailed(subcommand.cmdH(), subcommand.subcode());
            report("a subcommand of SCST", failure);
        }
    }

    private void answerFailed(int handle, int subcode) {
        switch (subcode) {
            case ScstUser.SCST_USER_EXEC ->
                replies.checkCondition(handle, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            case ScstUser.SCST_USER_ATTACH_SESS -> replies.result(handle, subcode, -Errno.EINVAL);
            case ScstUser.SCST_USER_TASK_MGMT_RECEIVED, ScstUser.SCST_USER_TASK_MGMT_DONE ->
                replies.result(handle, subcode, ScstUser.SCST_MGMT_STATUS_FAILED);
            case ScstUser.SCST_USER_PARSE ->
                failedParse
                        .wrap(replies.add(handle, subcode, 0).parseReplyAddress())
                        .status(ScsiStatus.BUSY.code());
            case ScstUser.SCST_USER_EXT_COPY_REMAP -> // with zeroes it would say that all is copied
                failedRemap
                        .wrap(replies.add(handle, subcode, 0).remapReplyAddress())
                        .status(ScsiStatus.BUSY.code());
            default -> replies.result(handle, subcode, 0); // to ALLOC_MEM: there is no buffer
        }
    }

    /** Logs a failure; lets nothing through, if there is no memory for the message for one. */
    void report(String where, Throwable failure) {
        try {
            if (logged.permits()) {
                LOG.error("{}: failed at {}", served.settings().name(), where, failure);
            }
        } catch (Throwable unlogged) {
            served.count(Counter.HANDLER_FAILED);
        }
    }

    private void deal(GetCmdFlyweight subcommand) {
        int handle = subcommand.cmdH();
        long payload = subcommand.payloadAddress();
        switch (subcommand.subcode()) {
            case ScstUser.SCST_USER_EXEC -> intake.execute(handle, payload);
            case ScstUser.SCST_USER_ALLOC_MEM -> lendBuffer(handle, payload);
            case ScstUser.SCST_USER_ON_FREE_CMD -> commandFreed(handle, payload);
            case ScstUser.SCST_USER_ON_CACHED_MEM_FREE -> bufferFreed(handle, payload);
            case ScstUser.SCST_USER_PARSE ->
                parseAnswer.write(payload, replies.add(handle, ScstUser.SCST_USER_PARSE, 0));
            default -> control(handle, subcommand.subcode(), payload);
        }
    }

    private void control(int handle, int subcode, long payload) {
        switch (subcode) {
            case ScstUser.SCST_USER_ATTACH_SESS -> {
                int result = served.sessions().attach(new SessFlyweight().wrap(payload));
                replies.result(handle, subcode, result);
            }
            case ScstUser.SCST_USER_DETACH_SESS -> {
                served.sessions().detach(new SessFlyweight().wrap(payload).sessH());
                replies.result(handle, subcode, 0);
            }
            case ScstUser.SCST_USER_TASK_MGMT_RECEIVED -> {
                taskManager.received(handle, payload);
                replies.result(handle, subcode, ScstUser.SCST_MGMT_STATUS_SUCCESS);
            }
            case ScstUser.SCST_USER_TASK_MGMT_DONE -> taskManager.done(this, handle, payload);
            case ScstUser.SCST_USER_EXT_COPY_REMAP -> leaveCopyToTheKernel(handle, payload);
            default -> unknown(handle, subcode);
        }
    }

    private void lendBuffer(int handle, long payload) {
        long buffer = served.buffers().take(allocMem.wrap(payload).allocLen());
        if (buffer == 0) {
            served.count(Counter.SCST_NO_BUFFER);
        }
        replies.buffer(handle, buffer);
    }

    private void commandFreed(int handle, long payload) {
        onFree.wrap(payload);
        if (onFree.bufferCached() == 0 && onFree.pbuf() != 0) {
            served.buffers().giveBack(onFree.pbuf());
        }
        replies.result(handle, ScstUser.SCST_USER_ON_FREE_CMD, 0);
    }

    private void bufferFreed(int handle, long payload) {
        served.buffers().giveBack(onCachedMemFree.wrap(payload).pbuf());
        replies.result(handle, ScstUser.SCST_USER_ON_CACHED_MEM_FREE, 0);
    }

    /** Says that all of the segment is left for the kernel to copy: the descriptor it sent, unchanged. */
    private void leaveCopyToTheKernel(int handle, long payload) {
        long descriptor = new ExtCopyRemapFlyweight().wrap(payload).dataDescrAddress();
        long reply = replies.add(handle, ScstUser.SCST_USER_EXT_COPY_REMAP, 0).remapReplyAddress();
        new ExtCopyReplyRemapFlyweight()
                .wrap(reply)
                .remapDescriptors(descriptor)
                .remapDescriptorsLen(ExtCopyDataDescrFlyweight.BYTES);
    }

    private void unknown(int handle, int subcode) {
        served.count(Counter.SCST_UNKNOWN_SUBCOMMAND);
        if (logged.permits()) {
            LOG.warn(
                    "{}: answered an unknown subcommand {}h of SCST with nothing",
                    served.settings().name(),
                    Integer.toHexString(subcode));
        }
        replies.result(handle, subcode, 0);
    }

    /** Hands a command on; on return it may be completed. */
    void submit(Task task) {
        begun++;
        try {
            ring.submit(task.command());
        } catch (Throwable failure) { // else nobody would ever end it
            endFailed(task, failure);
        }
    }

    /** Ends a command that cannot be handed on. */
    void fail(Task task, Throwable failure) {
        begun++;
        endFailed(task, failure);
    }

    private void endFailed(Task task, Throwable failure) {
        task.command().completeCheckCondition(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        report("handing a command on", failure);
    }

    /** A command was completed on this loop's thread. */
    void completedHere(Task task) {
        replies.completed(task);
        completedHere++;
        tasks.giveBackHere(task);
    }

    /** A command was completed, and answered, on another thread. */
    void completedElsewhere(Task task) {
        tasks.giveBack(task);
        completedElsewhere.incrementAndGet();
        served.commandEndedElsewhere();
    }

    /** Answers a subcommand that has only a result, on any thread. */
    void answerResult(int handle, int subcode, int result) {
        if (isCurrentThreads()) {
            replies.result(handle, subcode, result);
        } else {
            served.replyResult(handle, subcode, result);
        }
    }

    /** How many commands are still with the unit; exact once the loop's thread has ended. */
    long outstanding() {
        return begun - completedHere - completedElsewhere.get();
    }

    /** Frees this loop's memory. Its thread has ended, and no command is with the unit. */
    @Override
    public void close() {
        intake.close();
        replies.close();
        tasks.close();
    }
}
