package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_ext_copy_reply_remap}: the answer to EXT_COPY_REMAP. */
public final class ExtCopyReplyRemapFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 24;

    static final int REMAP_DESCRIPTORS_OFFSET = 0;
    static final int REMAP_DESCRIPTORS_LEN_OFFSET = 8;
    static final int STATUS_OFFSET = 10;
    static final int SENSE_LEN_OFFSET = 11;
    static final int PSENSE_BUFFER_OFFSET = 16;

    /** Lays this flyweight over the structure at {@code address}. */
    public ExtCopyReplyRemapFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** Address of {@link ExtCopyDataDescrFlyweight}s: what the kernel shall still copy. */
    public long remapDescriptors() {
        return Memory.getLong(address() + REMAP_DESCRIPTORS_OFFSET);
    }

    /** Sets {@link #remapDescriptors()}. */
    public ExtCopyReplyRemapFlyweight remapDescriptors(long remapDescriptors) {
        Memory.putLong(address() + REMAP_DESCRIPTORS_OFFSET, remapDescriptors);
        return this;
    }

    /** Bytes of descriptors; 0 if nothing is left to copy. */
    public int remapDescriptorsLen() {
        return Memory.getShort(address() + REMAP_DESCRIPTORS_LEN_OFFSET) & 0xffff;
    }

    /** Sets {@link #remapDescriptorsLen()}. */
    public ExtCopyReplyRemapFlyweight remapDescriptorsLen(int remapDescriptorsLen) {
        Memory.putShort(address() + REMAP_DESCRIPTORS_LEN_OFFSET, (short) remapDescriptorsLen);
        return this;
    }

    /** 0, else the status to end the EXTENDED COPY with. */
    public int status() {
        return Memory.getByte(address() + STATUS_OFFSET) & 0xff;
    }

    /** Sets {@link #status()}. */
    public ExtCopyReplyRemapFlyweight status(int status) {
        Memory.putByte(address() + STATUS_OFFSET, (byte) status);
        return this;
    }

    /** Bytes of sense data. */
    public int senseLen() {
        return Memory.getByte(address() + SENSE_LEN_OFFSET) & 0xff;
    }

    /** Sets {@link #senseLen()}. */
    public ExtCopyReplyRemapFlyweight senseLen(int senseLen) {
        Memory.putByte(address() + SENSE_LEN_OFFSET, (byte) senseLen);
        return this;
    }

    /** Address of the sense data. */
    public long psenseBuffer() {
        return Memory.getLong(address() + PSENSE_BUFFER_OFFSET);
    }

    /** Sets {@link #psenseBuffer()}. */
    public ExtCopyReplyRemapFlyweight psenseBuffer(long psenseBuffer) {
        Memory.putLong(address() + PSENSE_BUFFER_OFFSET, psenseBuffer);
        return this;
    }
}
