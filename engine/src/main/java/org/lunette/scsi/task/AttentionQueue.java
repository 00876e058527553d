package org.lunette.scsi.task;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The unit attention conditions that one nexus has not yet been told of; SAM-5, 5.14. Each condition is pending at most
 * once, so the queue is bounded by their number. Any thread may call.
 */
public final class AttentionQueue {
    /** Conditions that are reported even where a command would end with RESERVATION CONFLICT; SAM-5, 5.3.3. */
    public static final int BEFORE_RESERVATION_CONFLICT = mask(
            UnitAttention.POWER_ON_OR_RESET, UnitAttention.POWER_ON, UnitAttention.RESET, UnitAttention.NEXUS_LOSS);
    /** All conditions. */
    public static final int ALL = mask(UnitAttention.values());

    private final AtomicInteger pending = new AtomicInteger();

    /** Conditions, to be given to {@link #take} and {@link #has}. */
    public static int mask(UnitAttention... attentions) {
        int mask = 0;
        for (UnitAttention attention : attentions) {
            mask |= attention.bit();
        }
        return mask;
    }

    /** Makes a condition pending. One of power on, reset or nexus loss includes those of them that come after it. */
    public void add(UnitAttention attention) {
        int included = BEFORE_RESERVATION_CONFLICT & -(attention.bit() << 1);
        int before = BEFORE_RESERVATION_CONFLICT & attention.bit() - 1;
        boolean grave = (attention.bit() & BEFORE_RESERVATION_CONFLICT) != 0;
        pending.updateAndGet(old -> {
            if (!grave) {
                return old | attention.bit();
            }
            return (old & before) != 0 ? old : old & ~included | attention.bit();
        });
    }

    /** Whether any of the conditions in {@code mask} is pending. */
    public boolean has(int mask) {
        return (pending.get() & mask) != 0;
    }

    /**
     * The pending condition of the highest precedence among those in {@code mask}, which stays; null if there is none.
     */
    public UnitAttention first(int mask) {
        int first = Integer.lowestOneBit(pending.get() & mask);
        return first == 0 ? null : UnitAttention.ofOrdinal(Integer.numberOfTrailingZeros(first));
    }

    /** How many conditions are pending; a moment's view. */
    public int size() {
        return Integer.bitCount(pending.get());
    }

    /** Takes the pending condition of the highest precedence among those in {@code mask}; null if there is none. */
    public UnitAttention take(int mask) {
        while (true) {
            int old = pending.get();
            int first = Integer.lowestOneBit(old & mask);
            if (first == 0) {
                return null;
            }
            if (pending.compareAndSet(old, old & ~first)) {
                return UnitAttention.ofOrdinal(Integer.numberOfTrailingZeros(first));
            }
        }
    }
}
