package org.lunette.scsi.copy;

import java.util.Set;
import org.lunette.command.Command;
import org.lunette.command.Nexus;

/** What a {@link Copy} is to do. Called by one thread at a time. */
interface CopyPlan {
    /** Whose bytes are read or written. */
    Set<CopyDevice> devices();

    /**
     * The next step; null if all is done.
     *
     * @param residueBytes what the steps before left over
     * @throws CopyFailure if the copy cannot go on
     */
    CopyStep next(int residueBytes) throws CopyFailure;

    /** In whose name copy sources are read, or destinations written. */
    Nexus nexus(boolean source);

    /**
     * Called when bytes were read and before they are written.
     *
     * @throws CopyFailure if they are not what is to be copied
     */
    default void wasRead() throws CopyFailure {}

    /** An extent of a destination is written. */
    default void extentWritten() {}

    /** A step is done. */
    default void stepDone() {}

    /** What it means that a command of the copy manager to a copy source, or destination, ended like this. */
    CopyFailure failed(boolean source, Command command);
}
