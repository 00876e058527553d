package org.lunette.store;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kinds of store that are on the class path. */
public final class Stores {
    private Stores() {}

    /**
     * Opens the store that a specification names, see {@link StoreSpec}.
     *
     * @throws StoreException if it has not the form, if there is no such kind, or if the kind refuses it
     */
    public static Store open(String text) throws StoreException {
        StoreSpec spec = StoreSpec.parse(text);
        SortedMap<String, StoreProvider> providers = providers();
        StoreProvider provider = providers.get(spec.kind());
        if (provider == null) {
            String kinds = String.join(", ", providers.keySet());
            throw new StoreException(
                    "'" + text + "': there is no store of kind '" + spec.kind() + "'; there are " + kinds);
        }
        return provider.open(spec);
    }

    /** A line of help for each kind, by name. */
    public static List<String> usage() {
        List<String> lines = new ArrayList<>();
        providers().forEach((kind, provider) -> lines.add(kind + ":" + provider.usage()));
        return lines;
    }

    private static SortedMap<String, StoreProvider> providers() {
        SortedMap<String, StoreProvider> providers = new TreeMap<>();
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            StoreProvider other = providers.putIfAbsent(provider.kind(), provider);
            if (other != null) {
                throw new IllegalStateException(
                        "two providers of '" + provider.kind() + ":' stores: " + other + " and " + provider);
            }
        }
        return providers;
    }
}
