package org.lunette.store.mirror;

import org.lunette.store.Store;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProperties;
import org.lunette.store.Stores;

class MirrorStoreTest extends StoreContract {
    @Override
    protected Store open() throws StoreException {
        return Stores.open("mirror:ram:" + SIZE_BYTES + ",with=ram:" + SIZE_BYTES + "\\,encrypted");
    }

    @Override
    protected StoreProperties expectedProperties() {
        return new StoreProperties("mirror", false, false, false, 4096, false, true);
    }

    @Override
    protected boolean mayAllocate() {
        return true;
    }

    @Override
    protected int slowness() {
        return 4;
    }
}
