package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/**
 * {@code struct scst_user_opt}: how the kernel treats a device's commands, and the bits of its control mode page that
 * the kernel itself acts on (SPC-5, 7.5.10).
 */
public final class OptFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 20;

    static final int PARSE_TYPE_OFFSET = 0;
    static final int ON_FREE_CMD_TYPE_OFFSET = 1;
    static final int MEMORY_REUSE_TYPE_OFFSET = 2;
    static final int PARTIAL_TRANSFERS_TYPE_OFFSET = 3;
    static final int PARTIAL_LEN_OFFSET = 4;
    static final int TST_OFFSET = 8;
    static final int TMF_ONLY_OFFSET = 9;
    static final int QUEUE_ALG_OFFSET = 10;
    static final int QERR_OFFSET = 11;
    static final int TAS_OFFSET = 12;
    static final int SWP_OFFSET = 13;
    static final int D_SENSE_OFFSET = 14;
    static final int HAS_OWN_ORDER_MGMT_OFFSET = 15;
    static final int EXT_COPY_REMAP_SUPPORTED_OFFSET = 16;

    /** Lays this flyweight over the structure at {@code address}. */
    public OptFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** Which commands the handler parses, see {@link ParseType}. */
    public int parseType() {
        return Memory.getByte(address() + PARSE_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #parseType()}. */
    public OptFlyweight parseType(int parseType) {
        Memory.putByte(address() + PARSE_TYPE_OFFSET, (byte) parseType);
        return this;
    }

    /** Whether the handler hears of each command's end, see {@link OnFreeType}. */
    public int onFreeCmdType() {
        return Memory.getByte(address() + ON_FREE_CMD_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #onFreeCmdType()}. */
    public OptFlyweight onFreeCmdType(int onFreeCmdType) {
        Memory.putByte(address() + ON_FREE_CMD_TYPE_OFFSET, (byte) onFreeCmdType);
        return this;
    }

    /** Whose data buffers the kernel keeps, see {@link MemoryReuse}. */
    public int memoryReuseType() {
        return Memory.getByte(address() + MEMORY_REUSE_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #memoryReuseType()}. */
    public OptFlyweight memoryReuseType(int memoryReuseType) {
        Memory.putByte(address() + MEMORY_REUSE_TYPE_OFFSET, (byte) memoryReuseType);
        return this;
    }

    /** Accepted and ignored by the kernel; 0. */
    public int partialTransfersType() {
        return Memory.getByte(address() + PARTIAL_TRANSFERS_TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #partialTransfersType()}. */
    public OptFlyweight partialTransfersType(int partialTransfersType) {
        Memory.putByte(address() + PARTIAL_TRANSFERS_TYPE_OFFSET, (byte) partialTransfersType);
        return this;
    }

    /** Accepted and ignored by the kernel; 0. */
    public int partialLen() {
        return Memory.getInt(address() + PARTIAL_LEN_OFFSET);
    }

    /** Sets {@link #partialLen()}. */
    public OptFlyweight partialLen(int partialLen) {
        Memory.putInt(address() + PARTIAL_LEN_OFFSET, partialLen);
        return this;
    }

    /** TST: 0 one task set, 1 one for each I_T nexus; fixed while there are sessions. */
    public int tst() {
        return Memory.getByte(address() + TST_OFFSET) & 0xff;
    }

    /** Sets {@link #tst()}. */
    public OptFlyweight tst(int tst) {
        Memory.putByte(address() + TST_OFFSET, (byte) tst);
        return this;
    }

    /** TMF_ONLY, 0 or 1. */
    public int tmfOnly() {
        return Memory.getByte(address() + TMF_ONLY_OFFSET) & 0xff;
    }

    /** Sets {@link #tmfOnly()}. */
    public OptFlyweight tmfOnly(int tmfOnly) {
        Memory.putByte(address() + TMF_ONLY_OFFSET, (byte) tmfOnly);
        return this;
    }

    /** QUEUE ALGORITHM MODIFIER, 0 or 1. */
    public int queueAlg() {
        return Memory.getByte(address() + QUEUE_ALG_OFFSET) & 0xff;
    }

    /** Sets {@link #queueAlg()}. */
    public OptFlyweight queueAlg(int queueAlg) {
        Memory.putByte(address() + QUEUE_ALG_OFFSET, (byte) queueAlg);
        return this;
    }

    /** QERR: 0, 1 or 3. */
    public int qerr() {
        return Memory.getByte(address() + QERR_OFFSET) & 0xff;
    }

    /** Sets {@link #qerr()}. */
    public OptFlyweight qerr(int qerr) {
        Memory.putByte(address() + QERR_OFFSET, (byte) qerr);
        return this;
    }

    /** TAS: 1 lets the kernel end other nexuses' aborted commands with TASK ABORTED. */
    public int tas() {
        return Memory.getByte(address() + TAS_OFFSET) & 0xff;
    }

    /** Sets {@link #tas()}. */
    public OptFlyweight tas(int tas) {
        Memory.putByte(address() + TAS_OFFSET, (byte) tas);
        return this;
    }

    /** SWP: 1 lets the kernel refuse writes, with sense data that the standard does not provide for. */
    public int swp() {
        return Memory.getByte(address() + SWP_OFFSET) & 0xff;
    }

    /** Sets {@link #swp()}. */
    public OptFlyweight swp(int swp) {
        Memory.putByte(address() + SWP_OFFSET, (byte) swp);
        return this;
    }

    /** D_SENSE: 1 lets the kernel build its own sense data in descriptor format. */
    public int dSense() {
        return Memory.getByte(address() + D_SENSE_OFFSET) & 0xff;
    }

    /** Sets {@link #dSense()}. */
    public OptFlyweight dSense(int dSense) {
        Memory.putByte(address() + D_SENSE_OFFSET, (byte) dSense);
        return this;
    }

    /** 1: the handler keeps the order of ORDERED and HEAD OF QUEUE tasks itself. */
    public int hasOwnOrderMgmt() {
        return Memory.getByte(address() + HAS_OWN_ORDER_MGMT_OFFSET) & 0xff;
    }

    /** Sets {@link #hasOwnOrderMgmt()}. */
    public OptFlyweight hasOwnOrderMgmt(int hasOwnOrderMgmt) {
        Memory.putByte(address() + HAS_OWN_ORDER_MGMT_OFFSET, (byte) hasOwnOrderMgmt);
        return this;
    }

    /** 1: segments of EXTENDED COPY are shown to the handler first, as EXT_COPY_REMAP. */
    public int extCopyRemapSupported() {
        return Memory.getByte(address() + EXT_COPY_REMAP_SUPPORTED_OFFSET) & 0xff;
    }

    /** Sets {@link #extCopyRemapSupported()}. */
    public OptFlyweight extCopyRemapSupported(int extCopyRemapSupported) {
        Memory.putByte(address() + EXT_COPY_REMAP_SUPPORTED_OFFSET, (byte) extCopyRemapSupported);
        return this;
    }
}
