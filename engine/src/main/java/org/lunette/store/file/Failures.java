package org.lunette.store.file;

import java.util.concurrent.atomic.AtomicLong;
import org.lunette.bridge.libc.Errno;
import org.lunette.store.StoreStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a store's status of an errno, and tells the log; of a flood of failures only one in ten seconds. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final long LOG_INTERVAL_NS = 10_000_000_000L;

    private final String store;
    private final AtomicLong lastLoggedNs = new AtomicLong(System.nanoTime() - LOG_INTERVAL_NS);
    private final AtomicLong unlogged = new AtomicLong();

    Failures(String store) {
        this.store = store;
    }

    StoreStatus ofRead(long offset, int errno) {
        log("reading", offset, errno);
        return isGone(errno) ? StoreStatus.UNREACHABLE : StoreStatus.READ_FAILED;
    }

    StoreStatus ofWrite(long offset, int errno) {
        log("writing", offset, errno);
        return statusOfWrite(errno);
    }

    /** A write went well, but did not become durable. */
    StoreStatus ofSync(int errno) {
        log("making a write durable", -1, errno);
        return statusOfWrite(errno);
    }

    /** What was written earlier did not become durable, be it now or at an earlier flush. */
    StoreStatus ofFlush(int errno) {
        log("flushing (data may be lost, so each flush fails until the store is opened again)", -1, errno);
        return statusOfWrite(errno);
    }

    private static StoreStatus statusOfWrite(int errno) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.EDQUOT -> StoreStatus.NO_SPACE;
            case Errno.EROFS, Errno.EBADF, Errno.EPERM -> StoreStatus.READ_ONLY;
            default -> isGone(errno) ? StoreStatus.UNREACHABLE : StoreStatus.WRITE_FAILED;
        };
    }

    /** Whether the device, its link or its server is missing, rather than a part of the medium bad. */
    private static boolean isGone(int errno) {
        return switch (errno) {
            case Errno.ENXIO,
                    Errno.ENODEV,
                    Errno.ESTALE,
                    Errno.ENOLINK,
                    Errno.ENOTCONN,
                    Errno.ETIMEDOUT,
                    Errno.EHOSTDOWN -> true;
            default -> false;
        };
    }

    private void log(String action, long offset, int errno) {
        long now = System.nanoTime();
        long last = lastLoggedNs.get();
        if (now - last < LOG_INTERVAL_NS || !lastLoggedNs.compareAndSet(last, now)) {
            unlogged.incrementAndGet();
            return;
        }
        long left = unlogged.getAndSet(0);
        LOG.error(
                "{}: error in {}{}: {}{}",
                store,
                action,
                offset < 0 ? "" : " at offset " + offset,
                Errno.describe(errno),
                left == 0 ? "" : "; " + left + " failures before it were not logged");
    }
}
