package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.TaskSet;

/**
 * What a block device does with its medium as a whole: ejects and loads, formats and sanitizes it; and what it does
 * about defects.
 */
public final class Maintenance implements AutoCloseable {
    private final MediumOperations operations;
    private final ReassignBlocks reassignBlocks;
    private final List<OpcodeTable.Source> commands;

    /**
     * @param name of the unit
     * @param removable whether the medium can be ejected
     * @param bytesPerS how fast long operations write at most; 0 for no limit
     */
    public Maintenance(
            String name,
            Medium medium,
            boolean removable,
            long bytesPerS,
            Readiness readiness,
            NexusTable nexuses,
            TaskSet tasks,
            SelfTests selfTests,
            StartStopCycles cycles) {
        this.operations = new MediumOperations(name, readiness, tasks, selfTests, bytesPerS);
        this.reassignBlocks = new ReassignBlocks(medium);
        this.commands = List.of(
                new StartStop(medium, removable, readiness, nexuses, cycles),
                new FormatUnit(medium, operations),
                new Sanitize(medium, readiness, operations),
                new ReadDefectData(),
                reassignBlocks);
    }

    /** The commands. */
    public List<OpcodeTable.Source> commands() {
        return commands;
    }

    /** Ends what is under way on the unit's own thread, and waits for that. */
    @Override
    public void close() {
        operations.close();
        reassignBlocks.close();
    }
}
