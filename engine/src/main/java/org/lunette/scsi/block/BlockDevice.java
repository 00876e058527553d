package org.lunette.scsi.block;

import java.util.ArrayList;
import java.util.List;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.ModePage;
import org.lunette.scsi.page.VpdPage;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.Task;

/** All that SBC adds to a logical unit with a {@link Medium}. */
public final class BlockDevice implements AutoCloseable {
    private final Medium medium;
    private final SynchronizeCache cache;
    private final ProvisioningResources resources;
    private final Scratch scratch = new Scratch();
    private final List<OpcodeTable.Source> commands;

    public BlockDevice(Medium medium) {
        this.medium = medium;
        this.cache = new SynchronizeCache(medium);
        this.resources = new ProvisioningResources(medium);
        ReadWrite readWrite = new ReadWrite(medium);
        this.commands = List.of(
                readWrite,
                new Verify(medium, scratch),
                new WriteAndVerify(medium, scratch),
                new CompareAndWrite(medium, scratch),
                new OrWrite(medium, scratch),
                new WriteAtomic(medium, readWrite),
                new WriteSame(medium, scratch),
                new Unmap(medium),
                new GetLbaStatus(medium),
                new PreFetch(),
                new ReadCapacity(medium),
                cache);
    }

    /** The commands. */
    public List<OpcodeTable.Source> commands() {
        return commands;
    }

    /** The VPD pages. */
    public List<VpdPage> vpdPages() {
        return new BlockPages(medium, resources).pages();
    }

    /** The mode pages. */
    public List<ModePage> modePages() {
        List<ModePage> pages = new ArrayList<>(medium.caching().pages());
        pages.addAll(resources.modePages());
        return pages;
    }

    /** The log pages. */
    public List<LogPage> logPages() {
        List<LogPage> pages = new ArrayList<>(resources.logPages());
        pages.addAll(Temperature.logPages(medium.store()));
        return pages;
    }

    /**
     * Makes true what changed mode pages promise, and ends the task of MODE SELECT.
     *
     * @param writesEnd whether the unit is write protected now: what was written before is brought to the medium
     */
    public void settle(Task task, boolean writesEnd) {
        cache.settle(task, writesEnd);
    }

    /** Frees the memory that commands work in. No command is under way. */
    @Override
    public void close() {
        scratch.close();
    }
}
