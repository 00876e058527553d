package org.lunette.admin;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket's file: made for its owner alone, in place of one that nobody answers at any more, and removed in the end.
 * Any thread may close it.
 */
public final class AdminSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    /** What {@code sun_path} takes. */
    private static final int MAX_PATH_BYTES = 107;

    private static final long LOCK_TIMEOUT_MS = 5000;
    private static final long LOCK_PAUSE_NS = 10_000_000;

    private final Path path;
    private final ServerSocketChannel channel;
    private final Object fileKey;

    private AdminSocket(Path path, ServerSocketChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.fileKey = attributes(path).fileKey();
    }

    /**
     * Makes the file and listens there; nobody is served yet, see {@link AdminServer}.
     *
     * @throws IOException if that cannot be done; the message says why, and names the file
     */
    public static AdminSocket bind(Path path) throws IOException {
        Path file = path.toAbsolutePath();
        if (file.toString().getBytes().length > MAX_PATH_BYTES) {
            throw new IOException(file + ": a socket's path has " + MAX_PATH_BYTES + " bytes at most");
        }
        if (file.getParent() == null) {
            throw new IOException(file + " is there and no socket");
        }
        int folder = lock(file.getParent());
        try {
            return bindAlone(file);
        } finally {
            Libc.close(folder);
        }
    }

    /**
     * Of two servers that find a stale file, one must not remove the other's new one. Whoever can read a folder can
     * lock it: so nobody waits for long.
     */
    private static int lock(Path folder) throws IOException {
        int fd = Libc.open(folder.toString(), Libc.O_RDONLY | Libc.O_DIRECTORY, 0);
        int result = fd < 0 ? fd : lock(fd);
        if (result < 0) {
            if (fd >= 0) {
                Libc.close(fd);
            }
            throw new IOException("no socket can be made in " + folder
                    + (result == -Errno.EAGAIN ? ": another program keeps it locked" : ": " + Errno.describe(result)));
        }
        return fd;
    }

    private static int lock(int folder) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOCK_TIMEOUT_MS);
        int result = Libc.flock(folder, Libc.LOCK_EX | Libc.LOCK_NB);
        while (result == -Errno.EAGAIN && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(LOCK_PAUSE_NS);
            result = Libc.flock(folder, Libc.LOCK_EX | Libc.LOCK_NB);
        }
        return result;
    }

    private static AdminSocket bindAlone(Path file) throws IOException {
        removeStale(file);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean bound = false;
        try {
            channel.bind(UnixDomainSocketAddress.of(file));
            // Who connects before this is looked at by AdminServer, as is everybody.
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            AdminSocket socket = new AdminSocket(file, channel);
            bound = true;
            return socket;
        } catch (BindException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            if (!bound) {
                channel.close();
            }
        }
    }

    private static void removeStale(Path file) throws IOException {
        try {
            if (!attributes(file).isOther()) {
                throw new IOException(file + " is there and no socket");
            }
        } catch (NoSuchFileException e) {
            return;
        }
        if (isAnswered(file)) {
            throw new IOException(file + " is in use: another server answers there");
        }
        Files.deleteIfExists(file);
    }

    /** Removes a socket at which nobody answers; not one that is just being made. */
    static void removeUnanswered(Path file) throws IOException {
        int folder = lock(file.getParent());
        try {
            if (!isAnswered(file)) {
                Files.deleteIfExists(file);
            }
        } finally {
            Libc.close(folder);
        }
    }

    /** Whether somebody listens there. */
    static boolean isAnswered(Path file) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** The socket's file. */
    public Path path() {
        return path;
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Listens no more, and removes the file if it is still this one. */
    @Override
    public void close() throws IOException {
        channel.close();
        try {
            if (Objects.equals(attributes(path).fileKey(), fileKey)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} was removed by somebody else", path);
        }
    }
}
