package org.lunette.frontend.scstuser;

import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.scstuser.ReplyCmdFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyExecFlyweight;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.command.Command;
import org.lunette.command.Completion;
import org.lunette.command.Sense;

/**
 * A command of the kernel's that is under way: used for one command after another, by the loop that made it.
 *
 * <p>It is completed on any thread. Only aborting may race with that: it holds the task in a state of its own while it
 * looks whether this is still the command it means.
 */
final class Task implements Completion {
    /** What the reply and its sense data take in off-heap memory. */
    static final int REPLY_BYTES = 320;

    private static final int IDLE = 0;
    private static final int ACTIVE = 1;
    private static final int BEING_ABORTED = 2;

    private final Command command = new Command(this, this);
    private final CommandLoop loop;
    private final ReplyCmdFlyweight ownReply = new ReplyCmdFlyweight();
    private final ScsiCmdReplyExecFlyweight ownExec = new ScsiCmdReplyExecFlyweight();
    private final AtomicInteger state = new AtomicInteger(IDLE);

    private int handle;
    private Session session;
    private int number;
    private int direction;
    private long ownBuffer;

    /** The next one in a list of idle tasks; its owner is the {@link TaskPool}. */
    Task next;

    /** @param replyAddress memory of {@link #REPLY_BYTES}, for a reply that goes alone */
    Task(CommandLoop loop, long replyAddress) {
        this.loop = loop;
        this.ownReply.wrap(replyAddress);
    }

    Command command() {
        return command;
    }

    /**
     * Starts a use; the command itself is begun by the caller before. From here on it may be aborted, and must be
     * completed.
     *
     * @param number the command's number in its session
     * @param direction {@code SCST_DATA_*}
     * @param ownBuffer the data buffer if the kernel gave none, which goes to it with the reply; or 0
     */
    void begin(int handle, Session session, int number, int direction, long ownBuffer) {
        this.handle = handle;
        this.session = session;
        this.number = number;
        this.direction = direction;
        this.ownBuffer = ownBuffer;
        state.set(ACTIVE);
    }

    /** The data buffer that is this task's, or 0. */
    long ownBuffer() {
        return ownBuffer;
    }

    /** Aborts the command if it is the one of that handle. */
    void abortIfHandle(int handle) {
        if (state.compareAndSet(ACTIVE, BEING_ABORTED)) {
            if (this.handle == handle) {
                command.abort();
            }
            state.set(ACTIVE);
        }
    }

    /** Aborts the command if it is in that scope, or whichever it is for null. */
    void abortIfIn(AbortScope scope) {
        if (state.compareAndSet(ACTIVE, BEING_ABORTED)) {
            if (scope == null || scope.contains(session, handle, number)) {
                command.abort();
            }
            state.set(ACTIVE);
        }
    }

    @Override
    public void completed(Command completed) {
        while (!state.compareAndSet(ACTIVE, IDLE)) {
            Thread.onSpinWait();
        }
        if (loop.isCurrentThreads()) {
            loop.completedHere(this);
        } else {
            completedElsewhere();
        }
    }

    /**
     * Answers by a call of its own, at once: the loop's threads wait in the kernel, and nothing but a subcommand or a
     * signal would wake them to take an answer along.
     */
    private void completedElsewhere() {
        long lent = writeReply(ownReply, ownExec, ownReply.address() + ReplyCmdFlyweight.BYTES);
        loop.served().replyAlone(ownReply, lent);
        loop.completedElsewhere(this);
    }

    /**
     * Writes the reply.
     *
     * @param senseAddress where the sense data may be put, and stays until the kernel has taken the reply
     * @return the address of the buffer that goes to the kernel with the reply, or 0. The kernel may fail to map it,
     *     end the command with an error, and take the reply all the same: nobody can tell, and the buffer stays here,
     *     in use, until the device is closed
     */
    long writeReply(ReplyCmdFlyweight reply, ScsiCmdReplyExecFlyweight exec, long senseAddress) {
        int dataInBytes = direction == ScstUser.SCST_DATA_READ ? command.transferredBytes() : 0;
        long lent = takeOwnBuffer(dataInBytes > 0);
        Memory.fill(reply.address(), ReplyCmdFlyweight.BYTES, (byte) 0);
        reply.cmdH(handle).subcode(ScstUser.SCST_USER_EXEC);
        exec.wrap(reply.execReplyAddress())
                .replyType(ScsiCmdReplyExecFlyweight.REPLY_COMPLETED)
                .status(command.status().code())
                .respDataLen(dataInBytes)
                .pbuf(lent);
        int senseBytes = command.senseBytes();
        if (senseBytes > 0) {
            Memory.copy(command.sense(), 0, senseAddress, senseBytes);
            exec.senseLen(senseBytes).psenseBuffer(senseAddress);
        }
        return lent;
    }

    /** The kernel ignores, and so would never give back, a buffer that comes with a reply without data. */
    private long takeOwnBuffer(boolean goesToTheKernel) {
        long buffer = ownBuffer;
        ownBuffer = 0;
        if (buffer != 0 && !goesToTheKernel) {
            loop.served().buffers().giveBack(buffer);
            return 0;
        }
        return buffer;
    }

    static {
        if (REPLY_BYTES < ReplyCmdFlyweight.BYTES + Sense.MAX_BYTES) {
            throw new AssertionError("a reply with sense data needs more room");
        }
    }
}
