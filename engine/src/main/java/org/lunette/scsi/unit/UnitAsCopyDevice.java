package org.lunette.scsi.unit;

import java.util.List;
import java.util.function.Consumer;
import org.lunette.command.Command;
import org.lunette.scsi.block.Medium;
import org.lunette.scsi.copy.CopyDevice;
import org.lunette.scsi.copy.WriteWatch;
import org.lunette.scsi.page.Designator;

/** A logical unit, seen by the copy manager. Two are equal only if they are the same. */
final class UnitAsCopyDevice implements CopyDevice {
    private final String name;
    private final List<Designator> designators;
    private final Medium medium;
    private final WriteWatch watch;
    private final Consumer<Command> executor;

    /** @param executor takes commands of the copy manager */
    UnitAsCopyDevice(
            String name, List<Designator> designators, Medium medium, WriteWatch watch, Consumer<Command> executor) {
        this.name = name;
        this.designators = designators;
        this.medium = medium;
        this.watch = watch;
        this.executor = executor;
    }

    @Override
    public List<Designator> designators() {
        return designators;
    }

    @Override
    public int blockBytes() {
        return medium.blockBytes();
    }

    @Override
    public long blocks() {
        return medium.blocks();
    }

    @Override
    public long maxTransferBytes() {
        return medium.bytes(medium.maxTransferBlocks());
    }

    @Override
    public void execute(Command command) {
        executor.accept(command);
    }

    @Override
    public WriteWatch watch() {
        return watch;
    }

    @Override
    public String toString() {
        return "logical unit " + name;
    }
}
