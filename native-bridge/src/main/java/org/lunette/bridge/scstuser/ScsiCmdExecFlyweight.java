package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_scsi_cmd_exec}: what EXEC carries, a command to execute. */
public final class ScsiCmdExecFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 104;

    static final int SESS_H_OFFSET = 0;
    static final int CDB_OFFSET = 8;
    static final int CDB_BYTES = 16;
    static final int CDB_LEN_OFFSET = 24;
    static final int LBA_OFFSET = 32;
    static final int DATA_LEN_OFFSET = 40;
    static final int BUFFLEN_OFFSET = 48;
    static final int ALLOC_LEN_OFFSET = 52;
    static final int PBUF_OFFSET = 56;
    static final int QUEUE_TYPE_OFFSET = 64;
    static final int DATA_DIRECTION_OFFSET = 65;
    static final int PARTIAL_OFFSET = 66;
    static final int TIMEOUT_OFFSET = 68;
    static final int P_OUT_BUF_OFFSET = 72;
    static final int OUT_BUFFLEN_OFFSET = 80;
    static final int SN_OFFSET = 84;
    static final int PARENT_CMD_H_OFFSET = 88;
    static final int PARENT_CMD_DATA_LEN_OFFSET = 92;
    static final int PARTIAL_OFFSET_OFFSET = 96;

    /** Lays this flyweight over the structure at {@code address}. */
    public ScsiCmdExecFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The session, as ATTACH_SESS named it. */
    public long sessH() {
        return Memory.getLong(address() + SESS_H_OFFSET);
    }

    /** Sets {@link #sessH()}. */
    public ScsiCmdExecFlyweight sessH(long sessH) {
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
    public ScsiCmdExecFlyweight cdbLen(int cdbLen) {
        Memory.putShort(address() + CDB_LEN_OFFSET, (short) cdbLen);
        return this;
    }

    /** First logical block. */
    public long lba() {
        return Memory.getLong(address() + LBA_OFFSET);
    }

    /** Sets {@link #lba()}. */
    public ScsiCmdExecFlyweight lba(long lba) {
        Memory.putLong(address() + LBA_OFFSET, lba);
        return this;
    }

    /** Bytes of the medium that are touched; differs from {@link #bufflen()} for VERIFY and WRITE SAME. */
    public long dataLen() {
        return Memory.getLong(address() + DATA_LEN_OFFSET);
    }

    /** Sets {@link #dataLen()}. */
    public ScsiCmdExecFlyweight dataLen(long dataLen) {
        Memory.putLong(address() + DATA_LEN_OFFSET, dataLen);
        return this;
    }

    /** Bytes of the data buffer (of data-in if there are both). */
    public int bufflen() {
        return Memory.getInt(address() + BUFFLEN_OFFSET);
    }

    /** Sets {@link #bufflen()}. */
    public ScsiCmdExecFlyweight bufflen(int bufflen) {
        Memory.putInt(address() + BUFFLEN_OFFSET, bufflen);
        return this;
    }

    /** Bytes that a buffer must have if the reply brings one; set only with {@link #pbuf()} 0. */
    public int allocLen() {
        return Memory.getInt(address() + ALLOC_LEN_OFFSET);
    }

    /** Sets {@link #allocLen()}. */
    public ScsiCmdExecFlyweight allocLen(int allocLen) {
        Memory.putInt(address() + ALLOC_LEN_OFFSET, allocLen);
        return this;
    }

    /** Address of the data buffer, or 0 for a read-like command that has none yet. */
    public long pbuf() {
        return Memory.getLong(address() + PBUF_OFFSET);
    }

    /** Sets {@link #pbuf()}. */
    public ScsiCmdExecFlyweight pbuf(long pbuf) {
        Memory.putLong(address() + PBUF_OFFSET, pbuf);
        return this;
    }

    /** The task attribute, {@code SCST_CMD_QUEUE_*}. */
    public int queueType() {
        return Memory.getByte(address() + QUEUE_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #queueType()}. */
    public ScsiCmdExecFlyweight queueType(int queueType) {
        Memory.putByte(address() + QUEUE_TYPE_OFFSET, (byte) queueType);
        return this;
    }

    /** {@code SCST_DATA_*}. */
    public int dataDirection() {
        return Memory.getByte(address() + DATA_DIRECTION_OFFSET) & 0xff;
    }

    /** Sets {@link #dataDirection()}. */
    public ScsiCmdExecFlyweight dataDirection(int dataDirection) {
        Memory.putByte(address() + DATA_DIRECTION_OFFSET, (byte) dataDirection);
        return this;
    }

    /** Always 0: the kernel splits no commands. */
    public int partial() {
        return Memory.getByte(address() + PARTIAL_OFFSET) & 0xff;
    }

    /** Sets {@link #partial()}. */
    public ScsiCmdExecFlyweight partial(int partial) {
        Memory.putByte(address() + PARTIAL_OFFSET, (byte) partial);
        return this;
    }

    /** Seconds that the command may take. */
    public int timeout() {
        return Memory.getInt(address() + TIMEOUT_OFFSET);
    }

    /** Sets {@link #timeout()}. */
    public ScsiCmdExecFlyweight timeout(int timeout) {
        Memory.putInt(address() + TIMEOUT_OFFSET, timeout);
        return this;
    }

    /** Address of data-out if there is data-in as well; without meaning for other directions, though not 0. */
    public long pOutBuf() {
        return Memory.getLong(address() + P_OUT_BUF_OFFSET);
    }

    /** Sets {@link #pOutBuf()}. */
    public ScsiCmdExecFlyweight pOutBuf(long pOutBuf) {
        Memory.putLong(address() + P_OUT_BUF_OFFSET, pOutBuf);
        return this;
    }

    /** Bytes of data-out if there is data-in as well. */
    public int outBufflen() {
        return Memory.getInt(address() + OUT_BUFFLEN_OFFSET);
    }

    /** Sets {@link #outBufflen()}. */
    public ScsiCmdExecFlyweight outBufflen(int outBufflen) {
        Memory.putInt(address() + OUT_BUFFLEN_OFFSET, outBufflen);
        return this;
    }

    /** The command's number in its order of arrival. */
    public int sn() {
        return Memory.getInt(address() + SN_OFFSET);
    }

    /** Sets {@link #sn()}. */
    public ScsiCmdExecFlyweight sn(int sn) {
        Memory.putInt(address() + SN_OFFSET, sn);
        return this;
    }

    /** Never set: the kernel splits no commands. */
    public int parentCmdH() {
        return Memory.getInt(address() + PARENT_CMD_H_OFFSET);
    }

    /** Sets {@link #parentCmdH()}. */
    public ScsiCmdExecFlyweight parentCmdH(int parentCmdH) {
        Memory.putInt(address() + PARENT_CMD_H_OFFSET, parentCmdH);
        return this;
    }

    /** Never set: the kernel splits no commands. */
    public int parentCmdDataLen() {
        return Memory.getInt(address() + PARENT_CMD_DATA_LEN_OFFSET);
    }

    /** Sets {@link #parentCmdDataLen()}. */
    public ScsiCmdExecFlyweight parentCmdDataLen(int parentCmdDataLen) {
        Memory.putInt(address() + PARENT_CMD_DATA_LEN_OFFSET, parentCmdDataLen);
        return this;
    }

    /** Never set: the kernel splits no commands. */
    public int partialOffset() {
        return Memory.getInt(address() + PARTIAL_OFFSET_OFFSET);
    }

    /** Sets {@link #partialOffset()}. */
    public ScsiCmdExecFlyweight partialOffset(int partialOffset) {
        Memory.putInt(address() + PARTIAL_OFFSET_OFFSET, partialOffset);
        return this;
    }
}
