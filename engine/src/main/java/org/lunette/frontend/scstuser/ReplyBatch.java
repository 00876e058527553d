package org.lunette.frontend.scstuser;

import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.scstuser.GetCmdFlyweight;
import org.lunette.bridge.scstuser.GetMultiFlyweight;
import org.lunette.bridge.scstuser.ReplyCmdFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyAllocMemFlyweight;
import org.lunette.bridge.scstuser.ScsiCmdReplyExecFlyweight;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;

/**
 * One loop's exchange with the kernel: replies gather here, and go in with the call that fetches the next subcommands.
 *
 * <p>A stop signal, a tracer, or a handler installed with SA_RESTART makes the kernel start a call anew that was
 * waiting, with the replies it has taken already: they are given twice. For most that is harmless, since the command is
 * gone by then, or waits for nothing from us; its handle comes again only after 2^32 others. It is not where the reply
 * brings a buffer, which is the kernel's since the first time, or where the command may come again under its handle,
 * and would take the old reply for the new one. Batches with such a reply are given by a call that fetches nothing, and
 * so never waits. With buffers that the kernel keeps there soon are none.
 */
final class ReplyBatch implements AutoCloseable {
    /** What {@link #exchange} returns when the device is gone. */
    static final int DEVICE_GONE = -1;

    private static final int SENSE_BYTES = 256;

    private final ServedDevice served;
    private final int capacity;
    private final Region memory;
    private final long senses;
    private final long replies;
    private final long[] lent;
    private final byte[] sense = new byte[Sense.MAX_BYTES];

    private final GetMultiFlyweight multi = new GetMultiFlyweight();
    private final ReplyCmdFlyweight reply = new ReplyCmdFlyweight();
    private final ScsiCmdReplyExecFlyweight exec = new ScsiCmdReplyExecFlyweight();
    private final ScsiCmdReplyAllocMemFlyweight alloc = new ScsiCmdReplyAllocMemFlyweight();

    private int count;
    /** One more than the slot of the last reply that must not be given twice. */
    private int givenOnceEnd;

    /** @param batchCommands how many subcommands are fetched at once at most */
    ReplyBatch(ServedDevice served, int batchCommands) {
        this.served = served;
        this.capacity = 2 * batchCommands; // those of a batch, and as many that were completed later
        long subcommandBytes = GetMultiFlyweight.BYTES + (long) batchCommands * GetCmdFlyweight.BYTES;
        this.memory = Region.allocate(
                "scst_user batches", subcommandBytes + (long) capacity * (SENSE_BYTES + ReplyCmdFlyweight.BYTES));
        this.senses = memory.address() + subcommandBytes;
        this.replies = senses + (long) capacity * SENSE_BYTES;
        this.lent = new long[capacity];
        multi.wrap(memory.address());
    }

    /**
     * Gives all replies, waits for a subcommand, and fetches what is ready. With {@code room} 0 only gives the replies,
     * and does not wait.
     *
     * @return how many subcommands came, at most {@code room}; 0 also after an interruption; {@link #DEVICE_GONE}
     */
    int exchange(int room) {
        int first = 0;
        while (true) {
            int given = count - first;
            if (given == 0 && room == 0) {
                clear();
                return 0;
            }
            int fetch = first < givenOnceEnd ? 0 : room;
            multi.preplies(replyAddress(first)).repliesCnt(given).repliesDone(0).cmdsCnt(fetch);
            int result = served.replyAndGetMulti(multi.address());
            first += taken(result, given);
            if (first < count && result != -Errno.ENODEV && result != -Errno.EBADF) {
                refused(first, result, fetch > 0);
                first++;
                continue;
            }
            if (result == 0 && fetch < room) {
                continue;
            }
            int unanswered = count - first;
            clear();
            if (result == 0) {
                return multi.cmdsCnt();
            }
            return unanswered == 0 && (result == -Errno.EINTR || result == -Errno.EAGAIN) ? 0 : DEVICE_GONE;
        }
    }

    private void refused(int slot, int result, boolean perhapsGivenTwice) {
        if (perhapsGivenTwice
                && result == -Errno.EINVAL) { // the command's buffer, or its end, is still under the handle
            served.replyTooLate();
        } else {
            served.replyRefused(reply.wrap(replyAddress(slot)), result, lent[slot]);
        }
    }

    private void clear() {
        count = 0;
        givenOnceEnd = 0;
    }

    /** How many of the replies the kernel took. */
    private int taken(int result, int given) {
        boolean all = result == 0 || result == -Errno.EINTR || result == -Errno.EAGAIN;
        return all ? given : Math.max(0, Math.min(multi.repliesDone(), given));
    }

    /** The address of fetched subcommand {@code index}, valid until the next {@link #exchange} with room. */
    long subcommandAddress(int index) {
        return multi.cmdAddress(index);
    }

    /** Adds a reply that has nothing but a result. */
    void result(int handle, int subcode, int result) {
        add(handle, subcode, 0).result(result);
    }

    /** Adds the reply to ALLOC_MEM. */
    void buffer(int handle, long address) {
        alloc.wrap(add(handle, ScstUser.SCST_USER_ALLOC_MEM, address).allocReplyAddress())
                .pbuf(address);
    }

    /** Adds the reply to EXEC for a completed command. */
    void completed(Task task) {
        int slot = slot();
        lent[slot] = task.writeReply(reply.wrap(replyAddress(slot)), exec, senses + (long) slot * SENSE_BYTES);
        if (lent[slot] != 0 || exec.senseLen() > 0) { // a unit attention may make the core send the command again
            givenOnceEnd = count;
        }
    }

    /** Adds the reply to EXEC for a command that no unit saw. */
    void status(int handle, ScsiStatus status) {
        exec.wrap(add(handle, ScstUser.SCST_USER_EXEC, 0).execReplyAddress())
                .replyType(ScsiCmdReplyExecFlyweight.REPLY_COMPLETED)
                .status(status.code());
    }

    /** As {@link #status}, with CHECK CONDITION and sense data. */
    void checkCondition(int handle, SenseKey key, AdditionalSense additional) {
        status(handle, ScsiStatus.CHECK_CONDITION);
        int senseBytes = Sense.fixed(sense, key, additional);
        long address = senses + (long) (count - 1) * SENSE_BYTES;
        Memory.copy(sense, 0, address, senseBytes);
        exec.senseLen(senseBytes).psenseBuffer(address);
    }

    /** Adds a zeroed reply, to be filled in before the next call of any method here. */
    ReplyCmdFlyweight add(int handle, int subcode, long lentBuffer) {
        int slot = slot();
        lent[slot] = lentBuffer;
        if (!mayBeGivenTwice(subcode)) {
            givenOnceEnd = count;
        }
        ServedDevice.zero(reply.wrap(replyAddress(slot)));
        return reply.cmdH(handle).subcode(subcode);
    }

    /**
     * After PARSE, ALLOC_MEM and EXT_COPY_REMAP the command comes again under its handle; all else that is not here is
     * rare.
     */
    private static boolean mayBeGivenTwice(int subcode) {
        return subcode == ScstUser.SCST_USER_EXEC
                || subcode == ScstUser.SCST_USER_ON_FREE_CMD
                || subcode == ScstUser.SCST_USER_ON_CACHED_MEM_FREE;
    }

    private int slot() {
        if (count == capacity) {
            exchange(0);
        }
        return count++;
    }

    private long replyAddress(int slot) {
        return replies + (long) slot * ReplyCmdFlyweight.BYTES;
    }

    @Override
    public void close() {
        memory.close();
    }
}
