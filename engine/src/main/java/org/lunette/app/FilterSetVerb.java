package org.lunette.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;

/** Changes options of a filter while it is in use. */
final class FilterSetVerb implements Verb {
    private static final String OPTIONS = "options";

    private final List<Unit> units;

    FilterSetVerb(List<Unit> units) {
        this.units = units;
    }

    @Override
    public String name() {
        return "filter-set";
    }

    @Override
    public Set<String> arguments() {
        return Set.of(FilterChoice.NAME, FilterChoice.FILTER, OPTIONS);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        Filter filter = FilterChoice.of(units, arguments);
        try {
            filter.set(Verbs.required(arguments, OPTIONS));
        } catch (FilterException e) {
            throw new RefusalException(e.getMessage(), e);
        }
        return Map.of("filter", filter.spec().text());
    }
}
