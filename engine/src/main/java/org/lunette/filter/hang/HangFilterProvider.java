package org.lunette.filter.hang;

import java.util.HashSet;
import java.util.Set;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;
import org.lunette.filter.Selection;

/** Makes filters that have commands hang. */
public final class HangFilterProvider implements FilterProvider {
    static final String FUNCTIONS = "functions";

    @Override
    public String kind() {
        return "hang";
    }

    @Override
    public String usage() {
        return Selection.USAGE + "[," + FUNCTIONS + "] - has commands never end, until they are aborted or it is"
                + " switched off; with '" + FUNCTIONS + "' aborts and resets hang, too";
    }

    @Override
    public Set<String> options() {
        Set<String> options = new HashSet<>(Selection.OPTIONS);
        options.add(FUNCTIONS);
        return options;
    }

    @Override
    public Filter create(FilterSite site) {
        return new HangFilter(site);
    }
}
