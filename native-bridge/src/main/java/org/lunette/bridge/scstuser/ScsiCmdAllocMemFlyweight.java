package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_scsi_cmd_alloc_mem}: what ALLOC_MEM carries, the request for a data buffer. */
public final class ScsiCmdAllocMemFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 40;

    static final int SESS_H_OFFSET = 0;
    static final int CDB_OFFSET = 8;
    static final int CDB_BYTES = 16;
    static final int CDB_LEN_OFFSET = 24;
    static final int ALLOC_LEN_OFFSET = 28;
    static final int QUEUE_TYPE_OFFSET = 32;
    static final int DATA_DIRECTION_OFFSET = 33;
    static final int SN_OFFSET = 36;

    /** Lays this flyweight over the structure at {@code address}. */
    public ScsiCmdAllocMemFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The session, as ATTACH_SESS named it. */
    public long sessH() {
        return Memory.getLong(address() + SESS_H_OFFSET);
    }

    /** Sets {@link #sessH()}. */
    public ScsiCmdAllocMemFlyweight sessH(long sessH) {
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
    public ScsiCmdAllocMemFlyweight cdbLen(int cdbLen) {
        Memory.putShort(address() + CDB_LEN_OFFSET, (short) cdbLen);
        return this;
    }

    /** Bytes that the buffer must have; whole pages if the kernel will keep it. */
    public int allocLen() {
        return Memory.getInt(address() + ALLOC_LEN_OFFSET);
    }

    /** Sets {@link #allocLen()}. */
    public ScsiCmdAllocMemFlyweight allocLen(int allocLen) {
        Memory.putInt(address() + ALLOC_LEN_OFFSET, allocLen);
        return this;
    }

    /** The task attribute, {@code SCST_CMD_QUEUE_*}. */
    public int queueType() {
        return Memory.getByte(address() + QUEUE_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #queueType()}. */
    public ScsiCmdAllocMemFlyweight queueType(int queueType) {
        Memory.putByte(address() + QUEUE_TYPE_OFFSET, (byte) queueType);
        return this;
    }

    /** {@code SCST_DATA_*}. */
    public int dataDirection() {
        return Memory.getByte(address() + DATA_DIRECTION_OFFSET) & 0xff;
    }

    /** Sets {@link #dataDirection()}. */
    public ScsiCmdAllocMemFlyweight dataDirection(int dataDirection) {
        Memory.putByte(address() + DATA_DIRECTION_OFFSET, (byte) dataDirection);
        return this;
    }

    /** The command's number in its order of arrival. */
    public int sn() {
        return Memory.getInt(address() + SN_OFFSET);
    }

    /** Sets {@link #sn()}. */
    public ScsiCmdAllocMemFlyweight sn(int sn) {
        Memory.putInt(address() + SN_OFFSET, sn);
        return this;
    }
}
