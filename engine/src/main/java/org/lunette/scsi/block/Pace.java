package org.lunette.scsi.block;

/** Holds an operation to a rate, so that it leaves some of the machine to others. For one thread. */
final class Pace {
    private static final double NS_PER_S = 1e9;

    private final long bytesPerS;
    private long dueNs;

    /** @param bytesPerS the rate; 0 for none */
    Pace(long bytesPerS) {
        this.bytesPerS = bytesPerS;
        this.dueNs = System.nanoTime();
    }

    /** So much was written; returns when to go on, as {@link System#nanoTime()} counts. */
    long wrote(long bytes) {
        if (bytesPerS > 0) {
            dueNs = Math.max(dueNs, System.nanoTime() - (long) NS_PER_S) + (long) (bytes * NS_PER_S / bytesPerS);
        }
        return dueNs;
    }
}
