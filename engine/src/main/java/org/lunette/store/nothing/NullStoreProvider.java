package org.lunette.store.nothing;

import java.util.Set;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProvider;
import org.lunette.store.StoreSpec;

/** Opens stores that keep nothing. */
public final class NullStoreProvider implements StoreProvider {
    @Override
    public String kind() {
        return "null";
    }

    @Override
    public String usage() {
        return "SIZE - nothing: reads zeros, forgets what is written; for measurements";
    }

    @Override
    public Store open(StoreSpec spec) throws StoreException {
        spec.allowOptions(Set.of());
        return new NullStore(spec.size(spec.subject()));
    }
}
