package org.lunette.filter.corrupt;

import java.util.HashSet;
import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;
import org.lunette.filter.Selection;

/** Makes filters that flip bits. */
public final class CorruptFilterProvider implements FilterProvider {
    static final String BITS = "bits";

    @Override
    public String kind() {
        return "corrupt";
    }

    @Override
    public String usage() {
        return Selection.USAGE + "[," + BITS + "=N] - flips N bits (1) of what is read, or with opcode=write of what is"
                + " written";
    }

    @Override
    public Set<String> options() {
        Set<String> options = new HashSet<>(Selection.OPTIONS);
        options.add(BITS);
        return options;
    }

    @Override
    public Filter create(FilterSite site) {
        return new CorruptFilter(site);
    }
}
