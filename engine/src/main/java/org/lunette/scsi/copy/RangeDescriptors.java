package org.lunette.scsi.copy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;

/** The block device range descriptors at the end of a parameter list; SBC-4. */
final class RangeDescriptors {
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int MOST_LIST_BYTES = 2 + 0xffff;

    private RangeDescriptors() {}

    /**
     * The parameter list of a command, as far as its own length says. Its first 2 bytes are the data length, and the 2
     * bytes before {@code headerBytes} the length of the range descriptors.
     *
     * @param headerBytes where the range descriptors start
     */
    static ByteBuffer list(Command command, long announcedBytes, int headerBytes) throws CopyFailure {
        int came = (int) Math.min(MOST_LIST_BYTES, Math.min(announcedBytes, command.dataBytes()));
        byte[] bytes = new byte[came];
        came = command.dataOut(bytes, came);
        if (came < headerBytes) {
            throw CopyFailure.listLength();
        }
        ByteBuffer list = ByteBuffer.wrap(bytes, 0, came);
        int dataBytes = 2 + (list.getShort(0) & 0xffff);
        if (dataBytes < headerBytes + DESCRIPTOR_BYTES) {
            throw CopyFailure.invalidParameter(0);
        }
        if (dataBytes > came) {
            throw CopyFailure.listLength();
        }
        int rangeBytes = list.getShort(headerBytes - 2) & 0xffff;
        if (rangeBytes < DESCRIPTOR_BYTES || headerBytes + rangeBytes > dataBytes) {
            throw CopyFailure.invalidParameter(headerBytes - 2);
        }
        return list;
    }

    /** The ranges, which are within the unit and do not overlap, without the empty ones; at most so many bytes. */
    static List<Extent> parse(ByteBuffer list, int headerBytes, CopyDevice device) throws CopyFailure {
        int count = (list.getShort(headerBytes - 2) & 0xffff) / DESCRIPTOR_BYTES; // an incomplete one is ignored
        if (count > CopyLimits.MAX_RANGES) {
            throw CopyFailure.illegal(AdditionalSense.TOO_MANY_SEGMENT_DESCRIPTORS, headerBytes - 2, -1);
        }
        List<Extent> extents = new ArrayList<>();
        long blocks = 0;
        for (int at = headerBytes; at < headerBytes + count * DESCRIPTOR_BYTES; at += DESCRIPTOR_BYTES) {
            long lba = list.getLong(at);
            long length = list.getInt(at + 8) & 0xffff_ffffL;
            if (Long.compareUnsigned(lba, device.blocks()) > 0 || length > device.blocks() - lba) {
                throw CopyFailure.of(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            }
            blocks += length;
            if (length > 0) {
                extents.add(new Extent(device, lba * device.blockBytes(), length * device.blockBytes()));
            }
        }
        if (blocks > CopyLimits.MAX_TOKEN_BYTES / device.blockBytes() || overlap(extents)) {
            throw CopyFailure.invalidParameter(headerBytes);
        }
        return extents;
    }

    private static boolean overlap(List<Extent> extents) {
        long end = 0;
        List<Extent> sorted = new ArrayList<>(extents);
        sorted.sort(Comparator.comparingLong(Extent::offsetBytes));
        for (Extent extent : sorted) {
            if (extent.offsetBytes() < end) {
                return true;
            }
            end = extent.offsetBytes() + extent.lengthBytes();
        }
        return false;
    }
}
