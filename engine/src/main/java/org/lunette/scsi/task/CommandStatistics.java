package org.lunette.scsi.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * How many commands of each {@link Operation} a logical unit has executed, with how many blocks, and how they ended.
 *
 * <p>A task counts in the cells of the slot that it has in the task set, which are its own until it leaves: no two
 * threads write to one cell at a time, and nothing is allocated. Any thread may read.
 */
public final class CommandStatistics {
    /** What is counted of an operation; {@link #addCommand} relies on the order of the first two. */
    public enum Quantity {
        /** Commands that have ended. */
        COMMANDS,
        /** Logical blocks of those that ended with GOOD. */
        BLOCKS,
        /** The time that commands took, in nanoseconds: an estimate by those that were timed. */
        TIME_NS,
        /** Commands that ended with MEDIUM ERROR or HARDWARE ERROR. */
        ERRORS
    }

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int QUANTITIES = Quantity.values().length;
    private static final int CELLS = Operation.values().length * QUANTITIES;
    // Slots that lie beside each other share no cache line.
    private static final int CELLS_APART = 16;

    private final long[] cells;

    CommandStatistics(int slots) {
        cells = new long[slots * CELLS_APART];
    }

    /** Counts a command that has ended, and its blocks; for the task in that slot. */
    void addCommand(int slot, Operation operation, long blocks) {
        int cell = slot * CELLS_APART + operation.ordinal() * QUANTITIES;
        CELL.setOpaque(cells, cell, cells[cell] + 1);
        CELL.setOpaque(cells, cell + 1, cells[cell + 1] + blocks);
    }

    /** Adds to a count; for the task in that slot. */
    void add(int slot, Operation operation, Quantity quantity, long more) {
        int cell = slot * CELLS_APART + cell(operation, quantity);
        CELL.setOpaque(cells, cell, cells[cell] + more);
    }

    private static int cell(Operation operation, Quantity quantity) {
        return operation.ordinal() * QUANTITIES + quantity.ordinal();
    }

    private long[] sums() {
        long[] sums = new long[CELLS];
        for (int slot = 0; slot < cells.length; slot += CELLS_APART) {
            for (int i = 0; i < CELLS; i++) {
                sums[i] += (long) CELL.getOpaque(cells, slot + i);
            }
        }
        return sums;
    }

    /** The counts since the unit was made, or since the reading was last reset. */
    public Reading reading() {
        return new Reading(this);
    }

    /** Counts that can be reset, without an effect on those of other readings. Any thread may call. */
    public static final class Reading {
        private final CommandStatistics statistics;
        private volatile long[] base = new long[CELLS];

        private Reading(CommandStatistics statistics) {
            this.statistics = statistics;
        }

        /** A count; a moment's view. */
        public long value(Operation operation, Quantity quantity) {
            int cell = cell(operation, quantity);
            return statistics.sums()[cell] - base[cell];
        }

        /** A count for all of these operations. */
        public long value(Quantity quantity, Operation... operations) {
            return Arrays.stream(operations)
                    .mapToLong(operation -> value(operation, quantity))
                    .sum();
        }

        /** Counts from 0 again. */
        public void reset() {
            base = statistics.sums();
        }
    }
}
