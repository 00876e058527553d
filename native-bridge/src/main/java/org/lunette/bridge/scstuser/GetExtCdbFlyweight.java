package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_get_ext_cdb}: the argument of GET_EXTENDED_CDB. */
public final class GetExtCdbFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 16;

    static final int CMD_H_OFFSET = 0;
    static final int EXT_CDB_BUFFER_OFFSET = 8;

    /** Lays this flyweight over the structure at {@code address}. */
    public GetExtCdbFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The command's handle. */
    public int cmdH() {
        return Memory.getInt(address() + CMD_H_OFFSET);
    }

    /** Sets {@link #cmdH()}. */
    public GetExtCdbFlyweight cmdH(int cmdH) {
        Memory.putInt(address() + CMD_H_OFFSET, cmdH);
        return this;
    }

    /** Address of a buffer for the CDB's bytes from the 17th on. */
    public long extCdbBuffer() {
        return Memory.getLong(address() + EXT_CDB_BUFFER_OFFSET);
    }

    /** Sets {@link #extCdbBuffer()}. */
    public GetExtCdbFlyweight extCdbBuffer(long extCdbBuffer) {
        Memory.putLong(address() + EXT_CDB_BUFFER_OFFSET, extCdbBuffer);
        return this;
    }
}
