package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/**
 * {@code struct scst_user_scsi_cmd_reply_parse}: the answer to PARSE. With a {@link #status()} other than 0 it is the
 * command's end, and only the sense data counts; else all but the sense data must be filled in.
 */
public final class ScsiCmdReplyParseFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 48;

    static final int STATUS_OFFSET = 0;
    static final int QUEUE_TYPE_OFFSET = 8;
    static final int DATA_DIRECTION_OFFSET = 9;
    static final int CDB_LEN_OFFSET = 10;
    static final int LBA_OFFSET = 16;
    static final int DATA_LEN_OFFSET = 24;
    static final int BUFFLEN_OFFSET = 32;
    static final int OP_FLAGS_OFFSET = 36;
    static final int OUT_BUFFLEN_OFFSET = 40;
    static final int SENSE_LEN_OFFSET = 8;
    static final int PSENSE_BUFFER_OFFSET = 16;

    /** Lays this flyweight over the structure at {@code address}. */
    public ScsiCmdReplyParseFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** 0 if the command was parsed, else the status to end it with. */
    public int status() {
        return Memory.getByte(address() + STATUS_OFFSET) & 0xff;
    }

    /** Sets {@link #status()}. */
    public ScsiCmdReplyParseFlyweight status(int status) {
        Memory.putByte(address() + STATUS_OFFSET, (byte) status);
        return this;
    }

    /** The task attribute, {@code SCST_CMD_QUEUE_*}. */
    public int queueType() {
        return Memory.getByte(address() + QUEUE_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #queueType()}. */
    public ScsiCmdReplyParseFlyweight queueType(int queueType) {
        Memory.putByte(address() + QUEUE_TYPE_OFFSET, (byte) queueType);
        return this;
    }

    /** {@code SCST_DATA_*}, not {@code SCST_DATA_UNKNOWN}. */
    public int dataDirection() {
        return Memory.getByte(address() + DATA_DIRECTION_OFFSET) & 0xff;
    }

    /** Sets {@link #dataDirection()}. */
    public ScsiCmdReplyParseFlyweight dataDirection(int dataDirection) {
        Memory.putByte(address() + DATA_DIRECTION_OFFSET, (byte) dataDirection);
        return this;
    }

    /** Bytes in the CDB, not more than there were; 0 to leave it. */
    public int cdbLen() {
        return Memory.getShort(address() + CDB_LEN_OFFSET) & 0xffff;
    }

    /** Sets {@link #cdbLen()}. */
    public ScsiCmdReplyParseFlyweight cdbLen(int cdbLen) {
        Memory.putShort(address() + CDB_LEN_OFFSET, (short) cdbLen);
        return this;
    }

    /** First logical block, not negative. */
    public long lba() {
        return Memory.getLong(address() + LBA_OFFSET);
    }

    /** Sets {@link #lba()}. */
    public ScsiCmdReplyParseFlyweight lba(long lba) {
        Memory.putLong(address() + LBA_OFFSET, lba);
        return this;
    }

    /** Bytes of the medium that are touched, not negative. */
    public long dataLen() {
        return Memory.getLong(address() + DATA_LEN_OFFSET);
    }

    /** Sets {@link #dataLen()}. */
    public ScsiCmdReplyParseFlyweight dataLen(long dataLen) {
        Memory.putLong(address() + DATA_LEN_OFFSET, dataLen);
        return this;
    }

    /** Bytes of the data buffer; more than 0 unless the direction is {@code SCST_DATA_NONE}. */
    public int bufflen() {
        return Memory.getInt(address() + BUFFLEN_OFFSET);
    }

    /** Sets {@link #bufflen()}. */
    public ScsiCmdReplyParseFlyweight bufflen(int bufflen) {
        Memory.putInt(address() + BUFFLEN_OFFSET, bufflen);
        return this;
    }

    /** See {@link OpFlags}; {@link OpFlags#INFO_VALID} must be set. */
    public int opFlags() {
        return Memory.getInt(address() + OP_FLAGS_OFFSET);
    }

    /** Sets {@link #opFlags()}. */
    public ScsiCmdReplyParseFlyweight opFlags(int opFlags) {
        Memory.putInt(address() + OP_FLAGS_OFFSET, opFlags);
        return this;
    }

    /** Bytes of data-out if there is data-in as well. */
    public int outBufflen() {
        return Memory.getInt(address() + OUT_BUFFLEN_OFFSET);
    }

    /** Sets {@link #outBufflen()}. */
    public ScsiCmdReplyParseFlyweight outBufflen(int outBufflen) {
        Memory.putInt(address() + OUT_BUFFLEN_OFFSET, outBufflen);
        return this;
    }

    /** Bytes of sense data. */
    public int senseLen() {
        return Memory.getByte(address() + SENSE_LEN_OFFSET) & 0xff;
    }

    /** Sets {@link #senseLen()}. */
    public ScsiCmdReplyParseFlyweight senseLen(int senseLen) {
        Memory.putByte(address() + SENSE_LEN_OFFSET, (byte) senseLen);
        return this;
    }

    /** Address of the sense data. */
    public long psenseBuffer() {
        return Memory.getLong(address() + PSENSE_BUFFER_OFFSET);
    }

    /** Sets {@link #psenseBuffer()}. */
    public ScsiCmdReplyParseFlyweight psenseBuffer(long psenseBuffer) {
        Memory.putLong(address() + PSENSE_BUFFER_OFFSET, psenseBuffer);
        return this;
    }
}
