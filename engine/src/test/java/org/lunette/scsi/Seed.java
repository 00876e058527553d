package org.lunette.scsi;

/** The seed of a run's random tests: one for all of them, so that {@code -Dlunette.seed=N} replays whatever it was. */
public final class Seed {
    public static final long OF_THIS_RUN = Long.getLong("lunette.seed", System.nanoTime());

    private Seed() {}
}
