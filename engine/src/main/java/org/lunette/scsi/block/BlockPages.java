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
    /** WRITE SAME of 0 blocks is refused. */
    private static final int WSNZ = 0x01;
    // After BLOCK ERASE, and CRYPTOGRAPHIC ERASE, blocks can be read before they are written.
    private static final int WABEREQ_NONE = 0x40;
    private static final int WACEREQ_NONE = 0x10;
    private static final int FUAB = 0x02;
    private static final int UGAVALID = 1 << 31;
    private static final int LBPU = 0x80;
    private static final int LBPWS = 0x40;
    private static final int LBPWS10 = 0x20;
    private static final int LBPRZ = 0x04;
    private static final int THIN = 2;

    private final Medium medium;
    private final ProvisioningResources resources;

    BlockPages(Medium medium, ProvisioningResources resources) {
        this.medium = medium;
        this.resources = resources;
    }

    List<VpdPage> pages() {
        return List.of(
                new VpdPage(0xb0, "Block Limits", this::limits),
                new VpdPage(0xb1, "Block Device Characteristics", this::characteristics),
                new VpdPage(0xb2, "Logical Block Provisioning", this::provisioning));
    }

    private void limits(PageBuffer page, Nexus nexus) {
        boolean thin = medium.properties().thin();
        long physical = 1L << ReadCapacity.physicalExponent(medium);
        page.put8(thin ? WSNZ : 0)
                .put8(CompareAndWrite.maxBlocks(medium))
                .put16((int) physical)
                .put32(medium.maxTransferBlocks())
                .put32(Math.min(medium.blocksIn(OPTIMAL_TRANSFER_BYTES), medium.maxTransferBlocks()))
                .put32(0)
                .put32(thin ? Unmap.MAX_BLOCKS : 0)
                .put32(thin ? Unmap.MAX_DESCRIPTORS : 0)
                .put32(thin ? physical : 0)
                .put32(thin ? UGAVALID : 0)
                .put64(WriteSame.MAX_BLOCKS);
        atomicLimits(page);
    }

    private void atomicLimits(PageBuffer page) {
        long most = WriteAtomic.maxBlocks(medium);
        long granularity = most == 0 ? 0 : WriteAtomic.granularity(medium);
        page.put32(most).put32(granularity).put32(granularity).put32(0).put32(0);
    }

    /** No minimum percentage; a thin store has a provisioning type of its own. */
    private void provisioning(PageBuffer page, Nexus nexus) {
        boolean thin = medium.properties().thin();
        page.put8(resources.thresholdExponent())
                .put8(thin ? LBPU | LBPWS | LBPWS10 | LBPRZ : 0)
                .put8(thin ? THIN : 0)
                .put8(0);
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
