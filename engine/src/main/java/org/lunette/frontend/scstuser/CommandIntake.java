package org.lunette.frontend.scstuser;

import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.scstuser.GetExtCdbFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdExecFlyweight;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskAttribute;
import org.lunette.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an EXEC of the kernel's a {@link Command} and hands it on, or answers it itself where no unit can. */
final class CommandIntake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandIntake.class);
    private static final int PERSISTENT_RESERVE_OUT = 0x5f;

    private final ServedDevice served;
    private final CommandLoop loop;
    private final ReplyBatch replies;
    private final TaskPool tasks;
    private final ScsiCmdExecFlyweight exec = new ScsiCmdExecFlyweight();
    private final GetExtCdbFlyweight getExtCdb = new GetExtCdbFlyweight();
    private final Region longCdb =
            Region.allocate("scst_user long CDBs", GetExtCdbFlyweight.BYTES + Command.MAX_CDB_BYTES);

    CommandIntake(ServedDevice served, CommandLoop loop, ReplyBatch replies, TaskPool tasks) {
        this.served = served;
        this.loop = loop;
        this.replies = replies;
        this.tasks = tasks;
    }

    /** Deals with the EXEC whose structure lies at {@code payload}. */
    void execute(int handle, long payload) {
        exec.wrap(payload);
        Session session = served.sessions().find(exec.sessH());
        int direction = exec.dataDirection();
        int cdbBytes = exec.cdbLen();
        if (session == null) {
            replies.checkCondition(handle, SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED);
        } else if (isReservationNotice()) {
            LOG.debug(
                    "{}: SCST carried out PERSISTENT RESERVE OUT of {}",
                    served.settings().name(),
                    session.nexus());
            replies.status(handle, ScsiStatus.GOOD);
        } else if (direction == ScstUser.SCST_DATA_BIDI) {
            replies.checkCondition(handle, SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        } else if (cdbBytes < 1 || cdbBytes > Command.MAX_CDB_BYTES || exec.bufflen() < 0) {
            replies.checkCondition(handle, SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        } else if (exec.bufflen() > 0
                && exec.pbuf() == 0
                && direction == ScstUser.SCST_DATA_WRITE) { // data that nobody has
            replies.checkCondition(handle, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
        } else {
            withTask(handle, session, direction, cdbBytes);
        }
    }

    /** Reservations are kept by SCST's core: what comes of them has been done, and must not be done again. */
    private boolean isReservationNotice() {
        return (Memory.getByte(exec.cdbAddress()) & 0xff) == PERSISTENT_RESERVE_OUT;
    }

    private void withTask(int handle, Session session, int direction, int cdbBytes) {
        Task task = tasks.take();
        if (task == null) {
            replies.status(handle, ScsiStatus.TASK_SET_FULL);
            return;
        }
        boolean data = exec.bufflen() > 0 && direction != ScstUser.SCST_DATA_NONE;
        boolean begun = false;
        try {
            begun = begin(task, handle, session, direction, data);
        } finally {
            if (!begun) {
                tasks.giveBackHere(task);
            }
        }
        if (begun) {
            describeAndSubmit(task, handle, direction, data, cdbBytes);
        }
    }

    /** Makes the task this EXEC's, or, if there is no memory for the data, answers it and returns false. */
    private boolean begin(Task task, int handle, Session session, int direction, boolean data) {
        long ownBuffer = 0;
        if (data && exec.pbuf() == 0) {
            ownBuffer = served.buffers().take(Math.max(exec.allocLen(), exec.bufflen()));
            if (ownBuffer == 0) {
                served.count(Counter.SCST_NO_BUFFER);
                replies.status(handle, ScsiStatus.BUSY);
                return false;
            }
        }
        task.command().begin(session.nexus(), session.lun(), handle & 0xffff_ffffL, attribute(exec.queueType()));
        task.begin(handle, session, exec.sn(), direction, ownBuffer);
        if (served.isGivenUp()) {
            task.command().abort();
        }
        return true;
    }

    private void describeAndSubmit(Task task, int handle, int direction, boolean data, int cdbBytes) {
        Command command = task.command();
        try {
            setCdb(command, handle, cdbBytes);
            if (data) {
                long address = exec.pbuf() != 0 ? exec.pbuf() : task.ownBuffer();
                DataDirection way = direction == ScstUser.SCST_DATA_READ ? DataDirection.IN : DataDirection.OUT;
                command.setData(way, address, exec.bufflen(), exec.bufflen());
            }
        } catch (Throwable failure) {
            loop.fail(task, failure);
            return;
        }
        loop.submit(task);
    }

    private void setCdb(Command command, int handle, int cdbBytes) {
        if (cdbBytes <= ScstUser.SCST_MAX_CDB_SIZE) {
            command.setCdb(exec.cdbAddress(), cdbBytes);
            return;
        }
        long cdb = longCdb.address() + GetExtCdbFlyweight.BYTES;
        Memory.fill(cdb, Command.MAX_CDB_BYTES, (byte) 0);
        Memory.copy(exec.cdbAddress(), cdb, ScstUser.SCST_MAX_CDB_SIZE);
        getExtCdb.wrap(longCdb.address()).cmdH(handle).extCdbBuffer(cdb + ScstUser.SCST_MAX_CDB_SIZE);
        int result = served.extendedCdb(longCdb.address());
        if (result < 0) { // the command is gone, or going: what is executed for it must not be what half a CDB says
            LOG.debug("{}: a CDB's rest cannot be had: {}", served.settings().name(), Errno.describe(result));
            Memory.fill(cdb, ScstUser.SCST_MAX_CDB_SIZE, (byte) 0);
        }
        command.setCdb(cdb, cdbBytes);
    }

    /** SCST itself executes the tasks in the order that their attributes demand. */
    private static TaskAttribute attribute(int queueType) {
        return switch (queueType) {
            case ScstUser.SCST_CMD_QUEUE_ORDERED -> TaskAttribute.ORDERED;
            case ScstUser.SCST_CMD_QUEUE_HEAD_OF_QUEUE -> TaskAttribute.HEAD_OF_QUEUE;
            case ScstUser.SCST_CMD_QUEUE_ACA -> TaskAttribute.ACA;
            default -> TaskAttribute.SIMPLE;
        };
    }

    @Override
    public void close() {
        longCdb.close();
    }
}
