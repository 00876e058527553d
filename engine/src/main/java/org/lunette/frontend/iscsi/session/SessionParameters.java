package org.lunette.frontend.iscsi.session;

/**
 * What login negotiates for a session and its connection; RFC 7143, clause 13. It starts out with the defaults of the
 * standard.
 */
final class SessionParameters {
    static final int DEFAULT_MAX_RECV_DATA_SEGMENT_BYTES = 8192;

    /** The initiator's MaxRecvDataSegmentLength: the longest data segment that it takes. */
    int sendSegmentBytes = DEFAULT_MAX_RECV_DATA_SEGMENT_BYTES;

    int maxBurstBytes = 262_144;
    private int firstBurstBytes = 65_536;
    boolean initialR2t = true;
    boolean immediateData = true;
    int maxOutstandingR2t = 1;
    /** iSCSIProtocolLevel: from 2 on there are the task management functions of RFC 7144. */
    int protocolLevel = 1;

    /** FirstBurstLength; never more than MaxBurstLength, in whichever order they were agreed on. */
    int firstBurstBytes() {
        return Math.min(firstBurstBytes, maxBurstBytes);
    }

    void setFirstBurstBytes(int bytes) {
        this.firstBurstBytes = bytes;
    }
}
