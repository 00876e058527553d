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

    /** Whether this size is less than the device has. */
    boolean isLess(long bytes) {
        return bytes < store.sizeBytes();
    }

    /** The size of what lies below. */
    long belowBytes() throws StoreException {
        long bytes = store.sizeBelowBytes();
        return bytes - bytes % unit.blockBytes();
    }

    /** Gives the device another size; as {@link LogicalUnit#resize}. */
    synchronized void resize(long bytes) throws StoreException {
        long before = unit.blocks();
        unit.resize(bytes);
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
                resize(below);
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

    private synchronized void report(String what) {
        if (!what.equals(lastReported)) {
            lastReported = what;
            LOG.error("{}: {}", unit.name(), what);
        }
    }
}
