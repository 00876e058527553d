package org.lunette.scsi.block;

import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.store.Store;
import org.lunette.store.StoreProperties;

/** A store seen as logical blocks. Any thread may call. */
public final class Medium {
    /** The shortest logical block. */
    public static final int MIN_BLOCK_BYTES = 512;
    /** The longest logical block. */
    public static final int MAX_BLOCK_BYTES = 64 * 1024;

    private final Store store;
    private final boolean readOnly;
    private final int blockShift;
    private final long maxTransferBlocks;
    private final CachingPage caching;
    private volatile long blocks;

    /**
     * @param store the blocks' home; the medium does not close it
     * @param blockBytes the length of a logical block, a power of two
     * @param maxTransferBytes the most that one command transfers
     * @param readOnly whether writes are refused even if the store takes them
     */
    public Medium(Store store, int blockBytes, int maxTransferBytes, boolean readOnly) {
        if (Integer.bitCount(blockBytes) != 1 || blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES) {
            throw new IllegalArgumentException("a logical block of " + blockBytes + " bytes: it has " + MIN_BLOCK_BYTES
                    + " to " + MAX_BLOCK_BYTES + ", a power of two");
        }
        if (maxTransferBytes < blockBytes) {
            throw new IllegalArgumentException(
                    "a maximum transfer of " + maxTransferBytes + " bytes is less than a logical block");
        }
        this.store = store;
        this.readOnly = readOnly || store.properties().readOnly();
        this.blockShift = Integer.numberOfTrailingZeros(blockBytes);
        this.maxTransferBlocks = maxTransferBytes >> blockShift;
        this.caching = new CachingPage(store.properties().volatileCache());
        this.blocks = store.sizeBytes() >> blockShift;
        if (blocks == 0) {
            throw new IllegalArgumentException(
                    "a store of " + store.sizeBytes() + " bytes is less than a logical block");
        }
    }

    public Store store() {
        return store;
    }

    public StoreProperties properties() {
        return store.properties();
    }

    /** Whether writes are never possible. */
    public boolean readOnly() {
        return readOnly;
    }

    public CachingPage caching() {
        return caching;
    }

    public int blockBytes() {
        return 1 << blockShift;
    }

    /** The capacity in logical blocks. */
    public long blocks() {
        return blocks;
    }

    /** The most that one command transfers, in logical blocks. */
    public long maxTransferBlocks() {
        return maxTransferBlocks;
    }

    /** Logical blocks to bytes. */
    public long bytes(long ofBlocks) {
        return ofBlocks << blockShift;
    }

    /** Bytes to logical blocks, rounded down. */
    public long blocksIn(long bytes) {
        return bytes >> blockShift;
    }

    /** How many whole blocks of data came with a command. */
    long blocksThatCame(Command command) {
        return command.direction() == DataDirection.OUT ? blocksIn(command.dataBytes()) : 0;
    }

    /** How many blocks there are from an LBA to the end. */
    public long blocksFrom(long lba) {
        return Math.max(0, blocks - lba);
    }

    /** Whether an LBA, unsigned, exists, and {@code count} blocks from it. */
    public boolean contains(long lba, long count) {
        long all = blocks;
        return Long.compareUnsigned(lba, all) < 0 && count <= all - lba;
    }

    /** Takes fewer blocks than it has, before the store loses them; returns whether it is fewer. */
    public boolean limit(long toBlocks) {
        boolean fewer = toBlocks < blocks;
        if (fewer) {
            blocks = toBlocks;
        }
        return fewer;
    }

    /** Looks at the store's size again; returns whether the capacity has changed. */
    public boolean sizeChanged() {
        long now = store.sizeBytes() >> blockShift;
        boolean changed = now != blocks;
        blocks = now;
        return changed;
    }
}
