package org.lunette.scsi.copy;

import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.scsi.page.VpdPage;
import org.lunette.scsi.table.OpcodeTable;

/** All that third-party copy adds to one logical unit. Any thread may call. */
public final class UnitCopies implements AutoCloseable {
    private final CopyManager manager;
    private final CopyDevice own;
    private final CopyResults results = new CopyResults();
    private final List<OpcodeTable.Source> commands;

    /**
     * @param manager where the unit finds others; it is registered there by {@link #open}
     * @param own the unit itself
     */
    public UnitCopies(CopyManager manager, CopyDevice own, PendingWrites pendingWrites) {
        this.manager = manager;
        this.own = own;
        this.commands = List.of(
                new ExtendedCopy(manager, own, results),
                new PopulateToken(manager, own, results, pendingWrites),
                new WriteUsingToken(manager, own, results),
                new ReceiveCopyResults(results),
                new RodTokenInformation(own, results));
    }

    /** The commands. */
    public List<OpcodeTable.Source> commands() {
        return commands;
    }

    /** Whether a command changes blocks by commands of the copy manager only, each with a task of its own. */
    public static boolean isCopy(Command command) {
        return command.opcode() == ExtendedCopy.CODE;
    }

    /** The VPD pages. */
    public List<VpdPage> vpdPages() {
        return List.of(new ThirdPartyCopyPage(own.blockBytes()).page());
    }

    /** The unit can be found from now on; see {@link CopyManager#register}. */
    public void open() {
        manager.register(own);
    }

    /** A nexus is lost: copies in its name that are still under way end, and their results are gone. */
    public void nexusLost(Nexus nexus) {
        results.forget(nexus);
    }

    /** A reset of the unit. */
    public void reset() {
        results.reset();
    }

    /** The unit can be found no more, and no copy uses it any more. */
    @Override
    public void close() {
        manager.unregister(own);
    }
}
