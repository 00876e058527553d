package org.lunette.filter.lie;

import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;
import org.lunette.filter.Selection;

/** Makes filters that acknowledge what they do not do. */
public final class LieFilterProvider implements FilterProvider {
    @Override
    public String kind() {
        return "lie";
    }

    @Override
    public String usage() {
        return Selection.USAGE
                + " - acknowledges writes, or what is said, such as opcode=SYNCHRONIZE_CACHE_10, and does nothing";
    }

    @Override
    public Set<String> options() {
        return Selection.OPTIONS;
    }

    @Override
    public Filter create(FilterSite site) {
        return new LieFilter(site);
    }
}
