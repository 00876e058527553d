package org.lunette.scsi.copy;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.scsi.page.Designator;

/** A logical unit as a copy source and copy destination (CSCD); SPC-5. Any thread may call. */
public interface CopyDevice {
    /** The names by which a CSCD descriptor may mean it. */
    List<Designator> designators();

    /** The length of a logical block, in bytes: a power of two. */
    int blockBytes();

    /** The capacity, in logical blocks. */
    long blocks();

    /** The most that one command transfers, in bytes: at least a logical block. */
    long maxTransferBytes();

    /**
     * Executes a command of the copy manager in the name of the command's nexus, which need not be known to the unit:
     * its reservations count, its unit attentions do not. The command ends like any other, now or later.
     */
    void execute(Command command);

    /** Who tells of changes to its blocks. */
    WriteWatch watch();
}
