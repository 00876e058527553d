package org.lunette.scsi.block;

import java.util.ArrayDeque;
import java.util.Deque;
import org.lunette.bridge.memory.Region;

/** Pieces of memory to read into, made when first needed and kept; bounded. Any thread may call. */
final class Scratch implements AutoCloseable {
    /** The length of a piece: at least the longest logical block. */
    static final int PIECE_BYTES = Medium.MAX_BLOCK_BYTES;
    /** How many pieces there may be. */
    static final int MAX_PIECES = 64;

    private final Deque<Region> free = new ArrayDeque<>();
    private int made;
    private boolean closed;

    /** Takes a piece; null if all are in use. */
    synchronized Region take() {
        if (!free.isEmpty()) {
            return free.pop();
        }
        if (made == MAX_PIECES || closed) {
            return null;
        }
        Region piece = Region.allocate("scsi-verify", PIECE_BYTES);
        made++;
        return piece;
    }

    synchronized void giveBack(Region piece) {
        if (closed) {
            piece.close();
        } else {
            free.push(piece);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        free.forEach(Region::close);
        free.clear();
    }
}
