package org.lunette.app;

import java.util.List;
import java.util.Map;
import org.lunette.admin.RefusalException;
import org.lunette.filter.Filter;

/** Which filter a request means: the arguments that verbs of filters have in common. */
final class FilterChoice {
    static final String NAME = "name";
    static final String FILTER = "filter";

    private FilterChoice() {}

    /** By its kind, if the device has only one of that kind, or by its number. */
    static Filter of(List<Unit> units, Map<String, String> arguments) throws RefusalException {
        Unit unit = Verbs.unit(units, Verbs.required(arguments, NAME));
        String wanted = Verbs.required(arguments, FILTER);
        List<Filter> filters = unit.filters();
        for (int i = 0; i < filters.size(); i++) {
            if (wanted.equals(Integer.toString(i + 1))) {
                return filters.get(i);
            }
        }
        List<Filter> named = filters.stream()
                .filter(filter -> filter.spec().kind().equals(wanted))
                .toList();
        if (named.size() == 1) {
            return named.get(0);
        }
        List<String> kinds =
                filters.stream().map(filter -> filter.spec().kind()).toList();
        throw new RefusalException(unit.unit().name() + " has " + (named.isEmpty() ? "no" : "more than one")
                + " filter '" + wanted + "'; from the outermost, which is number 1, it has " + kinds);
    }
}
