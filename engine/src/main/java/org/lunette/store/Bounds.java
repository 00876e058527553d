package org.lunette.store;

import java.util.Objects;

/** The check that each operation of a {@link Store} begins with. */
public final class Bounds {
    private Bounds() {}

    /**
     * Whether a range is beyond a store of {@code sizeBytes}; then the operation has ended, with
     * {@link StoreStatus#OUT_OF_RANGE}.
     *
     * @throws IndexOutOfBoundsException if no store could have the range
     */
    public static boolean areExceeded(long sizeBytes, long offsetBytes, long lengthBytes, StoreCompletion completion) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, Long.MAX_VALUE);
        boolean beyond = lengthBytes > sizeBytes - offsetBytes;
        if (beyond) {
            completion.ended(StoreStatus.OUT_OF_RANGE, -1);
        }
        return beyond;
    }
}
