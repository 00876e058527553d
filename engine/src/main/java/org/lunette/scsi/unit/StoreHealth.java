package org.lunette.scsi.unit;

import java.time.Instant;

/**
 * How a unit's store answers; a moment's view.
 *
 * @param state see {@link State}
 * @param since when that began to be so
 * @param overdueCommands commands over their deadlines that the store still has: what is lent to it for them is in no
 *     other use until it calls back
 */
public record StoreHealth(State state, Instant since, int overdueCommands) {
    /** How a store answers. */
    public enum State {
        /** As it should. */
        HEALTHY,
        /** Some commands take long, or are over their deadlines; others go on. */
        SLOW,
        /** Not any more: commands that need the medium end with NOT READY at once. */
        STUCK
    }
}
