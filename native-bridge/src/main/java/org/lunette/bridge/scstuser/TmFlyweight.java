package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_tm}: what TASK_MGMT_RECEIVED and TASK_MGMT_DONE carry. */
public final class TmFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 24;

    static final int SESS_H_OFFSET = 0;
    static final int FN_OFFSET = 8;
    static final int CMD_H_TO_ABORT_OFFSET = 12;
    static final int CMD_SN_OFFSET = 16;
    static final int CMD_SN_SET_OFFSET = 20;

    /** Lays this flyweight over the structure at {@code address}. */
    public TmFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The session that the function came by, or which it concerns. */
    public long sessH() {
        return Memory.getLong(address() + SESS_H_OFFSET);
    }

    /** Sets {@link #sessH()}. */
    public TmFlyweight sessH(long sessH) {
        Memory.putLong(address() + SESS_H_OFFSET, sessH);
        return this;
    }

    /** The function, {@code SCST_ABORT_TASK} to {@code SCST_PR_ABORT_ALL}. */
    public int fn() {
        return Memory.getInt(address() + FN_OFFSET);
    }

    /** Sets {@link #fn()}. */
    public TmFlyweight fn(int fn) {
        Memory.putInt(address() + FN_OFFSET, fn);
        return this;
    }

    /** The handle of the command to abort; 0 also if there is none to name. */
    public int cmdHToAbort() {
        return Memory.getInt(address() + CMD_H_TO_ABORT_OFFSET);
    }

    /** Sets {@link #cmdHToAbort()}. */
    public TmFlyweight cmdHToAbort(int cmdHToAbort) {
        Memory.putInt(address() + CMD_H_TO_ABORT_OFFSET, cmdHToAbort);
        return this;
    }

    /** The number of the command that the function came after. */
    public int cmdSn() {
        return Memory.getInt(address() + CMD_SN_OFFSET);
    }

    /** Sets {@link #cmdSn()}. */
    public TmFlyweight cmdSn(int cmdSn) {
        Memory.putInt(address() + CMD_SN_OFFSET, cmdSn);
        return this;
    }

    /** 1: {@link #cmdSn()} counts. */
    public int cmdSnSet() {
        return Memory.getByte(address() + CMD_SN_SET_OFFSET) & 0xff;
    }

    /** Sets {@link #cmdSnSet()}. */
    public TmFlyweight cmdSnSet(int cmdSnSet) {
        Memory.putByte(address() + CMD_SN_SET_OFFSET, (byte) cmdSnSet);
        return this;
    }
}
