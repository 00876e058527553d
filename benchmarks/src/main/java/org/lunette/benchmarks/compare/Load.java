package org.lunette.benchmarks.compare;

import java.util.List;

/**
 * What is asked of a server for a while.
 *
 * @param name as the report has it
 * @param tool who asks
 * @param blockBytes how much one command transfers
 * @param depth how many commands are under way
 * @param writes whether it writes; reads otherwise
 */
record Load(String name, Tool tool, int blockBytes, int depth, boolean writes) {
    /** Who asks. */
    enum Tool {
        /** libiscsi's own; reads at random places if the blocks are small. */
        ISCSI_PERF,
        /** QEMU's block layer; in the order of the disk. */
        QEMU_IMG
    }

    private static final int SMALL = 4 << 10;
    private static final int LARGE = 128 << 10;

    /** The loads that are reported. */
    static final List<Load> ALL = List.of(
            new Load("iscsi-perf, 4 KiB random read, depth 32", Tool.ISCSI_PERF, SMALL, 32, false),
            new Load("iscsi-perf, 4 KiB random read, depth 1", Tool.ISCSI_PERF, SMALL, 1, false),
            new Load("iscsi-perf, 128 KiB read, depth 8", Tool.ISCSI_PERF, LARGE, 8, false),
            new Load("qemu-img, 4 KiB read, depth 32", Tool.QEMU_IMG, SMALL, 32, false),
            new Load("qemu-img, 4 KiB write, depth 32", Tool.QEMU_IMG, SMALL, 32, true),
            new Load("qemu-img, 128 KiB read, depth 8", Tool.QEMU_IMG, LARGE, 8, false),
            new Load("qemu-img, 128 KiB write, depth 8", Tool.QEMU_IMG, LARGE, 8, true));

    boolean isRandom() {
        return blockBytes == SMALL;
    }
}
