package org.lunette.store.pattern;

import java.util.Set;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProvider;
import org.lunette.store.StoreSpec;

/** Opens stores whose data is computed. */
public final class PatternStoreProvider implements StoreProvider {
    private static final String SEED = "seed";

    @Override
    public String kind() {
        return "pattern";
    }

    @Override
    public String usage() {
        return "SIZE[,seed=N] - data computed from where it is; other data is not taken";
    }

    @Override
    public Store open(StoreSpec spec) throws StoreException {
        spec.allowOptions(Set.of(SEED));
        return new PatternStore(new Pattern(seed(spec)), spec.size(spec.subject()));
    }

    private static long seed(StoreSpec spec) throws StoreException {
        String text = spec.options().getOrDefault(SEED, "0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new StoreException("'" + spec.text() + "': 'seed=" + text + "' is no whole number", e);
        }
    }
}
