package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/**
 * {@code struct scst_user_scsi_cmd_parse}: what PARSE carries. The fields that the answer has as well hold the kernel's
 * guess.
 */
public final class ScsiCmdParseFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 80;

    static final int SESS_H_OFFSET = 0;
    static final int CDB_OFFSET = 8;
    static final int CDB_BYTES = 16;
    static final int CDB_LEN_OFFSET = 24;
    static final int LBA_OFFSET = 32;
    static final int DATA_LEN_OFFSET = 40;
    static final int BUFFLEN_OFFSET = 48;
    static final int OUT_BUFFLEN_OFFSET = 52;
    static final int TIMEOUT_OFFSET = 56;
    static final int OP_FLAGS_OFFSET = 60;
    static final int QUEUE_TYPE_OFFSET = 64;
    static final int DATA_DIRECTION_OFFSET = 65;
    static final int EXPECTED_VALUES_SET_OFFSET = 66;
    static final int EXPECTED_DATA_DIRECTION_OFFSET = 67;
    static final int EXPECTED_TRANSFER_LEN_OFFSET = 68;
    static final int EXPECTED_OUT_TRANSFER_LEN_OFFSET = 72;
    static final int SN_OFFSET = 76;

    /** Lays this flyweight over the structure at {@code address}. */
    public ScsiCmdParseFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The session, as ATTACH_SESS named it. */
    public long sessH() {
        return Memory.getLong(address() + SESS_H_OFFSET);
    }

    /** Sets {@link #sessH()}. */
    public ScsiCmdParseFlyweight sessH(long sessH) {
        Memory.putLong(address() + SESS_H_OFFSET, sessH);
        return this;
    }

    /** The address of the first 16 bytes of the CDB; a longer one is completed by {@code GET_EXTENDED_CDB}. */
    public long cdbAddress() {
        return address() + CDB_OFFSET;
    }

    /** Bytes in the CDB. */
    public int cdbLen() {
        return Memory.getShort(address() + CDB_LEN_OFFSET) & 0xffff;
    }

    /** Sets {@link #cdbLen()}. */
    public ScsiCmdParseFlyweight cdbLen(int cdbLen) {
        Memory.putShort(address() + CDB_LEN_OFFSET, (short) cdbLen);
        return this;
    }

    /** First logical block. */
    public long lba() {
        return Memory.getLong(address() + LBA_OFFSET);
    }

    /** Sets {@link #lba()}. */
    public ScsiCmdParseFlyweight lba(long lba) {
        Memory.putLong(address() + LBA_OFFSET, lba);
        return this;
    }

    /** Bytes of the medium that are touched. */
    public long dataLen() {
        return Memory.getLong(address() + DATA_LEN_OFFSET);
    }

    /** Sets {@link #dataLen()}. */
    public ScsiCmdParseFlyweight dataLen(long dataLen) {
        Memory.putLong(address() + DATA_LEN_OFFSET, dataLen);
        return this;
    }

    /** Bytes of the data buffer (of data-in if there are both). */
    public int bufflen() {
        return Memory.getInt(address() + BUFFLEN_OFFSET);
    }

    /** Sets {@link #bufflen()}. */
    public ScsiCmdParseFlyweight bufflen(int bufflen) {
        Memory.putInt(address() + BUFFLEN_OFFSET, bufflen);
        return this;
    }

    /** Bytes of data-out if there is data-in as well. */
    public int outBufflen() {
        return Memory.getInt(address() + OUT_BUFFLEN_OFFSET);
    }

    /** Sets {@link #outBufflen()}. */
    public ScsiCmdParseFlyweight outBufflen(int outBufflen) {
        Memory.putInt(address() + OUT_BUFFLEN_OFFSET, outBufflen);
        return this;
    }

    /** Seconds that the command may take. */
    public int timeout() {
        return Memory.getInt(address() + TIMEOUT_OFFSET);
    }

    /** Sets {@link #timeout()}. */
    public ScsiCmdParseFlyweight timeout(int timeout) {
        Memory.putInt(address() + TIMEOUT_OFFSET, timeout);
        return this;
    }

    /** See {@link OpFlags}. */
    public int opFlags() {
        return Memory.getInt(address() + OP_FLAGS_OFFSET);
    }

    /** Sets {@link #opFlags()}. */
    public ScsiCmdParseFlyweight opFlags(int opFlags) {
        Memory.putInt(address() + OP_FLAGS_OFFSET, opFlags);
        return this;
    }

    /** The task attribute, {@code SCST_CMD_QUEUE_*}. */
    public int queueType() {
        return Memory.getByte(address() + QUEUE_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #queueType()}. */
    public ScsiCmdParseFlyweight queueType(int queueType) {
        Memory.putByte(address() + QUEUE_TYPE_OFFSET, (byte) queueType);
        return this;
    }

    /** {@code SCST_DATA_*}. */
    public int dataDirection() {
        return Memory.getByte(address() + DATA_DIRECTION_OFFSET) & 0xff;
    }

    /** Sets {@link #dataDirection()}. */
    public ScsiCmdParseFlyweight dataDirection(int dataDirection) {
        Memory.putByte(address() + DATA_DIRECTION_OFFSET, (byte) dataDirection);
        return this;
    }

    /** 1: the transport announced direction and length, so the expected fields count. */
    public int expectedValuesSet() {
        return Memory.getByte(address() + EXPECTED_VALUES_SET_OFFSET) & 0xff;
    }

    /** Sets {@link #expectedValuesSet()}. */
    public ScsiCmdParseFlyweight expectedValuesSet(int expectedValuesSet) {
        Memory.putByte(address() + EXPECTED_VALUES_SET_OFFSET, (byte) expectedValuesSet);
        return this;
    }

    /** The direction that the initiator announced, {@code SCST_DATA_*}. */
    public int expectedDataDirection() {
        return Memory.getByte(address() + EXPECTED_DATA_DIRECTION_OFFSET) & 0xff;
    }

    /** Sets {@link #expectedDataDirection()}. */
    public ScsiCmdParseFlyweight expectedDataDirection(int expectedDataDirection) {
        Memory.putByte(address() + EXPECTED_DATA_DIRECTION_OFFSET, (byte) expectedDataDirection);
        return this;
    }

    /** Bytes that the initiator announced (of data-in if there are both). */
    public int expectedTransferLen() {
        return Memory.getInt(address() + EXPECTED_TRANSFER_LEN_OFFSET);
    }

    /** Sets {@link #expectedTransferLen()}. */
    public ScsiCmdParseFlyweight expectedTransferLen(int expectedTransferLen) {
        Memory.putInt(address() + EXPECTED_TRANSFER_LEN_OFFSET, expectedTransferLen);
        return this;
    }

    /** Bytes of data-out that the initiator announced if there is data-in as well. */
    public int expectedOutTransferLen() {
        return Memory.getInt(address() + EXPECTED_OUT_TRANSFER_LEN_OFFSET);
    }

    /** Sets {@link #expectedOutTransferLen()}. */
    public ScsiCmdParseFlyweight expectedOutTransferLen(int expectedOutTransferLen) {
        Memory.putInt(address() + EXPECTED_OUT_TRANSFER_LEN_OFFSET, expectedOutTransferLen);
        return this;
    }

    /** The command's number in its order of arrival. */
    public int sn() {
        return Memory.getInt(address() + SN_OFFSET);
    }

    /** Sets {@link #sn()}. */
    public ScsiCmdParseFlyweight sn(int sn) {
        Memory.putInt(address() + SN_OFFSET, sn);
        return this;
    }
}
