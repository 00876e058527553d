package org.lunette.scsi.block;

import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/** Memory full of what the medium is to be overwritten with; for one operation. Its owner closes it. */
final class FillPattern implements AutoCloseable {
    /** Whole logical blocks, whatever their length is. */
    static final int PIECE_BYTES = 1 << 20;

    private final Region region = Region.allocate("scsi-fill", PIECE_BYTES);

    /** Fills it with blocks, in each of which a pattern repeats from its start, as it is or inverted. */
    void fill(byte[] pattern, boolean inverted, int blockBytes) {
        byte[] block = new byte[blockBytes];
        for (int i = 0; i < blockBytes; i++) {
            block[i] = (byte) (pattern[i % pattern.length] ^ (inverted ? 0xff : 0));
        }
        for (int at = 0; at < PIECE_BYTES; at += blockBytes) {
            Memory.copy(block, 0, region.address() + at, blockBytes);
        }
    }

    long address() {
        return region.address();
    }

    @Override
    public void close() {
        region.close();
    }
}
