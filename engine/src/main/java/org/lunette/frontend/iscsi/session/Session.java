package org.lunette.frontend.iscsi.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.Lun;
import org.lunette.command.Nexus;
import org.lunette.command.QueueError;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
import org.lunette.frontend.iscsi.pdu.AdditionalHeaders;
import org.lunette.frontend.iscsi.pdu.DataOut;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.pdu.RejectReason;
import org.lunette.frontend.iscsi.pdu.ScsiCommand;

/**
 * A session, which has one connection: its I_T nexus, its window for commands, and its tasks. Confined to its thread,
 * except where a method says otherwise.
 */
final class Session {
    private static final TaskAttribute[] ATTRIBUTES = {
        TaskAttribute.SIMPLE,
        TaskAttribute.SIMPLE,
        TaskAttribute.ORDERED,
        TaskAttribute.HEAD_OF_QUEUE,
        TaskAttribute.ACA
    };
    private static final int ACCEPTED = 0;
    /**
     * A power of two. Units whose LUNs agree in the low bits share one: the order is kept among them all, which is more
     * than it need be.
     */
    private static final int ORDERS = 16;

    private final PortalGroup group;
    private final IscsiLimits limits;
    private final Connection connection;
    private final SessionThread thread;
    private final SessionParameters parameters;
    private final IscsiTarget target;
    private final String portKey;
    private final Nexus nexus;
    private final CommandWindow window;
    private final TaskTable byTag;
    private final TaskOrder[] orders = new TaskOrder[ORDERS];
    private final List<Task> tasks = new ArrayList<>();
    private final ArrayDeque<Task> free = new ArrayDeque<>();
    private final List<TaskBarrier> barriers = new ArrayList<>();
    private final byte[] extendedCdb = new byte[Command.MAX_CDB_BYTES];
    private int tsih;
    private int immediateCommands;
    private int inDevice;
    private int abandoned;
    private long bufferBytes;
    private int lastTransferTag;
    private boolean admitted;
    private boolean closed;
    private boolean left;
    private boolean nexusLost;

    Session(PortalGroup group, Connection connection, SessionThread thread, Login login, int firstCmdSn) {
        this.group = group;
        this.limits = group.limits();
        this.connection = connection;
        this.thread = thread;
        this.parameters = login.parameters();
        this.target = login.isDiscovery() ? null : login.target();
        String isid = String.format("0x%012x", login.isid());
        this.portKey = login.initiatorName() + ",i," + isid;
        this.nexus = target == null ? null : nexus(portKey, target, group);
        this.window = new CommandWindow(firstCmdSn, limits.commandsPerSession());
        this.byTag = new TaskTable(limits.commandsPerSession() + limits.immediateCommandsPerSession());
        Arrays.setAll(orders, i -> new TaskOrder());
    }

    private static Nexus nexus(String initiatorPort, IscsiTarget target, PortalGroup group) {
        String targetPort = target.name() + ",t," + String.format("0x%04x", group.tag());
        return new Nexus(initiatorPort, targetPort, group.relativeTargetPort());
    }

    // ---- identity; of final fields, so from any thread ----

    SessionThread thread() {
        return thread;
    }

    boolean isDiscovery() {
        return target == null;
    }

    /** The SCSI initiator port's name, by which sessions are told apart. */
    String portKey() {
        return portKey;
    }

    /** Null in a discovery session. */
    IscsiTarget target() {
        return target;
    }

    Nexus nexus() {
        return nexus;
    }

    /** The target session identifying handle; under the portal group's lock until the session is admitted. */
    int tsih() {
        return tsih;
    }

    void setTsih(int tsih) {
        this.tsih = tsih;
    }

    // ---- beginning and end ----

    /** The portal group has taken the session in. */
    void admitted() {
        if (closed) {
            group.left(this);
            return;
        }
        admitted = true;
        if (nexus != null) {
            target.handler().nexusEstablished(nexus);
            PeerLog.info(connection.peer(), portKey + " has logged in");
        }
        connection.admitted();
    }

    /** The portal group does not take the session in. */
    void refused(int loginStatus) {
        if (!closed) {
            connection.refused(loginStatus);
        }
    }

    /** As {@link #admitted}, from any thread. */
    void admitLater() {
        thread.execute(this::admitted);
    }

    /** As {@link #refused}, from any thread. */
    void refuseLater(int loginStatus) {
        thread.execute(() -> refused(loginStatus));
    }

    /** The initiator logs in anew: ends this session at once. From any thread. */
    void reinstated() {
        thread.execute(connection::abort);
    }

    /** Ends this session in order. From any thread. */
    void drop() {
        thread.execute(connection::shutDown);
    }

    /** The connection is gone: gives up all tasks. The session is over when the device has ended those that it has. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        barriers.clear();
        List<Task> active = activeTasks();
        giveUp(active);
        for (Task task : active) {
            if (task.state == Task.State.SENDING) {
                release(task);
            }
        }
        leaveIfOver();
    }

    /** Something went wrong that must not: ends the session. */
    void failed(RuntimeException cause) {
        connection.fail(cause);
    }

    private void leaveIfOver() {
        if (!closed || left || inDevice > 0) {
            return;
        }
        left = true;
        loseNexus();
        group.left(this);
    }

    /**
     * The initiator has logged out, and its tasks have ended: what the device keeps for the nexus goes before the
     * initiator is told, since it may send the next command by another connection.
     */
    void loggedOut() {
        if (inDevice == 0) {
            loseNexus();
        }
    }

    private void loseNexus() {
        if (admitted && nexus != null && !nexusLost) {
            nexusLost = true;
            target.handler().nexusLost(nexus);
            PeerLog.info(connection.peer(), portKey + " is gone");
        }
    }

    /** Whether the connection is gone. */
    boolean isClosed() {
        return closed;
    }

    // ---- the window ----

    CommandWindow window() {
        return window;
    }

    SessionParameters parameters() {
        return parameters;
    }

    /** A Target Transfer Tag that differs from the 2^32 - 2 before. */
    int nextTransferTag() {
        lastTransferTag++;
        if (lastTransferTag == Pdu.NO_TAG) {
            lastTransferTag = 0;
        }
        return lastTransferTag;
    }

    // ---- commands and their data ----

    /** Why a command is to be rejected, see {@link RejectReason}; 0 if {@link #begin} may take it. */
    int refusal(ScsiCommand pdu) {
        if (pdu.initiatorTaskTag() == Pdu.NO_TAG || pdu.attribute() >= ATTRIBUTES.length) {
            return RejectReason.INVALID_PDU_FIELD;
        }
        if (pdu.ahsBytes() > 0
                && AdditionalHeaders.find(pdu, AdditionalHeaders.EXTENDED_CDB) == AdditionalHeaders.MALFORMED) {
            return RejectReason.INVALID_PDU_FIELD;
        }
        if (pdu.dataSegmentBytes() > 0 && !pdu.isWrite()) {
            return RejectReason.INVALID_PDU_FIELD;
        }
        if (byTag.find(pdu.initiatorTaskTag()) != null) {
            return RejectReason.TASK_IN_PROGRESS;
        }
        if (pdu.isImmediate() && immediateCommands >= limits.immediateCommandsPerSession()) {
            return RejectReason.TOO_MANY_IMMEDIATE_COMMANDS;
        }
        return ACCEPTED;
    }

    /** Makes a task of a command whose header has arrived. Its buffer, if any, is ready for immediate data. */
    Task begin(ScsiCommand pdu) {
        Task task = free.pollLast();
        if (task == null) {
            task = new Task(this, parameters.maxOutstandingR2t);
            tasks.add(task);
        }
        task.begin(pdu.initiatorTaskTag(), pdu.lun(), pdu.cmdSn(), pdu.isImmediate());
        byTag.add(task);
        if (task.immediate) {
            immediateCommands++;
        }
        Command command = task.command();
        command.begin(nexus, Lun.decode(pdu.lun()), task.tag() & 0xffff_ffffL, ATTRIBUTES[pdu.attribute()]);
        setCdb(command, pdu);
        if (pdu.isWrite()) {
            beginWrite(task, pdu);
        } else if (pdu.isRead()) {
            beginRead(task, pdu.expectedBytes());
        }
        return task;
    }

    private void setCdb(Command command, ScsiCommand pdu) {
        int segment = pdu.ahsBytes() == 0
                ? AdditionalHeaders.NONE
                : AdditionalHeaders.find(pdu, AdditionalHeaders.EXTENDED_CDB);
        if (segment < 0) {
            command.setCdbWords(pdu.cdbFirst8(), pdu.cdbSecond8());
            return;
        }
        int more =
                Math.min(AdditionalHeaders.extendedCdbBytes(pdu, segment), extendedCdb.length - ScsiCommand.CDB_BYTES);
        System.arraycopy(pdu.bytes(), Pdu.BHS_BYTES - ScsiCommand.CDB_BYTES, extendedCdb, 0, ScsiCommand.CDB_BYTES);
        System.arraycopy(
                pdu.bytes(), AdditionalHeaders.extendedCdbOffset(segment), extendedCdb, ScsiCommand.CDB_BYTES, more);
        command.setCdb(extendedCdb, 0, ScsiCommand.CDB_BYTES + more);
    }

    private void beginRead(Task task, long expectedBytes) {
        int room = (int) Math.min(expectedBytes, limits.transferBytes());
        if (room > 0 && lendBuffer(task, room)) {
            task.command().setData(DataDirection.IN, task.buffer.address(), room, expectedBytes);
        } else {
            task.command().setData(DataDirection.IN, 0, 0, expectedBytes);
        }
    }

    private void beginWrite(Task task, ScsiCommand pdu) {
        long expectedBytes = pdu.expectedBytes();
        int totalBytes = (int) Math.min(expectedBytes, limits.transferBytes());
        int immediateBytes = pdu.dataSegmentBytes();
        int volunteered = Math.min(totalBytes, parameters.firstBurstBytes());
        boolean follows = !pdu.isFinal() && totalBytes > 0;
        if (pdu.isRead()) {
            task.fail(
                    SenseKey.ILLEGAL_REQUEST,
                    AdditionalSense.INVALID_COMMAND_OPERATION_CODE); // there is no bidirectional command
        } else if (expectedBytes > limits.transferBytes()) {
            task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        } else if (immediateBytes > volunteered
                || immediateBytes > 0 && !parameters.immediateData
                || follows && parameters.initialR2t) {
            task.fail(SenseKey.ABORTED_COMMAND, AdditionalSense.UNEXPECTED_UNSOLICITED_DATA);
        } else if (totalBytes > 0 && lendBuffer(task, totalBytes)) {
            follows &= immediateBytes < volunteered;
        }
        boolean stored = task.buffer != null;
        task.transfer.begin(totalBytes, stored ? immediateBytes : 0, volunteered, follows);
        task.command()
                .setData(DataDirection.OUT, stored ? task.buffer.address() : 0, stored ? totalBytes : 0, expectedBytes);
    }

    /** Gets the task a buffer, or has it fail for want of one. */
    private boolean lendBuffer(Task task, int lengthBytes) {
        int capacityBytes = DataBufferPool.capacityFor(lengthBytes);
        long left = group.buffers().unusedBytes() - capacityBytes;
        if (bufferBytes + capacityBytes <= Math.min(limits.sessionBufferBytes(), left)) {
            task.buffer = group.buffers().acquire(lengthBytes);
        }
        if (task.buffer == null) {
            boolean alone = tasks.size() - free.size() - abandoned == 1;
            task.fail(alone ? ScsiStatus.BUSY : ScsiStatus.TASK_SET_FULL);
            return false;
        }
        bufferBytes += capacityBytes;
        return true;
    }

    /** A command's PDU has arrived to its end. */
    void arrived(Task task) {
        if (task.immediate) {
            deliver(task);
        } else if (window.isNext(task.cmdSn)) {
            window.advance();
            deliver(task);
            window.deliverEarly();
        } else {
            task.state = Task.State.EARLY;
            window.keep(task.cmdSn, task);
        }
    }

    /** It is a command's turn by its CmdSN. */
    void deliver(Task task) {
        if (!task.immediate) {
            task.counted = true;
            window.commandBegun();
        }
        task.state = Task.State.WAITING;
        orderOf(task).delivered(task);
        progress(task);
    }

    /** The task that a Data-Out is for, or null if there is none that waits for data. */
    Task awaitingData(DataOut pdu) {
        Task task = byTag.find(pdu.initiatorTaskTag());
        boolean waits = task != null
                && (task.state == Task.State.WAITING || task.state == Task.State.EARLY)
                && task.isWrite()
                && task.transfer.awaitsSequence();
        return waits ? task : null;
    }

    /** A task's data, or their end, have arrived. */
    void dataArrived(Task task) {
        if (task.state == Task.State.WAITING) {
            progress(task);
        }
    }

    private void progress(Task task) {
        if (task.hasFailed()) {
            if (!task.transfer.awaitsSequence()) {
                task.completeFailed();
            }
        } else if (!task.isReady()) {
            while (task.transfer.mayRequest()) {
                connection.responses().requestData(task);
            }
        } else if (!task.barred) {
            submit(task);
        }
    }

    private TaskOrder orderOf(Task task) {
        return orders[task.command().lun() & ORDERS - 1];
    }

    private void releaseBarred(TaskOrder order) {
        for (Task task = order.next(); task != null; task = order.next()) {
            if (task.isReady() && !task.givenUp) {
                submit(task);
            }
        }
    }

    /** From here the task belongs to the device; it may be back, and used again, before this returns. */
    private void submit(Task task) {
        task.state = Task.State.IN_DEVICE;
        inDevice++;
        thread.submit(task.command());
    }

    /** A task's command has its status. */
    void ended(Task task) {
        if (task.state == Task.State.ABANDONED) {
            abandoned--;
            takeBack(task);
            return;
        }
        if (task.state == Task.State.IN_DEVICE) {
            inDevice--;
        }
        TaskOrder order = orderOf(task);
        order.ended(task);
        if (closed || task.givenUp || task.command().endsWithoutStatus()) {
            boolean wasClosed = window.isClosed();
            release(task);
            if (!closed && wasClosed) {
                connection.responses().announceWindow();
            }
        } else if (task.command().isAborted()) {
            connection.responses().respondAborted(task);
        } else {
            if (task.state == Task.State.IN_DEVICE && task.command().status() == ScsiStatus.CHECK_CONDITION) {
                failedInDevice(task.command().lun());
            }
            connection.responses().respond(task);
        }
        if (!closed) {
            releaseBarred(order);
        }
        leaveIfOver();
    }

    /**
     * The device has not ended a command by its deadline: the initiator has its answer now, and need not wait, nor does
     * the session for its own end. The task, with the buffer that the device still has, is not used before it is back.
     */
    void overdue(Task task, int use) {
        if (task.state != Task.State.IN_DEVICE || task.command().use() != use) {
            return; // it has ended meanwhile
        }
        boolean told = !closed && !task.givenUp && !task.command().endsWithoutStatus();
        task.command().abort();
        task.state = Task.State.ABANDONED;
        inDevice--;
        abandoned++;
        TaskOrder order = orderOf(task);
        order.ended(task);
        barriers.forEach(barrier -> barrier.abandoned(task));
        boolean wasClosed = window.isClosed();
        if (told) {
            failedInDevice(task.command().lun());
            connection.responses().respondOverdue(task);
        } else {
            release(task);
        }
        if (!closed) {
            if (!told && wasClosed) {
                connection.responses().announceWindow();
            }
            releaseBarred(order);
        }
        leaveIfOver();
    }

    /** The device has nothing of a task any more, nor has the transport. */
    private void takeBack(Task task) {
        if (task.buffer != null) {
            bufferBytes -= task.buffer.capacityBytes();
            task.releaseBuffer();
        }
        task.state = Task.State.FREE;
        free.addLast(task);
    }

    /** The last of a task is sent, or will never be. */
    void release(Task task) {
        if (task.immediate) {
            immediateCommands--;
        } else if (task.counted) {
            window.commandEnded();
        }
        byTag.remove(task);
        if (task.state != Task.State.ABANDONED) {
            takeBack(task);
        }
        if (!barriers.isEmpty()) {
            for (TaskBarrier barrier : barriers) {
                barrier.ended(task);
            }
            passBarriers();
        }
    }

    // ---- aborting ----

    /** The task of that tag, or null. */
    Task find(int tag) {
        return byTag.find(tag);
    }

    /** All tasks that have begun and not ended. */
    List<Task> activeTasks() {
        List<Task> active = new ArrayList<>();
        for (Task task : tasks) {
            if (task.state != Task.State.FREE && task.state != Task.State.ABANDONED) {
                active.add(task);
            }
        }
        return active;
    }

    /**
     * Gives up tasks and does something once they, and {@code barrier} itself, let it: those whose status or data are
     * on their way out end by themselves, the others end without status.
     */
    void abort(List<Task> affected, TaskBarrier barrier) {
        barriers.add(barrier);
        for (Task task : affected) {
            barrier.await(task);
        }
        giveUp(affected);
        passBarriers();
    }

    /** Gives up what the device does not have, and does something when all that it has is answered. */
    void finish(Runnable then) {
        List<Task> others = new ArrayList<>();
        TaskBarrier barrier = new TaskBarrier(false, passed -> then.run());
        barriers.add(barrier);
        for (Task task : activeTasks()) {
            if (task.state == Task.State.IN_DEVICE || task.state == Task.State.SENDING) {
                barrier.await(task);
            } else {
                others.add(task);
            }
        }
        giveUp(others);
        passBarriers();
    }

    /** Marks all of them first, so that none goes to the device when the end of another lets it. */
    private void giveUp(List<Task> given) {
        for (Task task : given) {
            if (task.state != Task.State.SENDING) {
                task.givenUp = true;
                task.command().abort();
            }
        }
        for (Task task : given) {
            if (task.givenUp && task.state != Task.State.IN_DEVICE) {
                endWithoutDevice(task);
            }
        }
        int[] unitsWithSome = given.stream()
                .filter(task -> task.state == Task.State.IN_DEVICE)
                .mapToInt(task -> task.command().lun())
                .distinct()
                .toArray();
        for (int lun : unitsWithSome) {
            target.handler().commandsAborted(lun);
        }
    }

    private void endWithoutDevice(Task task) {
        if (task.state == Task.State.EARLY) {
            window.annul(task.cmdSn);
        }
        task.command().complete(ScsiStatus.TASK_ABORTED);
    }

    /**
     * Another session's task management function is about to abort the commands that the device has: those of its unit,
     * or all, that are not there yet end like these, when the initiator has sent the data that it was asked for. From
     * any thread.
     *
     * @param then run on this session's thread when none of them can get to the device any more
     */
    void abortWaiting(TaskManagement function, Runnable then) {
        thread.execute(() -> {
            failWaiting(function::concerns, task -> endsWithStatus(task, function.function()));
            then.run();
        });
    }

    private boolean endsWithStatus(Task task, TaskManagement.Function function) {
        return target.handler().abortsWithStatus(function, nexus, task.command().lun());
    }

    /** A command of the device ends with CHECK CONDITION, which may abort others that the device does not have yet. */
    private void failedInDevice(int lun) {
        QueueError aborts = target.handler().queueError(lun);
        if (aborts == QueueError.NONE) {
            return;
        }
        failWaiting(other -> other == lun, task -> false);
        if (aborts == QueueError.ALL) {
            group.all().sessionsBeside(this).forEach(session -> session.abortWaitingAfterError(lun));
        }
    }

    /** A command of another nexus has ended with CHECK CONDITION. From any thread. */
    private void abortWaitingAfterError(int lun) {
        thread.execute(() -> failWaiting(
                other -> other == lun, task -> endsWithStatus(task, TaskManagement.Function.CLEAR_TASK_SET)));
    }

    private void failWaiting(IntPredicate ofUnit, Predicate<Task> endsWithStatus) {
        List<Task> waiting = new ArrayList<>();
        for (Task task : tasks) {
            if (task.state == Task.State.WAITING && ofUnit.test(task.command().lun())) {
                waiting.add(task);
                task.fail(ScsiStatus.TASK_ABORTED);
                if (!endsWithStatus.test(task)) {
                    task.command().abortWithoutStatus();
                }
            }
        }
        waiting.forEach(this::progress);
    }

    /** How many {@link TaskBarrier}s have not been passed yet. */
    int barrierCount() {
        return barriers.size();
    }

    /** Passes the barriers that can be passed. */
    void passBarriers() {
        for (int i = 0; i < barriers.size(); ) {
            TaskBarrier barrier = barriers.get(i);
            if (barrier.isPassable()) {
                barriers.remove(i);
                barrier.pass();
                i = 0; // what was done may have changed the list
            } else {
                i++;
            }
        }
    }
}
