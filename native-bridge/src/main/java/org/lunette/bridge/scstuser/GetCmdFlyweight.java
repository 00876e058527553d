package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/**
 * {@code struct scst_user_get_cmd}: one subcommand from the kernel. Only the part of the union that the subcode names
 * is written; what follows is left from earlier subcommands.
 */
public final class GetCmdFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 544;

    static final int CMD_H_OFFSET = 0;
    static final int SUBCODE_OFFSET = 4;
    static final int PREPLY_OFFSET = 8;
    static final int EXEC_CMD_OFFSET = 8;
    static final int EXEC_CMD_BYTES = ScsiCmdExecFlyweight.BYTES;

    /** Lays this flyweight over the structure at {@code address}. */
    public GetCmdFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The handle, to be given back in the reply. */
    public int cmdH() {
        return Memory.getInt(address() + CMD_H_OFFSET);
    }

    /** Sets {@link #cmdH()}. */
    public GetCmdFlyweight cmdH(int cmdH) {
        Memory.putInt(address() + CMD_H_OFFSET, cmdH);
        return this;
    }

    /** What is asked, {@code SCST_USER_ATTACH_SESS} and its kin. */
    public int subcode() {
        return Memory.getInt(address() + SUBCODE_OFFSET);
    }

    /** Sets {@link #subcode()}. */
    public GetCmdFlyweight subcode(int subcode) {
        Memory.putInt(address() + SUBCODE_OFFSET, subcode);
        return this;
    }

    /** For REPLY_AND_GET_CMD: address of the reply to the previous subcommand, or 0. */
    public long preply() {
        return Memory.getLong(address() + PREPLY_OFFSET);
    }

    /** Sets {@link #preply()}. */
    public GetCmdFlyweight preply(long preply) {
        Memory.putLong(address() + PREPLY_OFFSET, preply);
        return this;
    }

    /** The address of {@link ScsiCmdExecFlyweight}. */
    public long execCmdAddress() {
        return address() + EXEC_CMD_OFFSET;
    }

    /** The address of what the subcode names: the parts of the union all begin here. */
    public long payloadAddress() {
        return address() + EXEC_CMD_OFFSET;
    }
}
