package org.lunette.filter.rate;

import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;

/** Makes filters that limit how much a nexus gets. */
public final class RateFilterProvider implements FilterProvider {
    @Override
    public String kind() {
        return "rate";
    }

    @Override
    public String usage() {
        return "[,iops=N][,bytes=SIZE][,burst=T] - lets each nexus have N reads and writes, and SIZE bytes, a second";
    }

    @Override
    public Set<String> options() {
        return Set.of("iops", "bytes", "burst");
    }

    @Override
    public Filter create(FilterSite site) {
        return new RateFilter(site);
    }
}
