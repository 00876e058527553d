package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.TaskSet;
import org.lunette.store.KeptValues;

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
     * @param keptValues where it is kept that an operation has spoilt the medium
     * @param bytesPerS how fast long operations write at most; 0 for no limit
     * @throws IllegalArgumentException if what was kept says no such thing
     */
    public Maintenance(
            String name,
            Medium medium,
            boolean removable,
            long bytesPerS,
            Readiness readiness,
            KeptValues keptValues,
            NexusTable nexuses,
            TaskSet tasks,
            SelfTests selfTests,
            StartStopCycles cycles) {
        KeptReadiness kept = new KeptReadiness(keptValues);
        readiness.end(kept.load());
        this.operations = new MediumOperations(name, readiness, kept, tasks, selfTests, bytesPerS);
        this.reassignBlocks = new ReassignBlocks(medium);
        this.commands = List.of(
                new StartStop(medium, removable, readiness, nexuses, cycles),
                new FormatUnit(medium, operations),
                new Sanitize(medium, readiness, kept, operations),
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
