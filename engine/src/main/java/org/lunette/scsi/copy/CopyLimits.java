package org.lunette.scsi.copy;

/** What the copy manager takes at most: the same numbers in the checks, in OPERATING PARAMETERS and in VPD page 8Fh. */
final class CopyLimits {
    /** Copies under way in the engine; more end with BUSY. */
    static final int MAX_COPIES = 16;
    /** Copies of one nexus at one unit whose results are kept. */
    static final int MAX_RESULTS = 32;

    static final int MAX_CSCDS = 16;
    static final int MAX_SEGMENTS = 64;
    /** CSCD and segment descriptors together, of the longest kinds. */
    static final int MAX_LIST_BYTES =
            MAX_CSCDS * CscdDescriptor.LENGTH_BYTES + MAX_SEGMENTS * SegmentDescriptor.MAX_LENGTH_BYTES;

    static final int MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

    /** Block device range descriptors of one command. */
    static final int MAX_RANGES = 64;
    /** ROD tokens of the engine. */
    static final int MAX_TOKENS = 256;
    /** What one token stands for, and one WRITE USING TOKEN writes. */
    static final long MAX_TOKEN_BYTES = 1L << 30;

    static final long OPTIMAL_TOKEN_BYTES = 64 * 1024 * 1024;
    static final int DEFAULT_INACTIVITY_S = 60;
    static final int MAX_INACTIVITY_S = 600;

    private CopyLimits() {}
}
