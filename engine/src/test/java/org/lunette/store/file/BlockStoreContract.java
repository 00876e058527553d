package org.lunette.store.file;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.store.Store;
import org.lunette.store.StoreContract;
import org.lunette.store.StoreProperties;
import org.lunette.store.Stores;

/** The store contract for block devices, on a loop device. */
abstract class BlockStoreContract extends StoreContract {
    @TempDir
    Path folder;

    private final String options;
    private String device;

    BlockStoreContract(String options) {
        this.options = options;
    }

    @Override
    protected boolean isResizable() {
        return false; // that is for whoever made the device
    }

    @Override
    protected Store open() throws Exception {
        Path file = folder.resolve("backing");
        try (RandomAccessFile backing = new RandomAccessFile(file.toFile(), "rw")) {
            backing.setLength(SIZE_BYTES);
        }
        device = TemporaryMount.loopDevice(file);
        return Stores.open("block:" + device + options);
    }

    @AfterEach
    void detach() throws Exception {
        if (device != null) {
            if (store != null) {
                store.close();
            }
            TemporaryMount.detach(device);
        }
    }

    @Override
    protected boolean tellsWhatIsTaken() {
        return false; // Linux does not know it of a device
    }

    @Override
    protected int slowness() {
        return options.contains("dsync") ? 10 : 1;
    }

    @Override
    protected StoreProperties expectedProperties() {
        return new StoreProperties("block", false, !options.contains("dsync"), true, 4096, false, true);
    }
}
