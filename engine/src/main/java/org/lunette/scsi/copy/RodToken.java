package org.lunette.scsi.copy;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Nexus;

/**
 * What a ROD token stands for: ranges of a unit as they were when it was made. It is of the type point in time copy,
 * change vulnerable: the blocks stay where they are, and a change of one of them revokes the token. Any thread may
 * call.
 */
final class RodToken {
    /** The length of a token. */
    static final int LENGTH_BYTES = 512;

    // ROD types.
    static final long POINT_IN_TIME_DEFAULT = 0x0080_0000L;
    static final long CHANGE_VULNERABLE = 0x0080_0001L;
    static final long POINT_IN_TIME_ANY = 0x0080_ffffL;
    static final long BLOCK_DEVICE_ZERO = 0xffff_0001L;

    private final byte[] bytes;
    private final CopyDevice device;
    private final List<Extent> extents;
    private final Nexus nexus;
    private final long inactivityNanos;
    private final LongSupplier nanoClock;
    private final AtomicReference<AdditionalSense> invalid = new AtomicReference<>();
    private volatile long deadlineNanos;

    /** @param bytes the token itself, as the initiator gets it */
    RodToken(
            byte[] bytes,
            CopyDevice device,
            List<Extent> extents,
            Nexus nexus,
            long inactivityNanos,
            LongSupplier nanoClock) {
        this.bytes = bytes;
        this.device = device;
        this.extents = extents;
        this.nexus = nexus;
        this.inactivityNanos = inactivityNanos;
        this.nanoClock = nanoClock;
        use();
    }

    byte[] bytes() {
        return bytes;
    }

    CopyDevice device() {
        return device;
    }

    List<Extent> extents() {
        return extents;
    }

    long lengthBytes() {
        return extents.stream().mapToLong(Extent::lengthBytes).sum();
    }

    /** Whoever had it made: its blocks are read in that nexus's name. */
    Nexus nexus() {
        return nexus;
    }

    /** It is being used: the time after which it expires begins anew. */
    void use() {
        deadlineNanos = nanoClock.getAsLong() + inactivityNanos;
    }

    boolean touches(long offsetBytes, long lengthBytes) {
        for (Extent extent : extents) {
            if (offsetBytes < extent.offsetBytes() + extent.lengthBytes()
                    && extent.offsetBytes() < offsetBytes + lengthBytes) {
                return true;
            }
        }
        return false;
    }

    /** Ends its validity, for the first reason that is given. */
    void invalidate(AdditionalSense reason) {
        if (invalid.compareAndSet(null, reason)) {
            device.watch().remove(this);
        }
    }

    /** Why it is not valid; null if it is. */
    AdditionalSense invalidity() {
        if (invalid.get() == null && nanoClock.getAsLong() - deadlineNanos > 0) {
            invalidate(AdditionalSense.TOKEN_EXPIRED);
        }
        return invalid.get();
    }
}
