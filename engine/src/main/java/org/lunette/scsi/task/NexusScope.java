package org.lunette.scsi.task;

import org.lunette.command.Nexus;

/** Which of a logical unit's nexuses something concerns. */
@FunctionalInterface
public interface NexusScope {
    /** Every nexus. */
    NexusScope ALL = nexus -> true;

    /** No nexus. */
    NexusScope NONE = nexus -> false;

    boolean includes(Nexus nexus);

    /** Every nexus but one. */
    static NexusScope allBut(Nexus but) {
        return nexus -> nexus != but;
    }

    /** One nexus. */
    static NexusScope only(Nexus one) {
        return nexus -> nexus == one;
    }
}
