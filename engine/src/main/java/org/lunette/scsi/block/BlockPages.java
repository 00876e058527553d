package org.lunette.scsi.block;

import java.util.List;
import org.lunette.command.Nexus;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.page.VpdPage;

/** The VPD pages of a block device: B0h, B1h, B2h; SBC-4. */
final class BlockPages {
    private static final int OPTIMAL_TRANSFER_BYTES = 1024 * 1024;
    private static final int LONG_PAGE_BYTES = 60;
    private static final int NON_ROTATING = 1;
    private static final int ROTATIONS_PER_MINUTE = 7200;
    // After BLOCK ERASE, and CRYPTOGRAPHIC ERASE, blocks can be read before they are written.
    private static final int WABEREQ_NONE = 0x40;
    private static final int WACEREQ_NONE = 0x10;
    private static final int FUAB = 0x02;

    private final Medium medium;

    BlockPages(Medium medium) {
        this.medium = medium;
    }

    List<VpdPage> pages() {
        return List.of(
                new VpdPage(0xb0, "Block Limits", this::limits),
                new VpdPage(0xb1, "Block Device Characteristics", this::characteristics),
                // No threshold, no LBPU, LBPWS or LBPRZ, provisioning type 0: fully provisioned.
                new VpdPage(0xb2, "Logical Block Provisioning", (page, nexus) -> page.zeros(4)));
    }

    private void limits(PageBuffer page, Nexus nexus) {
        long optimal = Math.min(medium.blocksIn(OPTIMAL_TRANSFER_BYTES), medium.maxTransferBlocks());
        page.zeros(2)
                .put16(1 << ReadCapacity.physicalExponent(medium))
                .put32(medium.maxTransferBlocks())
                .put32(optimal)
                .zeros(LONG_PAGE_BYTES - 12);
    }

    private void characteristics(PageBuffer page, Nexus nexus) {
        page.put16(medium.properties().rotational() ? ROTATIONS_PER_MINUTE : NON_ROTATING)
                .put8(0)
                .put8((Sanitize.erasesBlocks(medium) ? WABEREQ_NONE : 0)
                        | (Sanitize.erasesKeys(medium) ? WACEREQ_NONE : 0))
                .put8(FUAB)
                .zeros(LONG_PAGE_BYTES - 5);
    }
}
