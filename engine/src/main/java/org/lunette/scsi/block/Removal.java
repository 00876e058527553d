package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.reservation.Access;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.UnitAttention;

/**
 * PREVENT ALLOW MEDIUM REMOVAL, and what it prevents; SBC-4. A nexus prevents removal until it allows it, is lost or
 * preempted, or the unit is reset; meanwhile nobody ejects or loads the medium.
 */
final class Removal implements OpcodeTable.Source {
    private static final int PREVENT = 0x01;
    private static final int OBSOLETE = 0x02;

    private final Readiness readiness;
    private final NexusTable nexuses;
    private final StartStopCycles cycles;

    Removal(Readiness readiness, NexusTable nexuses, StartStopCycles cycles) {
        this.readiness = readiness;
        this.nexuses = nexuses;
        this.cycles = cycles;
    }

    @Override
    public void declare(List<Opcode> commands) {
        commands.add(Opcode.named("PREVENT ALLOW MEDIUM REMOVAL", "1e 00 00 00 01 00")
                .access(Access.WRITE)
                .freeAccessIf(4, PREVENT, 0)
                .refuse(4, OBSOLETE)
                .handledBy(this::preventOrAllow));
    }

    private void preventOrAllow(Task task) {
        if (task.endedByAbort()) {
            return;
        }
        // Not between another nexus's look and its eject: who was told that removal is prevented finds the medium.
        synchronized (this) {
            task.nexus().preventRemoval((task.command().cdb8(4) & PREVENT) != 0);
        }
        task.good();
    }

    boolean isPrevented() {
        return nexuses.removalPrevented();
    }

    /** Ejects the medium, if nobody prevents that, and ends the task. */
    void eject(Task task) {
        Readiness.State now = null;
        synchronized (this) {
            if (!isPrevented()) {
                boolean loaded = readiness.state() != Readiness.State.EJECTED;
                now = readiness.eject();
                if (loaded && now == Readiness.State.EJECTED) {
                    cycles.unloaded();
                }
            }
        }
        if (now == null) {
            refuse(task);
        } else if (now == Readiness.State.EJECTED) {
            task.good();
        } else {
            readiness.refuse(task, now);
        }
    }

    /** Loads the medium, if nobody prevents that, and ends the task. Whoever loaded it knows that it is ready. */
    void load(Task task) {
        boolean prevented;
        boolean loaded;
        synchronized (this) {
            prevented = isPrevented();
            loaded = !prevented && readiness.load();
        }
        if (prevented) {
            refuse(task);
            return;
        }
        if (loaded) {
            nexuses.raise(
                    UnitAttention.MEDIUM_CHANGED, NexusScope.allBut(task.nexus().nexus()));
        }
        task.good();
    }

    private static void refuse(Task task) {
        task.fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.MEDIUM_REMOVAL_PREVENTED);
    }
}
