package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_ext_copy_remap}: what EXT_COPY_REMAP carries, a segment of an EXTENDED COPY. */
public final class ExtCopyRemapFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 48;

    static final int SESS_H_OFFSET = 0;
    static final int SRC_SESS_H_OFFSET = 8;
    static final int DST_SESS_H_OFFSET = 16;
    static final int DATA_DESCR_OFFSET = 24;
    static final int DATA_DESCR_BYTES = ExtCopyDataDescrFlyweight.BYTES;

    /** Lays this flyweight over the structure at {@code address}. */
    public ExtCopyRemapFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The session, as ATTACH_SESS named it. */
    public long sessH() {
        return Memory.getLong(address() + SESS_H_OFFSET);
    }

    /** Sets {@link #sessH()}. */
    public ExtCopyRemapFlyweight sessH(long sessH) {
        Memory.putLong(address() + SESS_H_OFFSET, sessH);
        return this;
    }

    /** The session of the unit that is copied from. */
    public long srcSessH() {
        return Memory.getLong(address() + SRC_SESS_H_OFFSET);
    }

    /** Sets {@link #srcSessH()}. */
    public ExtCopyRemapFlyweight srcSessH(long srcSessH) {
        Memory.putLong(address() + SRC_SESS_H_OFFSET, srcSessH);
        return this;
    }

    /** The session of the unit that is copied to. */
    public long dstSessH() {
        return Memory.getLong(address() + DST_SESS_H_OFFSET);
    }

    /** Sets {@link #dstSessH()}. */
    public ExtCopyRemapFlyweight dstSessH(long dstSessH) {
        Memory.putLong(address() + DST_SESS_H_OFFSET, dstSessH);
        return this;
    }

    /** The address of what is to be copied, {@link ExtCopyDataDescrFlyweight}. */
    public long dataDescrAddress() {
        return address() + DATA_DESCR_OFFSET;
    }
}
