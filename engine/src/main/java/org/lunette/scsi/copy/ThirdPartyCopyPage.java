package org.lunette.scsi.copy;

import org.lunette.command.Nexus;
import org.lunette.scsi.page.PageBuffer;
import org.lunette.scsi.page.VpdPage;

/** VPD page 8Fh, Third-party Copy; SPC-5, and SBC-4 for what concerns tokens. */
final class ThirdPartyCopyPage {
    /** The descriptor types of EXTENDED COPY that are there, by code. */
    static final byte[] DESCRIPTORS = {
        SegmentDescriptor.BLOCK_TO_BLOCK, SegmentDescriptor.BLOCK_TO_BLOCK_WITH_OFFSET, (byte) CscdDescriptor.TYPE_CODE
    };

    private static final int CODE = 0x8f;
    private static final int LOG2_OF_GRANULARITY = 9;
    private static final int TOKEN_IN = 0x02;
    private static final int TOKEN_OUT = 0x01;

    private final int blockBytes;

    ThirdPartyCopyPage(int blockBytes) {
        this.blockBytes = blockBytes;
    }

    VpdPage page() {
        return new VpdPage(CODE, "Third-party Copy", this::write);
    }

    private void write(PageBuffer page, Nexus nexus) {
        descriptor(page, 0x0000, tokenLimits());
        descriptor(page, 0x0001, commands());
        PageBuffer parameters =
                new PageBuffer().zeros(4).put16(CopyLimits.MAX_CSCDS).put16(CopyLimits.MAX_SEGMENTS);
        descriptor(page, 0x0004, parameters.put32(CopyLimits.MAX_LIST_BYTES).zeros(16));
        descriptor(page, 0x0008, new PageBuffer().put8(DESCRIPTORS.length).put(DESCRIPTORS));
        descriptor(page, 0x000c, new PageBuffer().put16(2).put16(CscdDescriptor.OWN_UNIT));
        descriptor(page, 0x0106, tokenFeatures());
        descriptor(page, 0x0108, tokenTypes());
        descriptor(page, 0x8001, generalCopyOperations());
    }

    private static void descriptor(PageBuffer page, int type, PageBuffer contents) {
        contents.zeros(-contents.length() & 3);
        page.put16(type).put16(contents.length()).put(contents.toBytes());
    }

    private PageBuffer tokenLimits() {
        return new PageBuffer()
                .zeros(6)
                .put16(CopyLimits.MAX_RANGES)
                .put32(CopyLimits.MAX_INACTIVITY_S)
                .put32(CopyLimits.DEFAULT_INACTIVITY_S)
                .put64(CopyLimits.MAX_TOKEN_BYTES / blockBytes)
                .put64(CopyLimits.OPTIMAL_TOKEN_BYTES / blockBytes);
    }

    private static PageBuffer commands() {
        byte[] copies = {ExtendedCopy.LID1, PopulateToken.SERVICE_ACTION, WriteUsingToken.SERVICE_ACTION};
        byte[] receives = {
            ReceiveCopyResults.COPY_STATUS,
            ReceiveCopyResults.OPERATING_PARAMETERS,
            ReceiveCopyResults.FAILURE_DETAILS,
            RodTokenInformation.SERVICE_ACTION
        };
        return new PageBuffer()
                .put8(4 + copies.length + receives.length)
                .put8(ExtendedCopy.CODE)
                .put8(copies.length)
                .put(copies)
                .put8(ReceiveCopyResults.CODE)
                .put8(receives.length)
                .put(receives);
    }

    private static PageBuffer tokenFeatures() {
        PageBuffer block = new PageBuffer()
                .put8(0) // of block devices
                .put8(0)
                .put16(0x2c)
                .zeros(4)
                .put64(CopyLimits.MAX_TOKEN_BYTES)
                .put64(CopyLimits.OPTIMAL_TOKEN_BYTES)
                .put64(CopyLimits.OPTIMAL_TOKEN_BYTES)
                .put64(CopyLimits.OPTIMAL_TOKEN_BYTES)
                .zeros(8);
        return new PageBuffer()
                .zeros(12)
                .put32(1)
                .put32(CopyLimits.MAX_INACTIVITY_S)
                .put32(CopyLimits.MAX_INACTIVITY_S)
                .zeros(18)
                .put16(block.length())
                .put(block.toBytes());
    }

    private static PageBuffer tokenTypes() {
        PageBuffer types = new PageBuffer();
        types.put32(RodToken.CHANGE_VULNERABLE).put8(TOKEN_IN | TOKEN_OUT).zeros(59);
        types.put32(RodToken.BLOCK_DEVICE_ZERO).put8(TOKEN_IN).zeros(59);
        return new PageBuffer().zeros(2).put16(types.length()).put(types.toBytes());
    }

    private static PageBuffer generalCopyOperations() {
        return new PageBuffer()
                .put32(CopyLimits.MAX_COPIES)
                .put32(CopyLimits.MAX_COPIES)
                .put32(CopyLimits.MAX_SEGMENT_BYTES)
                .put8(LOG2_OF_GRANULARITY)
                .zeros(19);
    }
}
