package org.lunette.scsi.copy;

import java.util.ArrayDeque;
import java.util.Deque;
import org.lunette.bridge.memory.Region;

/** Memory to copy through, a buffer for each copy under way; made when first needed and kept. Any thread may call. */
final class CopyBuffers implements AutoCloseable {
    /** What is read and written at a time. */
    static final int PIECE_BYTES = 256 * 1024;

    static final String REGION_NAME = "scsi-copy";

    /** Room for what the step before left over, and for blocks of which only a part is wanted. */
    private static final int ROOM_BYTES = 4 * 64 * 1024;

    private final Deque<Region> free = new ArrayDeque<>();
    private int made;
    private boolean closed;

    /** Takes a buffer; null if all are in use. */
    synchronized Region take() {
        if (!free.isEmpty()) {
            return free.pop();
        }
        if (made == CopyLimits.MAX_COPIES || closed) {
            return null;
        }
        Region buffer = Region.allocate(REGION_NAME, PIECE_BYTES + ROOM_BYTES);
        made++;
        return buffer;
    }

    synchronized void giveBack(Region buffer) {
        if (closed) {
            buffer.close();
        } else {
            free.push(buffer);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        free.forEach(Region::close);
        free.clear();
    }
}
