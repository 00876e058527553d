package org.lunette.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreException;
import org.lunette.store.kept.ValueFolder;

/** What devices keep over a restart: below one folder, a folder for each, written by one thread. */
final class State implements AutoCloseable {
    private static final int LAST_WRITES_S = 60;

    private final Path folder;
    private final ExecutorService writer;

    private State(Path folder, ExecutorService writer) {
        this.folder = folder;
        this.writer = writer;
    }

    /** The kept values of every device; nothing is kept where no folder is named. */
    static State in(Optional<Path> folder) {
        if (folder.isEmpty()) {
            return new State(null, null);
        }
        return new State(folder.get(), Executors.newSingleThreadExecutor(task -> new Thread(task, "state")));
    }

    /** The values of a device; their folder is added to {@code resources}. */
    KeptValues of(String device, Resources resources) throws StartException {
        if (folder == null) {
            return KeptValues.NONE;
        }
        try {
            return resources.add(ValueFolder.open(folder.resolve(device), writer));
        } catch (StoreException e) {
            throw new StartException(device + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (writer == null) {
            return;
        }
        writer.shutdown();
        boolean ended = false;
        try {
            ended = writer.awaitTermination(LAST_WRITES_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            throw new IllegalStateException("kept values are still being written to " + folder);
        }
    }
}
