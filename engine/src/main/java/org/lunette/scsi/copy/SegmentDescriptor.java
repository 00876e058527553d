package org.lunette.scsi.copy;

import java.nio.ByteBuffer;
import org.lunette.command.AdditionalSense;

/**
 * A segment descriptor: block device to block device, 02h, and the same with offset, 0Ah; SPC-5.
 *
 * @param inBytes whether {@code count} is of bytes (0Ah), else of blocks
 * @param ofDestination the DC bit: whether blocks are the destination's, else the source's
 * @param cat the CAT bit: whether bytes left over come before those of the next segment
 * @param source the source's CSCD descriptor ID
 * @param destination the destination's
 * @param sourceOffset bytes to leave out from the source's first block
 */
record SegmentDescriptor(
        boolean inBytes,
        boolean ofDestination,
        boolean cat,
        int source,
        int destination,
        long count,
        long sourceLba,
        long destinationLba,
        int sourceOffset) {
    static final int BLOCK_TO_BLOCK = 0x02;
    static final int BLOCK_TO_BLOCK_WITH_OFFSET = 0x0a;
    static final int MAX_LENGTH_BYTES = 32;

    // Where fields are.
    static final int SOURCE = 4;
    static final int DESTINATION = 6;
    static final int SOURCE_LBA = 12;
    static final int DESTINATION_LBA = 20;

    private static final int HEADER_BYTES = 4;
    private static final int BLOCK_TO_BLOCK_BYTES = 28;
    private static final int DC = 0x02;
    private static final int CAT = 0x01;

    /** The length of the descriptor that starts there, if there is room for it. */
    static int lengthBytes(ByteBuffer list, int at, int end) throws CopyFailure {
        int length = switch (list.get(at)) {
            case BLOCK_TO_BLOCK -> BLOCK_TO_BLOCK_BYTES;
            case BLOCK_TO_BLOCK_WITH_OFFSET -> MAX_LENGTH_BYTES;
            default -> throw CopyFailure.illegal(AdditionalSense.UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE, at, -1);
        };
        if (at + length > end) {
            throw CopyFailure.listLength();
        }
        if ((list.getShort(at + 2) & 0xffff) != length - HEADER_BYTES) {
            throw CopyFailure.invalidParameter(at + 2);
        }
        return length;
    }

    static SegmentDescriptor parse(ByteBuffer list, int at) throws CopyFailure {
        boolean withOffset = list.get(at) == BLOCK_TO_BLOCK_WITH_OFFSET;
        int flags = list.get(at + 1);
        if (withOffset && list.getShort(at + 30) != 0) {
            throw CopyFailure.invalidParameter(at + 30); // whole blocks are written
        }
        return new SegmentDescriptor(
                withOffset,
                !withOffset && (flags & DC) != 0,
                (flags & CAT) != 0,
                list.getShort(at + SOURCE) & 0xffff,
                list.getShort(at + DESTINATION) & 0xffff,
                withOffset ? list.getInt(at + 8) & 0xffff_ffffL : list.getShort(at + 10) & 0xffff,
                list.getLong(at + SOURCE_LBA),
                list.getLong(at + DESTINATION_LBA),
                withOffset ? list.getShort(at + 28) & 0xffff : 0);
    }

    /** Where the field is that says how much is copied. */
    int countField() {
        return inBytes ? 8 : 10;
    }
}
