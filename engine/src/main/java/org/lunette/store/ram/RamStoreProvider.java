package org.lunette.store.ram;

import java.util.Set;
import org.lunette.bridge.memory.Region;
import org.lunette.bridge.memory.RegionException;
import org.lunette.store.ByteSize;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.StoreProvider;
import org.lunette.store.StoreSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens RAM disks. */
public final class RamStoreProvider implements StoreProvider {
    /** Half of what a process can address on x86-64 and arm64. */
    static final long MAX_BYTES = 1L << 46;

    private static final String ENCRYPTED = "encrypted";
    private static final Logger LOG = LoggerFactory.getLogger(RamStoreProvider.class);

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
        if (sizeBytes > MAX_BYTES) {
            throw new StoreException(
                    "'" + spec.text() + "': a RAM disk can have " + ByteSize.format(MAX_BYTES) + " at most");
        }
        long machineBytes = MachineMemory.totalBytes();
        if (sizeBytes > machineBytes) {
            LOG.warn(
                    "{} is larger than this machine's memory of {} MiB: when it fills, the kernel kills",
                    spec.text(),
                    machineBytes >> 20);
        }
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
