package org.lunette.store.nothing;

import org.lunette.store.Store;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.Stores;

class NullStoreTest extends StoreContract {
    @Override
    protected Store open() throws StoreException {
        return Stores.open("null:" + SIZE_BYTES);
    }

    @Override
    protected StoreProperties expectedProperties() {
        return new StoreProperties("null", false, false, false, 4096, false, false);
    }

    @Override
    protected boolean remembers() {
        return false;
    }
}
