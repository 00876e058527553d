package org.lunette.store.file;

import org.lunette.bridge.libc.Errno;
import org.lunette.store.ByteSize;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;

/**
 * How large a file or device is: as the store tells it, and as it is below. Any thread may call; changes go one after
 * another.
 */
final class DiskSize {
    private final String name;
    private final Disk disk;
    private final Durability durability;
    private final int blockBytes;
    private final StoreProperties properties;
    private volatile long bytes;
    private volatile long presentBytes;

    /**
     * @param name for messages
     * @param blockBytes what a size must be a multiple of
     * @param sizeBytes at first
     */
    DiskSize(
            String name, Disk disk, Durability durability, int blockBytes, StoreProperties properties, long sizeBytes) {
        this.name = name;
        this.disk = disk;
        this.durability = durability;
        this.blockBytes = blockBytes;
        this.properties = properties;
        this.bytes = sizeBytes;
        this.presentBytes = sizeBytes;
    }

    /** What the store tells. */
    long bytes() {
        return bytes;
    }

    /** How far the disk went at the least: what lies beyond is lost, though others may have let it grow again. */
    long presentBytes() {
        return presentBytes;
    }

    /** As {@link org.lunette.store.Store#sizeBelowBytes}. */
    synchronized long belowBytes() throws StoreException {
        long now = lookBelow();
        if (!disk.isDevice() && !disk.hasName()) {
            throw refusal("the file was removed: what is written is gone when it is closed");
        }
        presentBytes = Math.min(presentBytes, now);
        return now;
    }

    private long lookBelow() throws StoreException {
        long now = disk.sizeBytes();
        if (now < 0) {
            throw refusal("its size cannot be told: " + Errno.describe(now));
        }
        if (now == 0 && disk.isDevice()) {
            throw refusal("the device is gone");
        }
        return now - now % blockBytes;
    }

    /** As {@link org.lunette.store.Store#resize}. */
    synchronized void change(long toBytes) throws StoreException {
        long now = lookBelow();
        if (toBytes % blockBytes != 0) {
            throw refusal("its size must be a multiple of " + blockBytes + " bytes, not " + toBytes);
        }
        long present = Math.min(presentBytes, now);
        if (present < bytes && toBytes > present) {
            throw refusal("it has lost what lay beyond " + ByteSize.format(present)
                    + ": restore it and start again, or give up what is lost by resizing it to that first");
        }
        if (toBytes != now) {
            changeBelow(now, toBytes);
        }
        bytes = toBytes;
        presentBytes = toBytes;
    }

    private void changeBelow(long now, long toBytes) throws StoreException {
        if (disk.isDevice()) {
            throw refusal("the device has " + ByteSize.format(now) + " (" + now
                    + " bytes): give it another size first, such as by lvextend");
        }
        if (properties.readOnly()) {
            throw refusal("it is read-only");
        }
        boolean grows = toBytes > now;
        int result = grows && !properties.thin() ? disk.allocate(now, toBytes - now) : disk.truncate(toBytes);
        if (result < 0) {
            undo(grows, now);
            throw refusal("it cannot have " + ByteSize.format(toBytes) + ": " + Errno.describe(result));
        }
        int errno = durability.sync(durability.failures());
        if (errno != 0) {
            undo(grows, now);
            throw refusal("its new size cannot be made durable: " + Errno.describe(errno));
        }
    }

    /** What was added is taken away again; what was cut off cannot come back, and is reported as lost. */
    private void undo(boolean grows, long now) {
        if (grows) {
            disk.truncate(now);
        } else {
            presentBytes = Math.min(presentBytes, Math.max(0, disk.sizeBytes()));
        }
    }

    private StoreException refusal(String why) {
        return new StoreException("'" + name + "': " + why);
    }
}
