package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_scsi_on_free_cmd}: what ON_FREE_CMD carries; the command is over, its data delivered. */
public final class ScsiOnFreeCmdFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 16;

    static final int PBUF_OFFSET = 0;
    static final int RESP_DATA_LEN_OFFSET = 8;
    static final int BUFFER_CACHED_OFFSET = 12;
    static final int ABORTED_OFFSET = 13;
    static final int STATUS_OFFSET = 14;
    static final int DELIVERY_STATUS_OFFSET = 15;

    /** Lays this flyweight over the structure at {@code address}. */
    public ScsiOnFreeCmdFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** Address of its data buffer, or 0. */
    public long pbuf() {
        return Memory.getLong(address() + PBUF_OFFSET);
    }

    /** Sets {@link #pbuf()}. */
    public ScsiOnFreeCmdFlyweight pbuf(long pbuf) {
        Memory.putLong(address() + PBUF_OFFSET, pbuf);
        return this;
    }

    /** Bytes of data-in that were sent. */
    public int respDataLen() {
        return Memory.getInt(address() + RESP_DATA_LEN_OFFSET);
    }

    /** Sets {@link #respDataLen()}. */
    public ScsiOnFreeCmdFlyweight respDataLen(int respDataLen) {
        Memory.putInt(address() + RESP_DATA_LEN_OFFSET, respDataLen);
        return this;
    }

    /** 1: the kernel keeps the buffer until ON_CACHED_MEM_FREE. */
    public int bufferCached() {
        return Memory.getByte(address() + BUFFER_CACHED_OFFSET) & 0xff;
    }

    /** Sets {@link #bufferCached()}. */
    public ScsiOnFreeCmdFlyweight bufferCached(int bufferCached) {
        Memory.putByte(address() + BUFFER_CACHED_OFFSET, (byte) bufferCached);
        return this;
    }

    /** 1: the command was aborted. */
    public int aborted() {
        return Memory.getByte(address() + ABORTED_OFFSET) & 0xff;
    }

    /** Sets {@link #aborted()}. */
    public ScsiOnFreeCmdFlyweight aborted(int aborted) {
        Memory.putByte(address() + ABORTED_OFFSET, (byte) aborted);
        return this;
    }

    /** The status sent to the initiator. */
    public int status() {
        return Memory.getByte(address() + STATUS_OFFSET) & 0xff;
    }

    /** Sets {@link #status()}. */
    public ScsiOnFreeCmdFlyweight status(int status) {
        Memory.putByte(address() + STATUS_OFFSET, (byte) status);
        return this;
    }

    /** 0: status and data reached the initiator. */
    public int deliveryStatus() {
        return Memory.getByte(address() + DELIVERY_STATUS_OFFSET) & 0xff;
    }

    /** Sets {@link #deliveryStatus()}. */
    public ScsiOnFreeCmdFlyweight deliveryStatus(int deliveryStatus) {
        Memory.putByte(address() + DELIVERY_STATUS_OFFSET, (byte) deliveryStatus);
        return this;
    }
}
