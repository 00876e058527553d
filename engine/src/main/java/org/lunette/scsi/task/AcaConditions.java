package org.lunette.scsi.task;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskAttribute;

/**
 * The nexuses that have an ACA condition, and what becomes of new commands while they do; SAM-5, 5.9. Guarded by the
 * {@link TaskOrder}; bounded by the nexuses, which take their conditions with them.
 */
final class AcaConditions {
    private static final int NACA = 0x04;
    private static final int PERSISTENT_RESERVE_OUT = 0x5f;
    private static final int PREEMPT_AND_ABORT = 0x05;
    private static final int SERVICE_ACTION_BITS = 0x1f;
    /** Where the CONTROL byte is, by the group code of the operation code; -1 where the unit knows no command. */
    private static final int[] CONTROL_BYTE_BY_GROUP = {5, 9, 9, -1, 15, 11, -1, -1};

    private final Set<NexusState> faulted = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Whether a CHECK CONDITION of the command establishes the condition: the NACA bit of its CONTROL byte. */
    static boolean isAskedForBy(Command command) {
        int control = CONTROL_BYTE_BY_GROUP[command.opcode() >> 5];
        return control >= 0 && (command.cdb8(control) & NACA) != 0;
    }

    boolean areNone() {
        return faulted.isEmpty();
    }

    boolean isFaulted(NexusState nexus) {
        return faulted.contains(nexus);
    }

    /** A nexus that is lost has none: nobody could clear it. */
    void establish(NexusState nexus) {
        if (!nexus.isLost()) {
            faulted.add(nexus);
        }
    }

    /** Returns whether there was one. */
    boolean clear(NexusScope scope) {
        return faulted.removeIf(nexus -> scope.includes(nexus.nexus()));
    }

    /** Whether tasks of a nexus that have not begun wait for the end of a condition. */
    boolean block(NexusState nexus, boolean perNexus) {
        return perNexus ? isFaulted(nexus) : !areNone();
    }

    /** Whether the command is one that another nexus may clear the condition with. */
    boolean areClearedBy(Command command) {
        return !areNone()
                && command.opcode() == PERSISTENT_RESERVE_OUT
                && (command.cdb8(1) & SERVICE_ACTION_BITS) == PREEMPT_AND_ABORT;
    }

    /**
     * What a new command ends with; null if it goes on, and CHECK CONDITION if its nexus is not the one that may use
     * the ACA attribute.
     *
     * @param otherAcaTask whether the nexus has a command with the ACA attribute already
     */
    ScsiStatus refusal(Task task, boolean perNexus, boolean otherAcaTask) {
        Command command = task.command();
        boolean acaTask = command.attribute() == TaskAttribute.ACA;
        if (isFaulted(task.nexus())) {
            return acaTask && !otherAcaTask ? null : ScsiStatus.ACA_ACTIVE;
        }
        if (areNone() || perNexus) {
            return acaTask ? ScsiStatus.CHECK_CONDITION : null;
        }
        if (!acaTask && areClearedBy(command)) {
            return null;
        }
        return acaTask || isAskedForBy(command) ? ScsiStatus.ACA_ACTIVE : ScsiStatus.BUSY;
    }
}
