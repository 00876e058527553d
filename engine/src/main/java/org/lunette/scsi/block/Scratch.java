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

    /** A piece that is lent; for one thread at a time. */
    final class Loan {
        private final long address;
        private Region piece;

        private Loan(Region piece) {
            this.piece = piece;
            this.address = piece.address();
        }

        long address() {
            return address;
        }

        /** Gives the piece back, if it was not given back before. */
        void giveBack() {
            if (piece != null) {
                Scratch.this.giveBack(piece);
                piece = null;
            }
        }
    }

    /** Lends a piece; null if all are lent. */
    synchronized Loan lend() {
        if (!free.isEmpty()) {
            return new Loan(free.pop());
        }
        if (made == MAX_PIECES || closed) {
            return null;
        }
        Region piece = Region.allocate("scsi-scratch", PIECE_BYTES);
        made++;
        return new Loan(piece);
    }

    private synchronized void giveBack(Region piece) {
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
