package org.lunette.app;

import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.ByteSize;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The capacity of one device: as an administrator wants it, or as what lies below has become. Any thread may call. */
final class Capacity {
    private static final Logger LOG = LoggerFactory.getLogger(Capacity.class);

    private final LogicalUnit unit;
    private final Store store;
    private final Runnable tellTransport;
    private String lastReported = "";

    /** @param tellTransport run when the capacity has changed */
    Capacity(Unit served, Runnable tellTransport) {
        this.unit = served.unit();
        this.store = served.store();
        this.tellTransport = tellTransport;
    }

    /** The size that the device has for initiators: what does not fill a block does not count. */
    long bytes() {
        return whole(store.sizeBytes());
    }

    /** The size of what lies below, in whole blocks. */
    long belowBytes() throws StoreException {
        return whole(store.sizeBelowBytes());
    }

    private long whole(long bytes) {
        return bytes - bytes % unit.blockBytes();
    }

    /** Gives the device another size; as {@link LogicalUnit#resize}. */
    synchronized void resize(long bytes) throws StoreException {
        long before = unit.blocks();
        if (bytes == bytes()) {
            store.resize(store.sizeBytes()); // with what does not fill a block, which nobody wants to lose
        } else {
            unit.resize(bytes);
        }
        if (unit.blocks() != before) {
            tellTransport.run();
            LOG.info("{}: its size is {} now", unit.name(), ByteSize.format(store.sizeBytes()));
        }
        lastReported = "";
    }

    /** Takes over that what lies below has grown; anything else is reported, once. */
    void follow() {
        try {
            long below = belowBytes();
            long told = store.sizeBytes();
            if (below > told) {
                grow();
            } else if (below < unit.blocks() * unit.blockBytes()) {
                report("what lies below has shrunk to " + ByteSize.format(below) + " (" + below + " bytes) of "
                        + ByteSize.format(told)
                        + ": what was beyond is lost, and commands to it fail. Restore it and start again,"
                        + " or give it up by 'lunette resize " + unit.name() + " " + below + " --force'");
            }
        } catch (StoreException e) {
            report(e.getMessage());
        }
    }

    /** By another look: since the first one an administrator may have made it smaller. */
    private synchronized void grow() throws StoreException {
        long below = belowBytes();
        if (below > store.sizeBytes()) {
            resize(below);
        }
    }

    private synchronized void report(String what) {
        if (!what.equals(lastReported)) {
            lastReported = what;
            LOG.error("{}: {}", unit.name(), what);
        }
    }
}
