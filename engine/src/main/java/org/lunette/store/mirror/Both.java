package org.lunette.store.mirror;

import java.util.concurrent.atomic.AtomicInteger;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/** How one operation ended on either of two stores; done on the thread of the later one. */
abstract class Both {
    private final AtomicInteger left = new AtomicInteger(2);
    private final Half first = new Half();
    private final Half second = new Half();

    /** The end on one store. */
    static final class Half {
        private StoreStatus status;
        private long errorOffsetBytes;

        StoreStatus status() {
            return status;
        }

        @Override
        public String toString() {
            return status == StoreStatus.OK ? "went well" : status + " at byte " + errorOffsetBytes;
        }
    }

    StoreCompletion ofFirst() {
        return (status, errorOffsetBytes) -> ended(first, status, errorOffsetBytes);
    }

    StoreCompletion ofSecond() {
        return (status, errorOffsetBytes) -> ended(second, status, errorOffsetBytes);
    }

    private void ended(Half half, StoreStatus status, long errorOffsetBytes) {
        half.status = status;
        half.errorOffsetBytes = errorOffsetBytes;
        if (left.decrementAndGet() == 0) {
            ended(first, second);
        }
    }

    /** Both have ended. */
    abstract void ended(Half first, Half second);

    /** The first failure of the two, told to a completion; or success. */
    static void tell(StoreCompletion completion, Half first, Half second) {
        Half worse = first.status == StoreStatus.OK ? second : first;
        completion.ended(worse.status, worse.errorOffsetBytes);
    }
}
