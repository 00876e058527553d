package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/**
 * {@code union scst_user_prealloc_buffer}: the argument of PREALLOC_BUFFER, a buffer given to the kernel's cache in
 * advance.
 */
public final class PreallocBufferFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 16;

    static final int PBUF_OFFSET = 0;
    static final int BUFFLEN_OFFSET = 8;
    static final int FOR_CLUST_POOL_OFFSET = 12;
    static final int CMD_H_OFFSET = 0;

    /** Lays this flyweight over the structure at {@code address}. */
    public PreallocBufferFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** In: address of the buffer, page-aligned. */
    public long pbuf() {
        return Memory.getLong(address() + PBUF_OFFSET);
    }

    /** Sets {@link #pbuf()}. */
    public PreallocBufferFlyweight pbuf(long pbuf) {
        Memory.putLong(address() + PBUF_OFFSET, pbuf);
        return this;
    }

    /** In: bytes of the buffer. */
    public int bufflen() {
        return Memory.getInt(address() + BUFFLEN_OFFSET);
    }

    /** Sets {@link #bufflen()}. */
    public PreallocBufferFlyweight bufflen(int bufflen) {
        Memory.putInt(address() + BUFFLEN_OFFSET, bufflen);
        return this;
    }

    /** In: 1 for the cache with merged pages. */
    public int forClustPool() {
        return Memory.getByte(address() + FOR_CLUST_POOL_OFFSET) & 0xff;
    }

    /** Sets {@link #forClustPool()}. */
    public PreallocBufferFlyweight forClustPool(int forClustPool) {
        Memory.putByte(address() + FOR_CLUST_POOL_OFFSET, (byte) forClustPool);
        return this;
    }

    /** Out: the handle that ON_CACHED_MEM_FREE will have. */
    public int cmdH() {
        return Memory.getInt(address() + CMD_H_OFFSET);
    }

    /** Sets {@link #cmdH()}. */
    public PreallocBufferFlyweight cmdH(int cmdH) {
        Memory.putInt(address() + CMD_H_OFFSET, cmdH);
        return this;
    }
}
