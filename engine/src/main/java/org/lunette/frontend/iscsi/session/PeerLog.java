package org.lunette.frontend.iscsi.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what peers cause, at a bounded rate: a burst, then so many lines in a span of time. Thread-safe. */
final class PeerLog {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLog.class);
    private static final int LINES_PER_SPAN = 20;
    private static final long SPAN_NS = 10_000_000_000L;

    private static long spanStartNs = System.nanoTime();
    private static int lines;
    private static int suppressed;

    private PeerLog() {}

    /** Logs that something went wrong with a peer. */
    static void warn(Object peer, String message) {
        if (permitted()) {
            LOG.warn("{}: {}", peer, message);
        }
    }

    /** Logs a fault of ours that a peer, by whatever it sent, has shown. */
    static void error(Object peer, String message, Throwable cause) {
        if (permitted()) {
            LOG.error("{}: {}", peer, message, cause);
        }
    }

    /** Logs something that a peer did. */
    static void info(Object peer, String message) {
        if (permitted()) {
            LOG.info("{}: {}", peer, message);
        }
    }

    private static synchronized boolean permitted() {
        long now = System.nanoTime();
        if (now - spanStartNs > SPAN_NS) {
            if (suppressed > 0) {
                LOG.info("{} more lines about peers were left out", suppressed);
            }
            spanStartNs = now;
            lines = 0;
            suppressed = 0;
        }
        if (lines < LINES_PER_SPAN) {
            lines++;
            return true;
        }
        suppressed++;
        return false;
    }
}
