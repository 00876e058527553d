package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_reply_cmd}: the answer to one subcommand. */
public final class ReplyCmdFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 56;

    static final int CMD_H_OFFSET = 0;
    static final int SUBCODE_OFFSET = 4;
    static final int RESULT_OFFSET = 8;
    static final int PARSE_REPLY_OFFSET = 8;
    static final int PARSE_REPLY_BYTES = ScsiCmdReplyParseFlyweight.BYTES;
    static final int ALLOC_REPLY_OFFSET = 8;
    static final int ALLOC_REPLY_BYTES = ScsiCmdReplyAllocMemFlyweight.BYTES;
    static final int EXEC_REPLY_OFFSET = 8;
    static final int EXEC_REPLY_BYTES = ScsiCmdReplyExecFlyweight.BYTES;
    static final int REMAP_REPLY_OFFSET = 8;
    static final int REMAP_REPLY_BYTES = ExtCopyReplyRemapFlyweight.BYTES;

    /** Lays this flyweight over the structure at {@code address}. */
    public ReplyCmdFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The subcommand's handle. */
    public int cmdH() {
        return Memory.getInt(address() + CMD_H_OFFSET);
    }

    /** Sets {@link #cmdH()}. */
    public ReplyCmdFlyweight cmdH(int cmdH) {
        Memory.putInt(address() + CMD_H_OFFSET, cmdH);
        return this;
    }

    /** The subcommand's subcode; any other one is refused, and the command is torn down. */
    public int subcode() {
        return Memory.getInt(address() + SUBCODE_OFFSET);
    }

    /** Sets {@link #subcode()}. */
    public ReplyCmdFlyweight subcode(int subcode) {
        Memory.putInt(address() + SUBCODE_OFFSET, subcode);
        return this;
    }

    /** For sessions 0 or a negative errno; for TASK_MGMT_DONE {@code SCST_MGMT_STATUS_*}; else unused. */
    public int result() {
        return Memory.getInt(address() + RESULT_OFFSET);
    }

    /** Sets {@link #result()}. */
    public ReplyCmdFlyweight result(int result) {
        Memory.putInt(address() + RESULT_OFFSET, result);
        return this;
    }

    /** The address of {@link ScsiCmdReplyParseFlyweight}. */
    public long parseReplyAddress() {
        return address() + PARSE_REPLY_OFFSET;
    }

    /** The address of {@link ScsiCmdReplyAllocMemFlyweight}. */
    public long allocReplyAddress() {
        return address() + ALLOC_REPLY_OFFSET;
    }

    /** The address of {@link ScsiCmdReplyExecFlyweight}. */
    public long execReplyAddress() {
        return address() + EXEC_REPLY_OFFSET;
    }

    /** The address of {@link ExtCopyReplyRemapFlyweight}. */
    public long remapReplyAddress() {
        return address() + REMAP_REPLY_OFFSET;
    }
}
