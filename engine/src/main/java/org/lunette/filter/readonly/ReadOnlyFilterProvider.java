package org.lunette.filter.readonly;

import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;

/** Makes filters that protect a medium from writing. */
public final class ReadOnlyFilterProvider implements FilterProvider {
    @Override
    public String kind() {
        return "read-only";
    }

    @Override
    public String usage() {
        return " - refuses writes with 07/27/00, and shows the medium as write protected";
    }

    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public Filter create(FilterSite site) {
        return new ReadOnlyFilter(site);
    }
}
