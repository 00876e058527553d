package org.lunette.scsi.copy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lunette.command.AdditionalSense;

/**
 * The parameter list of EXTENDED COPY(LID1), taken apart; SPC-5.
 *
 * @param listIdentifier the LIST IDENTIFIER
 * @param usage the LIST ID USAGE
 */
record CopyList(int listIdentifier, int usage, List<CscdDescriptor> cscds, List<SegmentDescriptor> segments) {
    static final int HEADER_BYTES = 16;
    /** The most that there is reason to look at. */
    static final int MAX_BYTES = HEADER_BYTES + CopyLimits.MAX_LIST_BYTES;

    // LIST ID USAGE.
    static final int HOLD = 0;
    static final int DISCARD = 2;
    static final int NO_LIST_IDENTIFIER = 3;

    private static final int FLAGS = 1;
    private static final int CSCD_LENGTH = 2;
    private static final int SEGMENT_LENGTH = 8;
    private static final int INLINE_LENGTH = 12;

    /**
     * Takes a list apart.
     *
     * @param bytes what came, as far as there is reason to look at it
     * @param lengthBytes how many bytes came, and were announced
     */
    static CopyList parse(byte[] bytes, long lengthBytes) throws CopyFailure {
        if (lengthBytes < HEADER_BYTES) {
            throw CopyFailure.listLength();
        }
        ByteBuffer list = ByteBuffer.wrap(bytes);
        int usage = list.get(FLAGS) >> 3 & 3;
        int listIdentifier = list.get(0) & 0xff;
        if (usage == 1) {
            throw CopyFailure.illegal(AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, FLAGS, 4);
        }
        if (usage == NO_LIST_IDENTIFIER && listIdentifier != 0) {
            throw CopyFailure.invalidParameter(0);
        }
        int cscdBytes = list.getShort(CSCD_LENGTH) & 0xffff;
        long segmentBytes = list.getInt(SEGMENT_LENGTH) & 0xffff_ffffL;
        if (list.getInt(INLINE_LENGTH) != 0) {
            throw CopyFailure.illegal(AdditionalSense.INLINE_DATA_LENGTH_EXCEEDED, INLINE_LENGTH, -1);
        }
        long descriptorBytes = cscdBytes + segmentBytes;
        if (descriptorBytes > CopyLimits.MAX_LIST_BYTES || HEADER_BYTES + descriptorBytes > lengthBytes) {
            throw CopyFailure.listLength();
        }
        if (cscdBytes % CscdDescriptor.LENGTH_BYTES != 0) {
            throw CopyFailure.invalidParameter(CSCD_LENGTH);
        }
        List<CscdDescriptor> cscds = cscds(list, cscdBytes);
        List<SegmentDescriptor> segments =
                segments(list, HEADER_BYTES + cscdBytes, (int) (HEADER_BYTES + descriptorBytes));
        return new CopyList(listIdentifier, usage, cscds, segments);
    }

    private static List<CscdDescriptor> cscds(ByteBuffer list, int lengthBytes) throws CopyFailure {
        if (lengthBytes > CopyLimits.MAX_CSCDS * CscdDescriptor.LENGTH_BYTES) {
            throw CopyFailure.illegal(AdditionalSense.TOO_MANY_TARGET_DESCRIPTORS, CSCD_LENGTH, -1);
        }
        List<CscdDescriptor> cscds = new ArrayList<>();
        for (int at = HEADER_BYTES; at < HEADER_BYTES + lengthBytes; at += CscdDescriptor.LENGTH_BYTES) {
            cscds.add(CscdDescriptor.parse(list, at));
        }
        return cscds;
    }

    private static List<SegmentDescriptor> segments(ByteBuffer list, int from, int end) throws CopyFailure {
        List<SegmentDescriptor> segments = new ArrayList<>();
        for (int at = from; at < end; ) {
            int length = SegmentDescriptor.lengthBytes(list, at, end);
            if (segments.size() == CopyLimits.MAX_SEGMENTS) {
                throw CopyFailure.illegal(AdditionalSense.TOO_MANY_SEGMENT_DESCRIPTORS, SEGMENT_LENGTH, -1);
            }
            segments.add(SegmentDescriptor.parse(list, at));
            at += length;
        }
        return segments;
    }
}
