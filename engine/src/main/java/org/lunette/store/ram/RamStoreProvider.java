package org.lunette.store.ram;

import java.util.Set;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionException;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProvider;
import org.lunette.store.StoreSpec;

/** Opens RAM disks. */
public final class RamStoreProvider implements StoreProvider {
    private static final String ENCRYPTED = "encrypted";

    @Override
    public String kind() {
        return "ram";
    }

    @Override
    public String usage() {
        return "SIZE[,encrypted] - memory, taken as it is written; gone at the end";
    }

    @Override
    public Store open(StoreSpec spec) throws StoreException {
        spec.allowOptions(Set.of(ENCRYPTED));
        boolean encrypted = spec.flag(ENCRYPTED);
        long sizeBytes = spec.size(spec.subject());
        RamMemory.checkSize(spec.text(), sizeBytes);
        try {
            return make(sizeBytes, encrypted);
        } catch (RegionException e) {
            throw new StoreException("'" + spec.text() + "': " + e.getMessage(), e);
        }
    }

    private static Store make(long sizeBytes, boolean encrypted) {
        TakenPages taken = new TakenPages(sizeBytes);
        try {
            Region region = Region.allocate(RamStore.REGION_NAME, sizeBytes);
            return encrypted ? new EncryptedRamStore(region, taken, sizeBytes) : new RamStore(region, taken, sizeBytes);
        } catch (RegionException e) {
            taken.close();
            throw e;
        }
    }
}
