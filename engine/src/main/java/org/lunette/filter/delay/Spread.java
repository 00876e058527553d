package org.lunette.filter.delay;

import org.lunette.filter.Chance;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSpec;

/** How the times of single commands lie around the one that is said. */
enum Spread {
    /** All are the same. */
    FIXED,
    /** From nothing to twice the time. */
    UNIFORM,
    /** As the times between events that know nothing of each other: mostly short, sometimes very long. */
    EXPONENTIAL;

    private static final double LONGEST = 20;

    static Spread of(FilterSpec spec) throws FilterException {
        String word = spec.value("spread", "fixed");
        return switch (word) {
            case "fixed" -> FIXED;
            case "uniform" -> UNIFORM;
            case "exponential" -> EXPONENTIAL;
            default -> throw spec.wrong("spread=" + word + " is none of fixed, uniform, exponential");
        };
    }

    long apply(long meanNs, Chance chance) {
        return switch (this) {
            case FIXED -> meanNs;
            case UNIFORM -> (long) (meanNs * 2 * chance.fraction());
            case EXPONENTIAL -> (long) (meanNs * Math.min(LONGEST, -Math.log1p(-chance.fraction())));
        };
    }
}
