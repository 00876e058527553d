package org.lunette.store.kept;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreException;
import org.lunette.store.StoreStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values in the files of a folder, one file each; for one process at a time. All are read when the folder is opened, so
 * that a damaged one is known before anything is served.
 */
public final class ValueFolder implements KeptValues, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ValueFolder.class);
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final String SUFFIX = ".kept";
    private static final String LOCK = "lock";

    private final Path folder;
    private final Executor writer;
    private final FileChannel lock;
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();

    private ValueFolder(Path folder, Executor writer, FileChannel lock) {
        this.folder = folder;
        this.writer = writer;
        this.lock = lock;
    }

    /**
     * Opens a folder, and makes it if it is not there.
     *
     * @param writer does the writing, which may take the time of several I/Os, in the order in which it is given it
     * @throws StoreException if the folder cannot be used, or a file in it is damaged; the message names it
     */
    public static ValueFolder open(Path folder, Executor writer) throws StoreException {
        FileChannel lock = null;
        boolean opened = false;
        try {
            makeDurably(folder.toAbsolutePath());
            lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(lock)) {
                throw new StoreException(folder + " is in use: another process keeps its values there");
            }
            ValueFolder values = new ValueFolder(folder, writer, lock);
            values.readAll();
            opened = true;
            return values;
        } catch (IOException e) {
            throw new StoreException("values cannot be kept in " + folder + ": " + e, e);
        } finally {
            if (!opened && lock != null) {
                release(lock);
            }
        }
    }

    /** Makes a folder and those above it, as far as they are not there, so that a power loss leaves them. */
    private static void makeDurably(Path folder) throws IOException {
        Path there = folder;
        while (!Files.isDirectory(there) && there.getParent() != null) {
            there = there.getParent();
        }
        Files.createDirectories(folder);
        for (Path made = folder; !made.equals(there); made = made.getParent()) {
            ValueFile.sync(made.getParent());
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot close a lock file: {}", e.getMessage());
        }
    }

    private void readAll() throws IOException, StoreException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                values.put(name.substring(0, name.length() - SUFFIX.length()), ValueFile.read(file));
            }
        }
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public byte[] load(String name) {
        return values.get(name);
    }

    @Override
    public void save(String name, byte[] value, StoreCompletion completion) {
        if (!NAME.matcher(name).matches() || value.length > MAX_BYTES) {
            throw new IllegalArgumentException("'" + name + "', " + value.length + " bytes, is no value to keep");
        }
        writer.execute(() -> completion.ended(write(name, value), -1));
    }

    private StoreStatus write(String name, byte[] value) {
        try {
            ValueFile.write(file(name), value);
            values.put(name, value);
            return StoreStatus.OK;
        } catch (IOException | RuntimeException | Error e) {
            // Whatever it is, such as no memory for the write, somebody waits for the end.
            LOG.error("{} cannot be written: {}", file(name), e.toString());
            return StoreStatus.WRITE_FAILED;
        }
    }

    private Path file(String name) {
        return folder.resolve(name + SUFFIX);
    }

    @Override
    public String place(String name) {
        return file(name).toString();
    }

    /** Lets others use the folder. No save is under way. */
    @Override
    public void close() {
        release(lock);
    }
}
