package org.lunette.app;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.lunette.command.CommandHandler;
import org.lunette.filter.CommandTable;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterTimer;
import org.lunette.filter.Filters;
import org.lunette.filter.ThreadTimer;
import org.lunette.scsi.unit.LogicalUnit;

/** The filters around a unit. Any thread may call. */
public final class FilterChain implements AutoCloseable {
    /** The most filters around a unit: each may add a completion to a command, which has room for so many. */
    public static final int MAX_FILTERS = 8;

    private final List<Filter> filters;
    private final CommandHandler handler;
    private final FilterTimer timer;

    private FilterChain(List<Filter> filters, CommandHandler handler, FilterTimer timer) {
        this.filters = List.copyOf(filters);
        this.handler = handler;
        this.timer = timer;
    }

    /**
     * Makes filters around a unit.
     *
     * @param specifications see {@link org.lunette.filter.FilterSpec}; the outermost first
     * @throws FilterException if one cannot be had; then none is left
     */
    public static FilterChain around(LogicalUnit unit, List<String> specifications) throws FilterException {
        return around(unit, specifications, new ThreadTimer("filter-" + unit.name()));
    }

    /** As {@link #around(LogicalUnit, List)}, by another timer, which is closed with the filters. */
    public static FilterChain around(LogicalUnit unit, List<String> specifications, FilterTimer timer)
            throws FilterException {
        if (specifications.size() > MAX_FILTERS) {
            throw new FilterException(
                    specifications.size() + " filters are more than the " + MAX_FILTERS + " that a device takes");
        }
        List<String> innermostFirst = new ArrayList<>(specifications);
        Collections.reverse(innermostFirst);
        CommandTable commands = new UnitCommands(unit.opcodes());
        List<Filter> filters = new ArrayList<>();
        CommandHandler next = unit;
        boolean whole = false;
        try {
            for (String specification : innermostFirst) {
                FilterSite site = new FilterSite(
                        unit.name(), next, commands, unit.blockBytes(), unit::blocks, unit::descriptorSense, timer);
                Filter filter = Filters.open(specification, site);
                filters.add(0, filter);
                next = filter;
            }
            whole = true;
        } finally {
            if (!whole) {
                new FilterChain(filters, next, timer).close();
            }
        }
        return new FilterChain(filters, next, timer);
    }

    /** What commands to the unit go to: the outermost filter, or the unit if there is none. */
    public CommandHandler handler() {
        return handler;
    }

    /** The filters, the outermost first. */
    public List<Filter> filters() {
        return filters;
    }

    /** Ends what the filters keep; from then on they pass on what comes. May be called again. */
    @Override
    public void close() {
        filters.forEach(Filter::close);
        timer.close();
    }
}
