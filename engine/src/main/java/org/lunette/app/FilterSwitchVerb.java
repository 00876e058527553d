package org.lunette.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;
import org.lunette.filter.Filter;

/** Switches a filter on, or off: then all that it keeps goes on. */
final class FilterSwitchVerb implements Verb {
    private final List<Unit> units;
    private final boolean on;

    FilterSwitchVerb(List<Unit> units, boolean on) {
        this.units = units;
        this.on = on;
    }

    @Override
    public String name() {
        return on ? "filter-on" : "filter-off";
    }

    @Override
    public Set<String> arguments() {
        return Set.of(FilterChoice.NAME, FilterChoice.FILTER);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        Filter filter = FilterChoice.of(units, arguments);
        if (on) {
            filter.switchOn();
        } else {
            filter.switchOff();
        }
        return Map.of("filter", filter.spec().text());
    }
}
