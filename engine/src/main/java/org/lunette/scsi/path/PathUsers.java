package org.lunette.scsi.path;

import java.util.function.BiPredicate;
import org.lunette.command.Command;
import org.lunette.command.Nexus;

/** The commands and nexuses of a logical unit, as far as changes of its paths concern them. Any thread may call. */
public interface PathUsers {
    /**
     * Tells when those commands have ended that are in the task set now and that are picked by their nexus and need.
     *
     * @param except a command that is not waited for; null for none
     * @param then run once, by this thread or the one that ends the last of them
     */
    void whenEnded(BiPredicate<Nexus, PathNeed> picked, Command except, Runnable then);

    /** Tells every nexus but one that states have changed; null for no exception. */
    void stateChanged(Nexus except);

    /** Tells every nexus that a change which no initiator had asked for has failed. */
    void implicitTransitionFailed();
}
