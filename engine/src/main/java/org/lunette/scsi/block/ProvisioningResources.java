package org.lunette.scsi.block;

import java.util.List;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogParameter;
import org.lunette.scsi.page.ModePage;
import org.lunette.scsi.page.PageBuffer;

/**
 * How much of what a thin store can take is taken and available: the Logical Block Provisioning log page, which counts
 * threshold sets; SBC-4. Only where the store counts at once. Nobody is warned when a threshold is reached: the Logical
 * Block Provisioning mode page has none that is enabled, or could be.
 */
final class ProvisioningResources {
    private static final int AVAILABLE = 0x0001;
    private static final int USED = 0x0002;
    /** What is counted is this unit's alone. */
    private static final int SCOPE_DEDICATED = 1;
    /** Others may take of it too. */
    private static final int SCOPE_SHARED = 2;

    private static final int COUNT_BITS = 32;

    private final Medium medium;

    ProvisioningResources(Medium medium) {
        this.medium = medium;
    }

    /** Whether there is something to tell. */
    boolean areCounted() {
        return medium.properties().thin() && medium.store().takenBytes() >= 0;
    }

    /**
     * THRESHOLD EXPONENT of VPD page B2h: a set is what the store takes at once, and at least so long that 4 bytes
     * count all sets; not 0, which stands for no sets. 0 where nothing is counted.
     */
    int thresholdExponent() {
        if (!areCounted()) {
            return 0;
        }
        int forCount = Long.SIZE - Long.numberOfLeadingZeros(medium.blocks()) - COUNT_BITS;
        return Math.max(Math.max(1, forCount), ReadCapacity.physicalExponent(medium));
    }

    /** The declaration of the log page, if there is one. */
    List<LogPage> logPages() {
        if (!areCounted()) {
            return List.of();
        }
        return List.of(LogPage.ofLists(
                0x0c,
                "Logical Block Provisioning",
                List.of(
                        LogParameter.list(AVAILABLE, this::available), //
                        LogParameter.list(USED, this::used))));
    }

    private void available(PageBuffer to) {
        write(to, medium.store().availableBytes() / setBytes(), SCOPE_SHARED);
    }

    private void used(PageBuffer to) {
        long setBytes = setBytes();
        write(to, (medium.store().takenBytes() + setBytes - 1) / setBytes, SCOPE_DEDICATED);
    }

    private long setBytes() {
        return medium.bytes(1L << thresholdExponent());
    }

    private static void write(PageBuffer to, long sets, int scope) {
        to.put32(sets).put8(scope).zeros(3);
    }

    /** The declaration of the mode page, if there is one: a threshold for each of the counts, neither enabled. */
    List<ModePage> modePages() {
        if (!areCounted()) {
            return List.of();
        }
        return List.of(ModePage.fixed(
                "Logical Block Provisioning",
                "5c 02 00 1c 00" + " 00".repeat(11) + " 00 01 00 00 00 00 00 00 01 02 00 00 00 00 00 00"));
    }
}
