package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_get_multi}: the argument of REPLY_AND_GET_MULTI, followed by room for the subcommands. */
public final class GetMultiFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 16;

    static final int PREPLIES_OFFSET = 0;
    static final int REPLIES_CNT_OFFSET = 8;
    static final int REPLIES_DONE_OFFSET = 10;
    static final int CMDS_CNT_OFFSET = 12;
    static final int CMDS_OFFSET = 16;

    /** Lays this flyweight over the structure at {@code address}. */
    public GetMultiFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** In: address of the replies, an array of {@link ReplyCmdFlyweight}. */
    public long preplies() {
        return Memory.getLong(address() + PREPLIES_OFFSET);
    }

    /** Sets {@link #preplies()}. */
    public GetMultiFlyweight preplies(long preplies) {
        Memory.putLong(address() + PREPLIES_OFFSET, preplies);
        return this;
    }

    /** In: the number of replies. */
    public int repliesCnt() {
        return Memory.getShort(address() + REPLIES_CNT_OFFSET);
    }

    /** Sets {@link #repliesCnt()}. */
    public GetMultiFlyweight repliesCnt(int repliesCnt) {
        Memory.putShort(address() + REPLIES_CNT_OFFSET, (short) repliesCnt);
        return this;
    }

    /** Out: how many of them the kernel has taken. */
    public int repliesDone() {
        return Memory.getShort(address() + REPLIES_DONE_OFFSET);
    }

    /** Sets {@link #repliesDone()}. */
    public GetMultiFlyweight repliesDone(int repliesDone) {
        Memory.putShort(address() + REPLIES_DONE_OFFSET, (short) repliesDone);
        return this;
    }

    /** In: for how many subcommands there is room; out: how many came. */
    public int cmdsCnt() {
        return Memory.getShort(address() + CMDS_CNT_OFFSET);
    }

    /** Sets {@link #cmdsCnt()}. */
    public GetMultiFlyweight cmdsCnt(int cmdsCnt) {
        Memory.putShort(address() + CMDS_CNT_OFFSET, (short) cmdsCnt);
        return this;
    }

    /** The address of the subcommands, an array of {@link GetCmdFlyweight}. */
    public long cmdsAddress() {
        return address() + CMDS_OFFSET;
    }

    /** The address of subcommand {@code index}, for a {@link GetCmdFlyweight}. */
    public long cmdAddress(int index) {
        return cmdsAddress() + (long) index * GetCmdFlyweight.BYTES;
    }
}
