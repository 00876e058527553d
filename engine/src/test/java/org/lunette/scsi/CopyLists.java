package org.lunette.scsi;

import java.nio.ByteBuffer;
import java.util.List;
import org.lunette.scsi.unit.LogicalUnit;

/** Builds CDBs and parameter lists of copies for tests. */
final class CopyLists {
    /** LIST ID USAGE. */
    static final int HOLD = 0;

    static final int DISCARD = 2;
    static final int NO_LIST_IDENTIFIER = 3;

    static final int CSCD_BYTES = 32;
    static final int HEADER_BYTES = 16;

    private CopyLists() {}

    /** A CDB of operation code 83h. */
    static byte[] copy(int action, long listIdentifier, int listBytes) {
        byte[] cdb = new byte[16];
        ByteBuffer buffer = ByteBuffer.wrap(cdb).put(0, (byte) 0x83).put(1, (byte) action);
        buffer.putInt(6, (int) listIdentifier).putInt(10, listBytes);
        return cdb;
    }

    /** A CDB of operation code 84h for a list identifier of one byte. */
    static byte[] receive(int action, int listIdentifier) {
        byte[] cdb = new byte[16];
        ByteBuffer.wrap(cdb).put(0, (byte) 0x84).put(1, (byte) action).put(2, (byte) listIdentifier);
        ByteBuffer.wrap(cdb).putInt(10, 4096);
        return cdb;
    }

    /** RECEIVE ROD TOKEN INFORMATION. */
    static byte[] receiveToken(long listIdentifier) {
        byte[] cdb = receive(7, 0);
        ByteBuffer.wrap(cdb).putInt(2, (int) listIdentifier);
        return cdb;
    }

    /** An identification descriptor with the unit's NAA designator. */
    static byte[] cscd(LogicalUnit unit, boolean pad) {
        ByteBuffer descriptor = ByteBuffer.allocate(CSCD_BYTES);
        descriptor.put(0, (byte) 0xe4).put(4, (byte) 1).put(5, (byte) 3).put(7, (byte) 8);
        descriptor.putLong(8, unit.identity().naa()).putInt(28, (pad ? 0x0400_0000 : 0) | unit.blockBytes());
        return descriptor.array();
    }

    /** Block device to block device; {@code flags} has DC (2) and CAT (1). */
    static byte[] segment(int flags, int source, int destination, int blocks, long from, long to) {
        ByteBuffer segment = ByteBuffer.allocate(28);
        segment.put(0, (byte) 2).put(1, (byte) flags).putShort(2, (short) 24);
        segment.putShort(4, (short) source).putShort(6, (short) destination).putShort(10, (short) blocks);
        return segment.putLong(12, from).putLong(20, to).array();
    }

    /** Block device to block device with offset. */
    static byte[] segmentOfBytes(int flags, int source, int destination, int bytes, long from, int skipped, long to) {
        ByteBuffer segment = ByteBuffer.allocate(32);
        segment.put(0, (byte) 0x0a).put(1, (byte) flags).putShort(2, (short) 28);
        segment.putShort(4, (short) source).putShort(6, (short) destination).putInt(8, bytes);
        return segment.putLong(12, from)
                .putLong(20, to)
                .putShort(28, (short) skipped)
                .array();
    }

    /** A parameter list of EXTENDED COPY. */
    static byte[] list(int listIdentifier, int usage, List<byte[]> cscds, List<byte[]> segments) {
        int cscdBytes = cscds.stream().mapToInt(d -> d.length).sum();
        int segmentBytes = segments.stream().mapToInt(d -> d.length).sum();
        ByteBuffer list = ByteBuffer.allocate(HEADER_BYTES + cscdBytes + segmentBytes);
        list.put((byte) listIdentifier).put((byte) (usage << 3)).putShort((short) cscdBytes);
        list.putInt(0).putInt(segmentBytes).putInt(0);
        cscds.forEach(list::put);
        segments.forEach(list::put);
        return list.array();
    }

    /** Block device range descriptors: pairs of LBA and number of blocks. */
    static byte[] ranges(long... lbaAndBlocks) {
        ByteBuffer ranges = ByteBuffer.allocate(lbaAndBlocks.length * 8);
        for (int i = 0; i < lbaAndBlocks.length; i += 2) {
            ranges.putLong(lbaAndBlocks[i]).putInt((int) lbaAndBlocks[i + 1]).putInt(0);
        }
        return ranges.array();
    }

    /** A parameter list of POPULATE TOKEN; {@code flags} has RTV (2) and IMMED (1). */
    static byte[] populate(int flags, int inactivityS, long rodType, byte[] ranges) {
        ByteBuffer list = ByteBuffer.allocate(16 + ranges.length);
        list.putShort((short) (14 + ranges.length)).put((byte) flags).put((byte) 0);
        list.putInt(inactivityS).putInt((int) rodType).putShort((short) 0).putShort((short) ranges.length);
        return list.put(ranges).array();
    }

    /** A parameter list of WRITE USING TOKEN; {@code flags} has DEL_TKN (2) and IMMED (1). */
    static byte[] using(int flags, long offset, byte[] token, byte[] ranges) {
        ByteBuffer list = ByteBuffer.allocate(536 + ranges.length);
        list.putShort((short) (534 + ranges.length)).put((byte) flags);
        list.putLong(8, offset).position(16);
        return list.put(token)
                .putShort(534, (short) ranges.length)
                .position(536)
                .put(ranges)
                .array();
    }

    /** The block device zero ROD token. */
    static byte[] zeroToken() {
        return ByteBuffer.allocate(512)
                .putInt(0, 0xffff_0001)
                .putShort(6, (short) 504)
                .array();
    }
}
