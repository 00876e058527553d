package org.lunette.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * A file with a secret: a regular file of one line, which is the secret, and which nobody may read or write but this
 * user. What is wrong with it is said by its name, and never by what it holds.
 */
final class SecretFile {
    /** What is shorter must not be used without IPsec; RFC 7143, 9.2.1. */
    static final int MIN_BYTES = 12;

    static final int MAX_BYTES = 255;

    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");
    private static final int LINE_END_BYTES = 2;

    private SecretFile() {}

    /** Reads the secret. */
    static byte[] read(Path file) throws SettingsException {
        try {
            check(file);
            try (InputStream in = Files.newInputStream(file)) {
                return line(file, in.readNBytes(MAX_BYTES + LINE_END_BYTES + 1));
            }
        } catch (NoSuchFileException e) {
            throw new SettingsException(file + ": there is no such file; it is to hold a secret");
        } catch (IOException e) {
            throw new SettingsException(file + ": the secret cannot be read: " + e.getMessage());
        }
    }

    private static void check(Path file) throws IOException, SettingsException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new SettingsException(file + ": a secret is read from a regular file only");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNERS.containsAll(permissions)) {
            throw new SettingsException(file + ": others may use this secret ("
                    + PosixFilePermissions.toString(permissions) + "); chmod 600 keeps it from them");
        }
        Object owner = Files.getAttribute(file, "unix:uid");
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(self) && !owner.equals(0)) {
            throw new SettingsException(
                    file + ": it belongs to user " + owner + "; a secret is this user's, " + self + ", or root's");
        }
    }

    private static byte[] line(Path file, byte[] read) throws SettingsException {
        int length = read.length;
        if (length > 0 && read[length - 1] == '\n') {
            length--;
            if (length > 0 && read[length - 1] == '\r') {
                length--;
            }
        }
        for (int i = 0; i < length; i++) {
            if (read[i] >= 0 && read[i] < ' ') {
                throw new SettingsException(file + ": a secret is one line, without control characters");
            }
        }
        if (length < MIN_BYTES || length > MAX_BYTES) {
            throw new SettingsException(file + ": a secret has " + MIN_BYTES + " to " + MAX_BYTES
                    + " bytes; openssl rand -hex 16 makes a good one");
        }
        return Arrays.copyOf(read, length);
    }
}
