package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusTable;

/** What a block device does with its medium as a whole: ejects and loads it. */
public final class Maintenance {
    private final List<OpcodeTable.Source> commands;

    /** @param removable whether the medium can be ejected */
    public Maintenance(Medium medium, boolean removable, Readiness readiness, NexusTable nexuses) {
        this.commands = List.of(new StartStop(medium, removable, readiness, nexuses));
    }

    /** The commands. */
    public List<OpcodeTable.Source> commands() {
        return commands;
    }
}
