package org.lunette.it.sim;

import java.util.List;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.scstuser.DeviceDescription;
import org.lunette.bridge.scstuser.GetCmdFlyweight;
import org.lunette.bridge.scstuser.GetExtCdbFlyweight;
import org.lunette.bridge.scstuser.GetMultiFlyweight;
import org.lunette.bridge.scstuser.OnCachedMemFreeFlyweight;
import org.lunette.bridge.scstuser.OnFreeType;
import org.lunette.bridge.scstuser.OpFlags;
import org.lunette.bridge.scstuser.ParseType;
import org.lunette.bridge.scstuser.PreallocBufferFlyweight;
import org.lunette.bridge.scstuser.ReplyCmdFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdAllocMemFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdExecFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdParseFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyAllocMemFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyExecFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyParseFlyweight;
import org.lunette.bridge.scstuser.ScsiOnFreeCmdFlyweight;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.bridge.scstuser.ScstUserDevice;
import org.lunette.bridge.scstuser.ScstUserDevices;
import org.lunette.bridge.scstuser.SessFlyweight;
import org.lunette.bridge.scstuser.TmFlyweight;

/**
 * A model of SCST's device: what a handler does through {@link ScstUserDevice} happens to a {@link ModelCore}. What no
 * handler may do is noted as a violation.
 */
final class ModelScstUserDevice implements ScstUserDevice, ScstUserDevices {
    static final String TARGET = "model_target";

    final ModelCore core;
    private boolean blocking;
    private boolean open = true;
    private int callers;
    int capacityChanges;
    int unansweredAtClose;
    int ioctls;
    int restarts;
    private Runnable whenAnsweredAlone = () -> {};

    /** @param blocking whether fetching waits for a subcommand */
    ModelScstUserDevice(ModelFaults faults, boolean blocking) {
        this.core = new ModelCore(faults);
        this.blocking = blocking;
    }

    @Override
    public ScstUserDevice open(DeviceDescription description) {
        core.configure(
                description.memoryReuse(),
                description.parseType() == ParseType.EXCEPTION,
                description.onFreeType() == OnFreeType.CALL);
        return this;
    }

    @Override
    public int register(long devDescAddress) {
        throw new AssertionError("the model is registered when it is opened");
    }

    // ---- fetching ----

    @Override
    public int replyAndGetMulti(long getMultiAddress) {
        synchronized (core) {
            enter();
            try {
                return replyAndFetch(new GetMultiFlyweight().wrap(getMultiAddress));
            } finally {
                callers--;
            }
        }
    }

    private int replyAndFetch(GetMultiFlyweight multi) {
        int room = multi.cmdsCnt();
        for (int i = 0; i < multi.repliesCnt(); i++) {
            int result = answer(multi.preplies() + (long) i * ReplyCmdFlyweight.BYTES);
            if (result < 0) {
                multi.repliesDone(i).cmdsCnt(0);
                return result;
            }
        }
        multi.repliesDone(multi.repliesCnt());
        return fetch(multi, room);
    }

    /**
     * Begins a waiting call anew: its replies have been taken, its room is gone, and what the handler reads was not
     * changed otherwise.
     */
    private int restart(GetMultiFlyweight multi) {
        multi.cmdsCnt(0);
        for (int i = 0; i < multi.repliesCnt(); i++) {
            core.givenTwice.add(new ReplyCmdFlyweight()
                    .wrap(multi.preplies() + (long) i * ReplyCmdFlyweight.BYTES)
                    .cmdH());
        }
        if (blocking) {
            core.awaitEvent(1);
        }
        restarts++;
        return replyAndFetch(multi);
    }

    private int fetch(GetMultiFlyweight multi, int room) {
        int fetched = 0;
        int result = 0;
        while (fetched < room) {
            ModelUcmd ucmd = core.next();
            if (ucmd == null) {
                if (fetched > 0) {
                    break;
                }
                if (core.faults.restarts()) {
                    return restart(multi);
                }
                if (!blocking) {
                    result = -Errno.EAGAIN;
                    break;
                }
                if (core.faults.interrupts()) {
                    result = -Errno.EINTR;
                    break;
                }
                core.awaitEvent(0);
                continue;
            }
            write(ucmd, new GetCmdFlyweight().wrap(multi.cmdAddress(fetched)));
            fetched++;
        }
        multi.cmdsCnt(fetched);
        return result;
    }

    private void enter() {
        callers++;
        ioctls++;
        if (!open) {
            core.violations.add("a call after the device was closed");
        }
    }

    private void write(ModelUcmd ucmd, GetCmdFlyweight to) {
        to.cmdH(ucmd.handle).subcode(ucmd.subcode);
        long payload = to.payloadAddress();
        switch (ucmd.subcode) {
            case ScstUser.SCST_USER_ATTACH_SESS, ScstUser.SCST_USER_DETACH_SESS -> {
                SessFlyweight sess = new SessFlyweight().wrap(payload).sessH(ucmd.session.handle);
                if (ucmd.subcode == ScstUser.SCST_USER_ATTACH_SESS) {
                    sess.lun(ucmd.session.lun)
                            .initiatorName(ucmd.session.initiator)
                            .targetName(TARGET);
                }
            }
            case ScstUser.SCST_USER_PARSE -> writeParse(ucmd.command, new ScsiCmdParseFlyweight().wrap(payload));
            case ScstUser.SCST_USER_ALLOC_MEM -> {
                ScsiCmdAllocMemFlyweight alloc = new ScsiCmdAllocMemFlyweight().wrap(payload);
                writeCdb(ucmd.command, alloc.cdbAddress());
                alloc.sessH(ucmd.command.session.handle)
                        .cdbLen(ucmd.command.cdb.length)
                        .allocLen(core.bytesToAllocate(ucmd));
                alloc.dataDirection(ucmd.command.direction);
            }
            case ScstUser.SCST_USER_EXEC -> writeExec(ucmd, new ScsiCmdExecFlyweight().wrap(payload));
            case ScstUser.SCST_USER_ON_FREE_CMD ->
                new ScsiOnFreeCmdFlyweight()
                        .wrap(payload)
                        .pbuf(ucmd.address)
                        .respDataLen(ucmd.lastRespDataLen)
                        .bufferCached(ucmd.keptByKernel ? 1 : 0)
                        .status(ucmd.lastStatus);
            case ScstUser.SCST_USER_ON_CACHED_MEM_FREE ->
                new OnCachedMemFreeFlyweight().wrap(payload).pbuf(ucmd.address);
            case ScstUser.SCST_USER_TASK_MGMT_RECEIVED, ScstUser.SCST_USER_TASK_MGMT_DONE ->
                new TmFlyweight()
                        .wrap(payload)
                        .sessH(ucmd.task.session.handle)
                        .fn(ucmd.task.function)
                        .cmdHToAbort(ucmd.task.handleToAbort)
                        .cmdSn(ucmd.task.number == null ? core.faults.garbage() : ucmd.task.number)
                        .cmdSnSet(ucmd.task.number == null ? 0 : 1);
            default -> Memory.fill(payload, Long.BYTES, (byte) 0x5a);
        }
        if (ucmd.subcode == ScstUser.SCST_USER_ON_FREE_CMD && !ucmd.keptByKernel && ucmd.address != 0) {
            core.buffers.giveUp(ucmd.address);
        }
    }

    private static void writeCdb(ModelCommand command, long address) {
        Memory.copy(command.cdb, 0, address, Math.min(ScstUser.SCST_MAX_CDB_SIZE, command.cdb.length));
    }

    private void writeParse(ModelCommand command, ScsiCmdParseFlyweight parse) {
        writeCdb(command, parse.cdbAddress());
        parse.sessH(command.session.handle)
                .cdbLen(command.cdb.length)
                .lba(0)
                .bufflen(0)
                .outBufflen(0)
                .dataLen(0)
                .opFlags(OpFlags.LBA_NOT_VALID)
                .queueType(command.queueType)
                .dataDirection(ScstUser.SCST_DATA_UNKNOWN)
                .expectedValuesSet(1)
                .expectedDataDirection(command.direction)
                .expectedTransferLen(command.bufferBytes)
                .expectedOutTransferLen(0);
    }

    private void writeExec(ModelUcmd ucmd, ScsiCmdExecFlyweight exec) {
        ModelCommand command = ucmd.command;
        writeCdb(command, exec.cdbAddress());
        boolean wantsBuffer = ucmd.address == 0 && command.bufferBytes > 0;
        exec.sessH(command.session.handle)
                .cdbLen(command.cdb.length)
                .lba(0)
                .dataLen(command.bufferBytes)
                .bufflen(command.bufferBytes)
                .allocLen(wantsBuffer ? core.bytesToAllocate(ucmd) : core.faults.garbage())
                .pbuf(ucmd.address)
                .queueType(command.queueType)
                .sn(command.number)
                .dataDirection(command.direction)
                .pOutBuf(ucmd.address + Memory.pageBytes())
                .outBufflen(command.direction == ScstUser.SCST_DATA_BIDI ? command.dataOut.length : 0);
    }

    // ---- answers ----

    /** Has this run after each answer that came by itself: what follows from it is ready to be fetched. */
    void whenAnsweredAlone(Runnable then) {
        whenAnsweredAlone = then;
    }

    @Override
    public int replyCommand(long replyAddress) {
        int result;
        synchronized (core) {
            enter();
            try {
                result = answer(replyAddress);
            } finally {
                callers--;
            }
        }
        whenAnsweredAlone.run();
        return result;
    }

    private int answer(long replyAddress) {
        ReplyCmdFlyweight reply = new ReplyCmdFlyweight().wrap(replyAddress);
        ModelUcmd ucmd = core.handles.get(reply.cmdH());
        if (ucmd == null) {
            if (!core.forgotten.remove(reply.cmdH()) && !core.givenTwice.contains(reply.cmdH())) {
                core.violations.add("an answer for a handle that is in no use");
            }
            return -Errno.ESRCH;
        }
        boolean givenTwice = core.givenTwice.contains(ucmd.handle);
        if (!ucmd.sentToUser && givenTwice) {
            return -Errno.EINVAL;
        }
        if (ucmd.sentToUser
                && givenTwice
                && ucmd.subcode == ScstUser.SCST_USER_ON_FREE_CMD
                && reply.subcode() != ucmd.subcode) {
            core.handles.remove(ucmd.handle); // a wrong answer ends a state: this was the last one
            return -Errno.EINVAL;
        }
        if (!ucmd.sentToUser || reply.subcode() != ucmd.subcode) {
            core.violations.add("an answer that was not asked for: " + Integer.toHexString(reply.subcode()) + "h");
            return -Errno.EINVAL;
        }
        ucmd.sentToUser = false;
        switch (ucmd.subcode) {
            case ScstUser.SCST_USER_PARSE -> {
                return parsed(ucmd, new ScsiCmdReplyParseFlyweight().wrap(reply.parseReplyAddress()));
            }
            case ScstUser.SCST_USER_ALLOC_MEM -> {
                return allocated(
                        ucmd,
                        new ScsiCmdReplyAllocMemFlyweight()
                                .wrap(reply.allocReplyAddress())
                                .pbuf());
            }
            case ScstUser.SCST_USER_EXEC -> {
                return executed(ucmd, new ScsiCmdReplyExecFlyweight().wrap(reply.execReplyAddress()));
            }
            case ScstUser.SCST_USER_ATTACH_SESS -> ucmd.session.attachResult = reply.result();
            case ScstUser.SCST_USER_TASK_MGMT_RECEIVED -> {
                ucmd.task.receivedAnswered = true;
                core.goOn(ucmd.task);
            }
            case ScstUser.SCST_USER_TASK_MGMT_DONE -> core.taskDone(ucmd.task, reply.result());
            default -> {} // nothing comes of it
        }
        core.handles.remove(ucmd.handle);
        return 0;
    }

    private int parsed(ModelUcmd ucmd, ScsiCmdReplyParseFlyweight parsed) {
        boolean valid = parsed.status() == 0
                && (parsed.opFlags() & OpFlags.INFO_VALID) != 0
                && parsed.dataDirection() >= ScstUser.SCST_DATA_WRITE
                && parsed.dataDirection() <= ScstUser.SCST_DATA_NONE
                && (parsed.dataDirection() == ScstUser.SCST_DATA_NONE || parsed.bufflen() > 0)
                && parsed.bufflen() >= 0
                && parsed.dataLen() >= 0
                && parsed.lba() >= 0
                && parsed.cdbLen() <= ucmd.command.cdb.length;
        if (!valid) {
            core.violations.add("an invalid answer to PARSE of " + ucmd.command);
            core.end(ucmd, ModelCore.CHECK_CONDITION, new byte[0]);
            return -Errno.EINVAL;
        }
        ucmd.command.direction = parsed.dataDirection();
        ucmd.command.bufferBytes = parsed.bufflen();
        core.allocate(ucmd);
        return 0;
    }

    private int allocated(ModelUcmd ucmd, long address) {
        if (address == 0) {
            core.end(ucmd, ModelCore.BUSY, new byte[0]);
            return 0;
        }
        if (ucmd.keptByKernel && address % Memory.pageBytes() != 0) {
            core.violations.add("a buffer for the cache that is not page-aligned");
            core.end(ucmd, ModelCore.CHECK_CONDITION, new byte[0]);
            return -Errno.EINVAL;
        }
        core.take(ucmd, address);
        core.execute(ucmd);
        return 0;
    }

    private int executed(ModelUcmd ucmd, ScsiCmdReplyExecFlyweight exec) {
        ModelCommand command = ucmd.command;
        command.answers++;
        int bytes = exec.respDataLen();
        boolean tooMuch =
                bytes < 0 || bytes > command.bufferBytes || bytes != 0 && command.direction != ScstUser.SCST_DATA_READ;
        if (exec.replyType() != ScsiCmdReplyExecFlyweight.REPLY_COMPLETED || tooMuch) {
            core.violations.add("an invalid answer to " + command + ": " + bytes + " bytes, type " + exec.replyType());
            core.end(ucmd, ModelCore.CHECK_CONDITION, new byte[0]);
            return -Errno.EINVAL;
        }
        if (bytes == 0 && exec.pbuf() != 0) {
            core.violations.add("a buffer without data: nobody would ever give it back");
        }
        if (bytes > 0 && ucmd.address == 0) {
            if (exec.pbuf() == 0) {
                core.end(ucmd, ModelCore.BUSY, new byte[0]);
                return 0;
            }
            core.take(ucmd, exec.pbuf());
        }
        boolean refused = core.faults.refuses();
        if (exec.senseLen() > 0) {
            command.sense = core.memory.read(exec.psenseBuffer(), exec.senseLen());
        }
        byte[] dataIn = bytes == 0 || refused ? new byte[0] : core.dataIn(ucmd, bytes);
        core.end(ucmd, refused ? ModelCore.BUSY : exec.status(), dataIn);
        return refused ? -Errno.ENOMEM : 0;
    }

    // ---- the rest ----

    @Override
    public int extendedCdb(long getExtCdbAddress) {
        synchronized (core) {
            enter();
            callers--;
            GetExtCdbFlyweight get = new GetExtCdbFlyweight().wrap(getExtCdbAddress);
            ModelUcmd ucmd = core.handles.get(get.cmdH());
            if (ucmd == null || ucmd.command == null) {
                return -Errno.ESRCH;
            }
            byte[] cdb = ucmd.command.cdb;
            if (cdb.length > ScstUser.SCST_MAX_CDB_SIZE) {
                Memory.copy(
                        cdb, ScstUser.SCST_MAX_CDB_SIZE, get.extCdbBuffer(), cdb.length - ScstUser.SCST_MAX_CDB_SIZE);
            }
            return 0;
        }
    }

    @Override
    public int setOptions(long optAddress) {
        return 0;
    }

    @Override
    public int options(long optAddress) {
        return 0;
    }

    @Override
    public int capacityChanged() {
        synchronized (core) {
            enter();
            callers--;
            capacityChanges++;
            return 0;
        }
    }

    @Override
    public int preallocateBuffer(long preallocBufferAddress) {
        synchronized (core) {
            PreallocBufferFlyweight buffer = new PreallocBufferFlyweight().wrap(preallocBufferAddress);
            core.buffers.putIdle(core.buffers.addCached(0, buffer.pbuf(), buffer.bufflen()));
            return 0;
        }
    }

    @Override
    public int flushCache() {
        core.purge(Integer.MAX_VALUE);
        return 0;
    }

    @Override
    public int wakeThreads() {
        synchronized (core) {
            blocking = false;
            core.notifyAll();
            return 0;
        }
    }

    @Override
    public void close() {
        synchronized (core) {
            if (callers > 0) {
                core.violations.add(callers + " threads were in calls when the device was closed");
            }
            open = false;
            unansweredAtClose = core.unanswered().size();
        }
    }

    boolean isOpen() {
        synchronized (core) {
            return open;
        }
    }

    /** Frees what the model itself has. */
    void dispose() {
        core.memory.close();
    }

    List<String> violations() {
        synchronized (core) {
            return List.copyOf(core.violations);
        }
    }
}
