package org.lunette.scsi.block;

import org.lunette.store.EncryptedStore;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/**
 * A part of an operation on the whole medium: goes over all bytes of the store in pieces, or does one thing.
 *
 * @param lengthBytes how far it goes; 0 if it does one thing
 * @param pieceBytes how long a piece is at most
 * @param prepare is run before the first piece
 * @param action deals with a piece
 */
record MediumPass(long lengthBytes, long pieceBytes, Runnable prepare, Action action) {
    private static final long UNMAP_PIECE_BYTES = 64L << 20;
    private static final byte[] ZERO = {0};

    /** What is done with a piece. */
    @FunctionalInterface
    interface Action {
        /** Starts it; returns how many bytes of data it writes. */
        long start(long offsetBytes, long lengthBytes, StoreCompletion completion);
    }

    private static MediumPass once(Action action) {
        return new MediumPass(0, 1, () -> {}, action);
    }

    /** Overwrites every block with a pattern. The bytes after the last block are overwritten too. */
    static MediumPass overwrite(Medium medium, FillPattern fill, byte[] pattern, boolean inverted) {
        Store store = medium.store();
        return new MediumPass(
                store.sizeBytes(),
                FillPattern.PIECE_BYTES,
                () -> fill.fill(pattern, inverted, medium.blockBytes()),
                (offset, length, completion) -> {
                    store.write(offset, fill.address(), (int) length, false, completion);
                    return length;
                });
    }

    /** Overwrites with zeros what takes space. */
    static MediumPass overwriteWhatIsTaken(Medium medium, FillPattern fill) {
        Store store = medium.store();
        MediumPass all = overwrite(medium, fill, ZERO, false);
        return new MediumPass(all.lengthBytes, all.pieceBytes, all.prepare, (offset, length, completion) -> {
            if (-store.extentBytes(offset) >= length) {
                completion.ended(StoreStatus.OK, -1);
                return 0;
            }
            return all.action.start(offset, length, completion);
        });
    }

    /** Makes everything read as zeros. */
    static MediumPass clear(Medium medium, FillPattern fill) {
        return medium.properties().thin() ? unmap(medium) : overwrite(medium, fill, ZERO, false);
    }

    /** Gives back all space. */
    static MediumPass unmap(Medium medium) {
        Store store = medium.store();
        return new MediumPass(store.sizeBytes(), UNMAP_PIECE_BYTES, () -> {}, (offset, length, completion) -> {
            store.unmap(offset, length, completion);
            return 0;
        });
    }

    /** Makes durable what came before. */
    static MediumPass flush(Medium medium) {
        return once((offset, length, completion) -> {
            medium.store().flush(0, medium.store().sizeBytes(), completion);
            return 0;
        });
    }

    /** Makes what was written unreadable. */
    static MediumPass eraseKeys(EncryptedStore store) {
        return once((offset, length, completion) -> {
            store.eraseKeys(completion);
            return 0;
        });
    }
}
