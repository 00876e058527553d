package org.lunette.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files with secrets, as {@code serve} takes them. */
public final class SecretFiles {

    private SecretFiles() {}

    /** Makes one that is its owner's alone, without a line end, which QEMU would take for a part of it. */
    public static Path in(Path folder, String name, String secret) throws IOException {
        Path file = folder.resolve(name + ".secret");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, secret);
    }
}
