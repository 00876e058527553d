package org.lunette.store.mirror;

import java.util.Set;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProvider;
import org.lunette.store.StoreSpec;
import org.lunette.store.Stores;

/** Opens two stores as one that compares them. */
public final class MirrorStoreProvider implements StoreProvider {
    private static final String WITH = "with";

    @Override
    public String kind() {
        return "mirror";
    }

    @Override
    public String usage() {
        return "STORE,with=STORE - both, compared at every read; a comma within a STORE is written \\,";
    }

    @Override
    public Store open(StoreSpec spec) throws StoreException {
        spec.allowOptions(Set.of(WITH));
        if (!spec.has(WITH)) {
            throw new StoreException("'" + spec.text() + "': a mirror is of two stores, such as"
                    + " mirror:file:/srv/new.img,with=ram:1G");
        }
        Store first = Stores.open(spec.subject());
        try {
            return mirror(spec, first, Stores.open(spec.options().get(WITH).replace("\\,", ",")));
        } catch (StoreException e) {
            first.close();
            throw e;
        }
    }

    private static Store mirror(StoreSpec spec, Store first, Store second) throws StoreException {
        if (first.sizeBytes() != second.sizeBytes()) {
            second.close();
            throw new StoreException("'" + spec.text() + "': the two differ in size, " + first.sizeBytes() + " and "
                    + second.sizeBytes() + " bytes");
        }
        return new MirrorStore(first, second);
    }
}
