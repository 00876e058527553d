package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_on_cached_mem_free}: what ON_CACHED_MEM_FREE carries. */
public final class OnCachedMemFreeFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 8;

    static final int PBUF_OFFSET = 0;

    /** Lays this flyweight over the structure at {@code address}. */
    public OnCachedMemFreeFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** Address of the buffer that the kernel gives back. */
    public long pbuf() {
        return Memory.getLong(address() + PBUF_OFFSET);
    }

    /** Sets {@link #pbuf()}. */
    public OnCachedMemFreeFlyweight pbuf(long pbuf) {
        Memory.putLong(address() + PBUF_OFFSET, pbuf);
        return this;
    }
}
