package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_ext_copy_data_descr}: one stretch of an EXTENDED COPY segment. */
public final class ExtCopyDataDescrFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 24;

    static final int SRC_LBA_OFFSET = 0;
    static final int DST_LBA_OFFSET = 8;
    static final int DATA_LEN_OFFSET = 16;

    /** Lays this flyweight over the structure at {@code address}. */
    public ExtCopyDataDescrFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** First logical block to copy from. */
    public long srcLba() {
        return Memory.getLong(address() + SRC_LBA_OFFSET);
    }

    /** Sets {@link #srcLba()}. */
    public ExtCopyDataDescrFlyweight srcLba(long srcLba) {
        Memory.putLong(address() + SRC_LBA_OFFSET, srcLba);
        return this;
    }

    /** First logical block to copy to. */
    public long dstLba() {
        return Memory.getLong(address() + DST_LBA_OFFSET);
    }

    /** Sets {@link #dstLba()}. */
    public ExtCopyDataDescrFlyweight dstLba(long dstLba) {
        Memory.putLong(address() + DST_LBA_OFFSET, dstLba);
        return this;
    }

    /** Bytes to copy. */
    public int dataLen() {
        return Memory.getInt(address() + DATA_LEN_OFFSET);
    }

    /** Sets {@link #dataLen()}. */
    public ExtCopyDataDescrFlyweight dataLen(int dataLen) {
        Memory.putInt(address() + DATA_LEN_OFFSET, dataLen);
        return this;
    }
}
