package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/**
 * {@code struct scst_user_sess}: what ATTACH_SESS and DETACH_SESS carry. The latter has nothing but {@link #sessH()}.
 */
public final class SessFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 536;

    static final int SESS_H_OFFSET = 0;
    static final int LUN_OFFSET = 8;
    static final int THREADS_NUM_OFFSET = 16;
    static final int RD_ONLY_OFFSET = 18;
    static final int SCSI_TRANSPORT_VERSION_OFFSET = 20;
    static final int PHYS_TRANSPORT_VERSION_OFFSET = 22;
    static final int INITIATOR_NAME_OFFSET = 24;
    static final int INITIATOR_NAME_BYTES = 256;
    static final int TARGET_NAME_OFFSET = 280;
    static final int TARGET_NAME_BYTES = 256;

    /** Lays this flyweight over the structure at {@code address}. */
    public SessFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** The session's handle: one initiator port, one target port and one LUN. */
    public long sessH() {
        return Memory.getLong(address() + SESS_H_OFFSET);
    }

    /** Sets {@link #sessH()}. */
    public SessFlyweight sessH(long sessH) {
        Memory.putLong(address() + SESS_H_OFFSET, sessH);
        return this;
    }

    /** The LUN as a number, not in the form of the wire. */
    public long lun() {
        return Memory.getLong(address() + LUN_OFFSET);
    }

    /** Sets {@link #lun()}. */
    public SessFlyweight lun(long lun) {
        Memory.putLong(address() + LUN_OFFSET, lun);
        return this;
    }

    /** How many threads the target driver would like; 0 for no wish. */
    public int threadsNum() {
        return Memory.getShort(address() + THREADS_NUM_OFFSET) & 0xffff;
    }

    /** Sets {@link #threadsNum()}. */
    public SessFlyweight threadsNum(int threadsNum) {
        Memory.putShort(address() + THREADS_NUM_OFFSET, (short) threadsNum);
        return this;
    }

    /** 1: the LUN was given as read-only; the kernel refuses writes to it itself. */
    public int rdOnly() {
        return Memory.getByte(address() + RD_ONLY_OFFSET) & 0xff;
    }

    /** Sets {@link #rdOnly()}. */
    public SessFlyweight rdOnly(int rdOnly) {
        Memory.putByte(address() + RD_ONLY_OFFSET, (byte) rdOnly);
        return this;
    }

    /** Version descriptor of the SCSI transport; SPC-5, table 154. 0 if not known. */
    public int scsiTransportVersion() {
        return Memory.getShort(address() + SCSI_TRANSPORT_VERSION_OFFSET) & 0xffff;
    }

    /** Sets {@link #scsiTransportVersion()}. */
    public SessFlyweight scsiTransportVersion(int scsiTransportVersion) {
        Memory.putShort(address() + SCSI_TRANSPORT_VERSION_OFFSET, (short) scsiTransportVersion);
        return this;
    }

    /** Version descriptor of the physical transport; 0 if not known. */
    public int physTransportVersion() {
        return Memory.getShort(address() + PHYS_TRANSPORT_VERSION_OFFSET) & 0xffff;
    }

    /** Sets {@link #physTransportVersion()}. */
    public SessFlyweight physTransportVersion(int physTransportVersion) {
        Memory.putShort(address() + PHYS_TRANSPORT_VERSION_OFFSET, (short) physTransportVersion);
        return this;
    }

    /** The initiator port's name. */
    public String initiatorName() {
        return string(INITIATOR_NAME_OFFSET, INITIATOR_NAME_BYTES);
    }

    /** Sets {@link #initiatorName()}; cut off if it is too long. */
    public SessFlyweight initiatorName(String initiatorName) {
        string(INITIATOR_NAME_OFFSET, INITIATOR_NAME_BYTES, initiatorName);
        return this;
    }

    /** The target's name. */
    public String targetName() {
        return string(TARGET_NAME_OFFSET, TARGET_NAME_BYTES);
    }

    /** Sets {@link #targetName()}; cut off if it is too long. */
    public SessFlyweight targetName(String targetName) {
        string(TARGET_NAME_OFFSET, TARGET_NAME_BYTES, targetName);
        return this;
    }
}
