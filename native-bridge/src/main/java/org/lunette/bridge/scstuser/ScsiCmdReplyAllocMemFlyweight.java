package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_scsi_cmd_reply_alloc_mem}: the answer to ALLOC_MEM. */
public final class ScsiCmdReplyAllocMemFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 8;

    static final int PBUF_OFFSET = 0;

    /** Lays this flyweight over the structure at {@code address}. */
    public ScsiCmdReplyAllocMemFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** Address of the buffer, page-aligned if the kernel will keep it; 0 ends the command with BUSY. */
    public long pbuf() {
        return Memory.getLong(address() + PBUF_OFFSET);
    }

    /** Sets {@link #pbuf()}. */
    public ScsiCmdReplyAllocMemFlyweight pbuf(long pbuf) {
        Memory.putLong(address() + PBUF_OFFSET, pbuf);
        return this;
    }
}
