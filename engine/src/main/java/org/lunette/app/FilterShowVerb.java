package org.lunette.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.admin.RefusalException;
import org.lunette.filter.Filter;

/** Tells which filters there are, and what they did. */
final class FilterShowVerb implements Verb {
    private static final String NAME = "name";

    private final List<Unit> units;

    /**
     * A filter.
     *
     * @param number its place around the device; the outermost is 1
     * @param filter what it is, with all options
     * @param seen how many commands it saw
     * @param acted how many of them it did something to
     * @param kept how many it keeps now
     * @param more what only this kind counts, each {@code KEY=VALUE}
     */
    record Shown(
            String device, int number, String filter, boolean on, long seen, long acted, int kept, List<String> more) {}

    FilterShowVerb(List<Unit> units) {
        this.units = units;
    }

    @Override
    public String name() {
        return "filter-show";
    }

    /** Without a name, all devices are meant. */
    @Override
    public Set<String> arguments() {
        return Set.of(NAME);
    }

    @Override
    public Object perform(Map<String, String> arguments) throws RefusalException {
        String name = arguments.get(NAME);
        List<Shown> shown = new ArrayList<>();
        for (Unit unit : name == null ? units : List.of(Verbs.unit(units, name))) {
            for (int i = 0; i < unit.filters().size(); i++) {
                shown.add(shown(unit, i));
            }
        }
        return Map.of("filters", shown);
    }

    private static Shown shown(Unit unit, int index) {
        Filter filter = unit.filters().get(index);
        return new Shown(
                unit.unit().name(),
                index + 1,
                filter.spec().text(),
                filter.isOn(),
                filter.seenCount(),
                filter.actedCount(),
                filter.keptCount(),
                filter.statistics().entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList());
    }
}
