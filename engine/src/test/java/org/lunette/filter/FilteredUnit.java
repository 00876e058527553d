package org.lunette.filter;

import org.lunette.app.FilterChain;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.unit.LogicalUnit;

/** A unit with filters around it, whose time a test sets. */
public final class FilteredUnit implements AutoCloseable {
    public static final int BLOCKS = 1024;

    public final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    public final ManualTimer timer = new ManualTimer();
    public final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    public final FilterChain chain;

    /** @param filters the outermost first */
    public FilteredUnit(String... filters) {
        try {
            chain = FilterChain.around(unit, java.util.List.of(filters), timer);
        } catch (FilterException e) {
            throw new AssertionError(e);
        }
    }

    /** The outermost filter. */
    public Filter filter() {
        return chain.filters().get(0);
    }

    public void set(String changes) {
        try {
            filter().set(changes);
        } catch (FilterException e) {
            throw new AssertionError(e);
        }
    }

    /** An initiator that reaches the unit through the filters, its power-on attention taken. */
    public Initiator initiator(String name) {
        return Initiator.ready(chain.handler(), name);
    }

    @Override
    public void close() {
        chain.close();
        unit.close();
    }
}
