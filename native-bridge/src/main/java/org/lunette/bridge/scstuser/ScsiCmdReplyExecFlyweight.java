package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_scsi_cmd_reply_exec}: the answer to EXEC. */
public final class ScsiCmdReplyExecFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 40;

    static final int RESP_DATA_LEN_OFFSET = 0;
    static final int PBUF_OFFSET = 8;
    static final int REPLY_TYPE_OFFSET = 16;
    static final int STATUS_OFFSET = 17;
    static final int SENSE_LEN_OFFSET = 24;
    static final int PSENSE_BUFFER_OFFSET = 32;
    static final int WS_DESCRIPTORS_LEN_OFFSET = 24;
    static final int WS_DESCRIPTORS_OFFSET = 32;

    /** The initiator is told GOOD now, and the real end follows in a second reply. */
    public static final int REPLY_BACKGROUND = 0;

    /** The command is done. */
    public static final int REPLY_COMPLETED = 1;

    /** The kernel shall carry out a WRITE SAME by writes of its own. */
    public static final int REPLY_DO_WRITE_SAME = 2;

    /** Lays this flyweight over the structure at {@code address}. */
    public ScsiCmdReplyExecFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /**
     * Bytes of data-in; not above the command's {@code bufflen}, and 0 unless its direction is {@code SCST_DATA_READ}.
     */
    public int respDataLen() {
        return Memory.getInt(address() + RESP_DATA_LEN_OFFSET);
    }

    /** Sets {@link #respDataLen()}. */
    public ScsiCmdReplyExecFlyweight respDataLen(int respDataLen) {
        Memory.putInt(address() + RESP_DATA_LEN_OFFSET, respDataLen);
        return this;
    }

    /** Address of the data buffer if EXEC had none; ignored with {@link #respDataLen()} 0. */
    public long pbuf() {
        return Memory.getLong(address() + PBUF_OFFSET);
    }

    /** Sets {@link #pbuf()}. */
    public ScsiCmdReplyExecFlyweight pbuf(long pbuf) {
        Memory.putLong(address() + PBUF_OFFSET, pbuf);
        return this;
    }

    /** {@link #REPLY_BACKGROUND}, {@link #REPLY_COMPLETED} or {@link #REPLY_DO_WRITE_SAME}. */
    public int replyType() {
        return Memory.getByte(address() + REPLY_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #replyType()}. */
    public ScsiCmdReplyExecFlyweight replyType(int replyType) {
        Memory.putByte(address() + REPLY_TYPE_OFFSET, (byte) replyType);
        return this;
    }

    /** The status; SAM-5, 5.3.1. */
    public int status() {
        return Memory.getByte(address() + STATUS_OFFSET) & 0xff;
    }

    /** Sets {@link #status()}. */
    public ScsiCmdReplyExecFlyweight status(int status) {
        Memory.putByte(address() + STATUS_OFFSET, (byte) status);
        return this;
    }

    /** Bytes of sense data. */
    public int senseLen() {
        return Memory.getByte(address() + SENSE_LEN_OFFSET) & 0xff;
    }

    /** Sets {@link #senseLen()}. */
    public ScsiCmdReplyExecFlyweight senseLen(int senseLen) {
        Memory.putByte(address() + SENSE_LEN_OFFSET, (byte) senseLen);
        return this;
    }

    /** Address of the sense data; read before the call returns. */
    public long psenseBuffer() {
        return Memory.getLong(address() + PSENSE_BUFFER_OFFSET);
    }

    /** Sets {@link #psenseBuffer()}. */
    public ScsiCmdReplyExecFlyweight psenseBuffer(long psenseBuffer) {
        Memory.putLong(address() + PSENSE_BUFFER_OFFSET, psenseBuffer);
        return this;
    }

    /** For {@link #REPLY_DO_WRITE_SAME}: bytes of {@link DataDescriptorFlyweight}s. */
    public int wsDescriptorsLen() {
        return Memory.getShort(address() + WS_DESCRIPTORS_LEN_OFFSET) & 0xffff;
    }

    /** Sets {@link #wsDescriptorsLen()}. */
    public ScsiCmdReplyExecFlyweight wsDescriptorsLen(int wsDescriptorsLen) {
        Memory.putShort(address() + WS_DESCRIPTORS_LEN_OFFSET, (short) wsDescriptorsLen);
        return this;
    }

    /** For {@link #REPLY_DO_WRITE_SAME}: address of the descriptors, the last of 0 blocks. */
    public long wsDescriptors() {
        return Memory.getLong(address() + WS_DESCRIPTORS_OFFSET);
    }

    /** Sets {@link #wsDescriptors()}. */
    public ScsiCmdReplyExecFlyweight wsDescriptors(long wsDescriptors) {
        Memory.putLong(address() + WS_DESCRIPTORS_OFFSET, wsDescriptors);
        return this;
    }
}
