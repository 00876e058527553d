package org.lunette.filter.rate;

/**
 * What a nexus may have, as the time when all that it took is paid for: a token bucket, whose tokens are nanoseconds.
 * Any thread may call.
 */
final class Bucket {
    private long paidNs;

    /** Takes what costs so many nanoseconds; returns when it may be had. */
    synchronized long take(long nowNs, long costNs, long burstNs) {
        long fromNs = Math.max(paidNs, nowNs);
        paidNs = fromNs + costNs;
        return Math.max(nowNs, fromNs - burstNs);
    }
}
