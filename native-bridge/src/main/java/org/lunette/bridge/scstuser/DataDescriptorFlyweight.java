package org.lunette.bridge.scstuser;

import org.lunette.bridge.memory.Memory;

/** {@code struct scst_user_data_descriptor}: one range that the kernel writes for a WRITE SAME. */
public final class DataDescriptorFlyweight extends Flyweight {
    /** The structure's size. */
    public static final int BYTES = 16;

    static final int USDD_LBA_OFFSET = 0;
    static final int USDD_BLOCKS_OFFSET = 8;

    /** Lays this flyweight over the structure at {@code address}. */
    public DataDescriptorFlyweight wrap(long address) {
        lay(address);
        return this;
    }

    /** First logical block. */
    public long usddLba() {
        return Memory.getLong(address() + USDD_LBA_OFFSET);
    }

    /** Sets {@link #usddLba()}. */
    public DataDescriptorFlyweight usddLba(long usddLba) {
        Memory.putLong(address() + USDD_LBA_OFFSET, usddLba);
        return this;
    }

    /** Number of logical blocks; 0 in the last descriptor. */
    public long usddBlocks() {
        return Memory.getLong(address() + USDD_BLOCKS_OFFSET);
    }

    /** Sets {@link #usddBlocks()}. */
    public DataDescriptorFlyweight usddBlocks(long usddBlocks) {
        Memory.putLong(address() + USDD_BLOCKS_OFFSET, usddBlocks);
        return this;
    }
}
