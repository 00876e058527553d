package org.lunette.scsi.reservation;

import org.lunette.command.Nexus;

/**
 * A reservation key that an I_T nexus has registered; SPC-5. It belongs to the two ports, so it outlives a session.
 *
 * @param nexus whose ports these are; compare by {@link #isOf}
 * @param key not 0
 */
public record Registration(Nexus nexus, long key) {
    /** Whether this registration is that of a nexus. */
    public boolean isOf(Nexus other) {
        return nexus.sameAs(other);
    }
}
