package org.lunette.admin;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a user's servers have their sockets if nothing else is said: each one its own, called by its process, so that
 * several do not get into each other's way and the only one is found.
 */
public final class ControlFolder {
    private static final String NAME = "lunette";
    private static final String SUFFIX = ".sock";

    private final Path folder;

    /** A folder, which need not be there yet. */
    public ControlFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * This user's: below the runtime folder that the session gives, else {@code /run/lunette} for root, else below the
     * folder for temporary files.
     */
    public static ControlFolder ofUser() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && Files.isWritable(Path.of(runtime))) {
            return new ControlFolder(Path.of(runtime, NAME));
        }
        Path run = Path.of("/run");
        return new ControlFolder(
                Files.isWritable(run)
                        ? run.resolve(NAME)
                        : Path.of(System.getProperty("java.io.tmpdir"), NAME + "-" + System.getProperty("user.name")));
    }

    /** The folder for temporary files is everybody's: who made a folder of this name there may be another. */
    private static boolean isOwn(Path folder) throws IOException {
        return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")));
    }

    /**
     * Makes this process's socket there, and removes those of processes that are gone.
     *
     * @throws IOException if it cannot be made; the message says why
     */
    public AdminSocket bind() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!isOwn(folder)) {
            throw new IOException(folder + " belongs to another user");
        }
        for (Path socket : sockets()) {
            AdminSocket.removeUnanswered(socket);
        }
        return AdminSocket.bind(folder.resolve(ProcessHandle.current().pid() + SUFFIX));
    }

    /**
     * The socket of the only server that answers.
     *
     * @throws RefusalException if there is none, or more than one; the message says which
     */
    public Path onlySocket() throws RefusalException {
        List<Path> answered;
        try {
            answered = sockets().stream().filter(AdminSocket::isAnswered).toList();
        } catch (IOException e) {
            throw new RefusalException("cannot look for servers in " + folder + ": " + e.getMessage(), e);
        }
        if (answered.isEmpty()) {
            throw new RefusalException("no server of this user's answers in " + folder
                    + ": start one by 'lunette serve', or name its socket by --control PATH");
        }
        if (answered.size() > 1) {
            List<String> names = answered.stream().map(Path::toString).toList();
            throw new RefusalException(
                    "there are several servers; name one by --control PATH: " + String.join(", ", names));
        }
        return answered.get(0);
    }

    private List<Path> sockets() throws IOException {
        List<Path> sockets = new ArrayList<>();
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isOwn(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                files.forEach(sockets::add);
            }
        }
        sockets.sort(null);
        return sockets;
    }
}
