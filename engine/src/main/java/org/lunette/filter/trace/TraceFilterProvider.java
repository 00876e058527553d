package org.lunette.filter.trace;

import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;

/** Makes filters that record commands. */
public final class TraceFilterProvider implements FilterProvider {
    @Override
    public String kind() {
        return "trace";
    }

    @Override
    public String usage() {
        return ",file=PATH - records each command as a line: when, who, CDB, blocks, status, time, CRC of the data";
    }

    @Override
    public Set<String> options() {
        return Set.of("file");
    }

    @Override
    public Filter create(FilterSite site) {
        return new TraceFilter(site);
    }
}
