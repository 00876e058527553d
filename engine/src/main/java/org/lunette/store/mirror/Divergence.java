package org.lunette.store.mirror;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.lunette.bridge.memory.Memory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds where two stores differ, and says so in the log. Any thread may call. */
final class Divergence {
    private static final Logger LOG = LoggerFactory.getLogger(Divergence.class);
    private static final int SECTOR_BYTES = 512;
    private static final int SHOWN_BYTES = 16;
    /** What is found beyond this is counted only: two disks that have nothing in common must not fill a third. */
    private static final int MAX_LOGGED = 100;

    private final AtomicLong found = new AtomicLong();

    /** How many bytes from the start of two places are alike; {@code lengthBytes} if all are. */
    static int alikeBytes(long address, long other, int lengthBytes) {
        int at = 0;
        while (at + Long.BYTES <= lengthBytes && Memory.getLong(address + at) == Memory.getLong(other + at)) {
            at += Long.BYTES;
        }
        while (at < lengthBytes && Memory.getByte(address + at) == Memory.getByte(other + at)) {
            at++;
        }
        return at;
    }

    /** Reports that data read from {@code offsetBytes} on is alike for {@code alike} of {@code lengthBytes} only. */
    void reportData(long offsetBytes, long address, long other, int alike, int lengthBytes) {
        if (!mayLog()) {
            return;
        }
        long at = offsetBytes + alike;
        int shown = Math.min(SHOWN_BYTES, lengthBytes - alike);
        LOG.error(
                "mirror: the stores differ from byte {} on (LBA of 512 bytes {}): the first has {}, the second {}",
                at,
                at / SECTOR_BYTES,
                hex(address + alike, shown),
                hex(other + alike, shown));
    }

    /** Reports that an operation did not end alike. */
    void reportStatus(String operation, long offsetBytes, long lengthBytes, Both.Half first, Both.Half second) {
        if (first.status() != second.status() && mayLog()) {
            LOG.error(
                    "mirror: {} of {} bytes at byte {}: the first store {}, the second {}",
                    operation,
                    lengthBytes,
                    offsetBytes,
                    first,
                    second);
        }
    }

    private boolean mayLog() {
        long number = found.incrementAndGet();
        if (number == MAX_LOGGED + 1) {
            LOG.error("mirror: more differences are counted, and not logged");
        }
        return number <= MAX_LOGGED;
    }

    /** Says how many differences there were; the next time, how many there were since. */
    void summarize() {
        long number = found.getAndSet(0);
        if (number > 0) {
            LOG.error("mirror: {} differences were found", number);
        }
    }

    private static String hex(long address, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        Memory.copy(address, bytes, 0, lengthBytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
