package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_dev_desc}: what a device is registered as. */
public final class DevDescFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 160;

    static final int VERSION_STR_OFFSET = 0;
    static final int LICENSE_STR_OFFSET = 8;
    static final int TYPE_OFFSET = 16;
    static final int SGV_SHARED_OFFSET = 17;
    static final int SGV_DISABLE_CLUSTERED_POOL_OFFSET = 18;
    static final int SGV_SINGLE_ALLOC_PAGES_OFFSET = 20;
    static final int SGV_PURGE_INTERVAL_OFFSET = 24;
    static final int OPT_OFFSET = 28;
    static final int OPT_BYTES = OptFlyweight.BYTES;
    static final int BLOCK_SIZE_OFFSET = 48;
    static final int ENABLE_PR_CMDS_NOTIFICATIONS_OFFSET = 52;
    static final int NAME_OFFSET = 53;
    static final int NAME_BYTES = 50;
    static final int SGV_NAME_OFFSET = 103;
    static final int SGV_NAME_BYTES = 50;

    /** The kernel copies a fixed length of a string, about 100 bytes, whatever its own length is. */
    public static final int STRING_BUFFER_BYTES = 128;

    /** Lays this flyweight over the structure at {@code address}. */
    public DevDescFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** Address of the NUL-terminated version string, in a buffer of {@link #STRING_BUFFER_BYTES}. */
    public long versionStr() {
        return Memory.getLong(address() + VERSION_STR_OFFSET);
    }

    /** Sets {@link #versionStr()}. */
    public DevDescFlyweight versionStr(long versionStr) {
        Memory.putLong(address() + VERSION_STR_OFFSET, versionStr);
        return this;
    }

    /** Address of the NUL-terminated licence string, in a buffer of {@link #STRING_BUFFER_BYTES}. */
    public long licenseStr() {
        return Memory.getLong(address() + LICENSE_STR_OFFSET);
    }

    /** Sets {@link #licenseStr()}. */
    public DevDescFlyweight licenseStr(long licenseStr) {
        Memory.putLong(address() + LICENSE_STR_OFFSET, licenseStr);
        return this;
    }

    /** Peripheral device type; SPC-5, 6.7.2. */
    public int type() {
        return Memory.getByte(address() + TYPE_OFFSET) & 0xff;
    }

    /** Sets {@link #type()}. */
    public DevDescFlyweight type(int type) {
        Memory.putByte(address() + TYPE_OFFSET, (byte) type);
        return this;
    }

    /** 1: the cache of buffers is shared with devices of the same {@link #sgvName()}. */
    public int sgvShared() {
        return Memory.getByte(address() + SGV_SHARED_OFFSET) & 0xff;
    }

    /** Sets {@link #sgvShared()}. */
    public DevDescFlyweight sgvShared(int sgvShared) {
        Memory.putByte(address() + SGV_SHARED_OFFSET, (byte) sgvShared);
        return this;
    }

    /** 1: one cache of buffers instead of one with and one without merged pages. */
    public int sgvDisableClusteredPool() {
        return Memory.getByte(address() + SGV_DISABLE_CLUSTERED_POOL_OFFSET) & 0xff;
    }

    /** Sets {@link #sgvDisableClusteredPool()}. */
    public DevDescFlyweight sgvDisableClusteredPool(int sgvDisableClusteredPool) {
        Memory.putByte(address() + SGV_DISABLE_CLUSTERED_POOL_OFFSET, (byte) sgvDisableClusteredPool);
        return this;
    }

    /** 0: the cache rounds lengths up to powers of two; else the length of all its buffers, in pages. */
    public int sgvSingleAllocPages() {
        return Memory.getInt(address() + SGV_SINGLE_ALLOC_PAGES_OFFSET);
    }

    /** Sets {@link #sgvSingleAllocPages()}. */
    public DevDescFlyweight sgvSingleAllocPages(int sgvSingleAllocPages) {
        Memory.putInt(address() + SGV_SINGLE_ALLOC_PAGES_OFFSET, sgvSingleAllocPages);
        return this;
    }

    /** Seconds after which an unused cached buffer goes back to the handler; 0 is 60 s, negative never. */
    public int sgvPurgeInterval() {
        return Memory.getInt(address() + SGV_PURGE_INTERVAL_OFFSET);
    }

    /** Sets {@link #sgvPurgeInterval()}. */
    public DevDescFlyweight sgvPurgeInterval(int sgvPurgeInterval) {
        Memory.putInt(address() + SGV_PURGE_INTERVAL_OFFSET, sgvPurgeInterval);
        return this;
    }

    /** The address of the options, {@link OptFlyweight}. */
    public long optAddress() {
        return address() + OPT_OFFSET;
    }

    /** Bytes in a logical block; a power of two from 512 for types 00h, 05h and 07h. */
    public int blockSize() {
        return Memory.getInt(address() + BLOCK_SIZE_OFFSET);
    }

    /** Sets {@link #blockSize()}. */
    public DevDescFlyweight blockSize(int blockSize) {
        Memory.putInt(address() + BLOCK_SIZE_OFFSET, blockSize);
        return this;
    }

    /** 1: a PERSISTENT RESERVE OUT that the kernel carried out is then shown to the handler as an EXEC. */
    public int enablePrCmdsNotifications() {
        return Memory.getByte(address() + ENABLE_PR_CMDS_NOTIFICATIONS_OFFSET) & 0xff;
    }

    /** Sets {@link #enablePrCmdsNotifications()}. */
    public DevDescFlyweight enablePrCmdsNotifications(int enablePrCmdsNotifications) {
        Memory.putByte(address() + ENABLE_PR_CMDS_NOTIFICATIONS_OFFSET, (byte) enablePrCmdsNotifications);
        return this;
    }

    /** The device's name, at most 49 bytes. */
    public String name() {
        return string(NAME_OFFSET, NAME_BYTES);
    }

    /** Sets {@link #name()}; cut off if it is too long. */
    public DevDescFlyweight name(String name) {
        string(NAME_OFFSET, NAME_BYTES, name);
        return this;
    }

    /** The name of the cache of buffers; empty for the device's own. */
    public String sgvName() {
        return string(SGV_NAME_OFFSET, SGV_NAME_BYTES);
    }

    /** Sets {@link #sgvName()}; cut off if it is too long. */
    public DevDescFlyweight sgvName(String sgvName) {
        string(SGV_NAME_OFFSET, SGV_NAME_BYTES, sgvName);
        return this;
    }
}
