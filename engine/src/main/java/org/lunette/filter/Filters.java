package org.lunette.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kinds of filter that are on the class path. */
public final class Filters {
    private Filters() {}

    /**
     * Makes the filter that a specification names, see {@link FilterSpec}.
     *
     * @throws FilterException if it has not the form, if there is no such kind, or if the kind refuses it
     */
    public static Filter open(String text, FilterSite site) throws FilterException {
        FilterSpec spec = FilterSpec.parse(text);
        SortedMap<String, FilterProvider> providers = providers();
        FilterProvider provider = providers.get(spec.kind());
        if (provider == null) {
            throw new FilterException("'" + text + "': there is no filter '" + spec.kind() + "'; there are "
                    + String.join(", ", providers.keySet()));
        }
        Filter filter = provider.create(site);
        filter.open(spec, provider.options());
        return filter;
    }

    /** A line of help for each kind, by name. */
    public static List<String> usage() {
        List<String> lines = new ArrayList<>();
        providers().forEach((kind, provider) -> lines.add(kind + provider.usage()));
        return lines;
    }

    private static SortedMap<String, FilterProvider> providers() {
        SortedMap<String, FilterProvider> providers = new TreeMap<>();
        for (FilterProvider provider : ServiceLoader.load(FilterProvider.class)) {
            FilterProvider other = providers.putIfAbsent(provider.kind(), provider);
            if (other != null) {
                throw new IllegalStateException(
                        "two providers of '" + provider.kind() + "' filters: " + other + " and " + provider);
            }
        }
        return providers;
    }
}
