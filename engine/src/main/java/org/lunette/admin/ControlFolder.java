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
 * several do not get into each other's way and the only one is found. A service and a login shell of one user may have
 * different folders; so a server makes its socket in the first one, and is looked for in all.
 */
public final class ControlFolder {
    private static final String NAME = "lunette";
    private static final String SUFFIX = ".sock";

    private final Path folder;
    private final List<Path> all;

    /** Folders, which need not be there yet; at least one. */
    public ControlFolder(List<Path> folders) {
        this.folder = folders.get(0);
        this.all = List.copyOf(folders);
    }

    /**
     * This user's: below the runtime folder that the session gives, else {@code /run/lunette} for root, else below the
     * folder for temporary files.
     */
    public static ControlFolder ofUser() {
        List<Path> folders = new ArrayList<>();
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && Files.isWritable(Path.of(runtime))) {
            folders.add(Path.of(runtime, NAME));
        }
        Path run = Path.of("/run");
        if (Files.isWritable(run)) {
            folders.add(run.resolve(NAME));
        }
        folders.add(Path.of(System.getProperty("java.io.tmpdir"), NAME + "-" + System.getProperty("user.name")));
        return new ControlFolder(folders);
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
        for (Path socket : sockets(folder)) {
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
        List<Path> answered = new ArrayList<>();
        for (Path each : all) {
            try {
                sockets(each).stream().filter(AdminSocket::isAnswered).forEach(answered::add);
            } catch (IOException e) {
                throw new RefusalException("cannot look for servers in " + each + ": " + e.getMessage(), e);
            }
        }
        if (answered.isEmpty()) {
            List<String> places = all.stream().map(Path::toString).toList();
            throw new RefusalException("no server of this user's answers in " + String.join(" or ", places)
                    + ": start one by 'lunette serve', or name its socket by --control PATH");
        }
        if (answered.size() > 1) {
            List<String> names = answered.stream().map(Path::toString).toList();
            throw new RefusalException(
                    "there are several servers; name one by --control PATH: " + String.join(", ", names));
        }
        return answered.get(0);
    }

    private static List<Path> sockets(Path in) throws IOException {
        List<Path> sockets = new ArrayList<>();
        if (Files.isDirectory(in, LinkOption.NOFOLLOW_LINKS) && isOwn(in)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(in, "*" + SUFFIX)) {
                files.forEach(sockets::add);
            }
        }
        sockets.sort(null);
        return sockets;
    }
}
