package org.lunette.scsi.task;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.lunette.command.Command;
import org.lunette.command.Nexus;

/** One abort of tasks: which, how they end, and whose they were. For one thread. */
final class Abort {
    private final NexusScope scope;
    private final NexusScope withStatus;
    private final Task by;
    private final Drain drain;
    private final Set<Nexus> cleared = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * @param scope whose tasks
     * @param withStatus whose tasks end with TASK ABORTED; all others without status
     * @param by the task that does it; null if it is none
     * @param drain waits for their end
     */
    Abort(NexusScope scope, NexusScope withStatus, Task by, Drain drain) {
        this.scope = scope;
        this.withStatus = withStatus;
        this.by = by;
        this.drain = drain;
    }

    Task by() {
        return by;
    }

    Drain drain() {
        return drain;
    }

    /** Marks a command as aborted, if it is one of these; returns whether it is. */
    boolean mark(Command command, NexusState of) {
        Nexus nexus = of.nexus();
        if (!scope.includes(nexus)) {
            return false;
        }
        if (withStatus.includes(nexus)) {
            command.abort();
        } else {
            command.abortWithoutStatus();
        }
        if (!of.isOfCopyManager()) {
            cleared.add(nexus);
        }
        return true;
    }

    /** The nexuses that have lost commands by it. */
    NexusScope cleared() {
        return cleared::contains;
    }
}
