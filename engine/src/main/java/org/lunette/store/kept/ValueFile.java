package org.lunette.store.kept;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreException;

/** A file with one value: a mark, the value's length, the value, and the CRC32C of all that. */
final class ValueFile {
    private static final byte[] MARK = "LUNKEPT1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = MARK.length + Integer.BYTES;
    private static final int AROUND_BYTES = HEADER_BYTES + Integer.BYTES;

    private ValueFile() {}

    /**
     * Reads the value.
     *
     * @throws StoreException if the file is damaged
     */
    static byte[] read(Path file) throws IOException, StoreException {
        long size = Files.size(file);
        if (size < AROUND_BYTES || size > KeptValues.MAX_BYTES + AROUND_BYTES) {
            throw damaged(file, "a length of " + size + " bytes is wrong");
        }
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer content = ByteBuffer.wrap(bytes);
        if (!Arrays.equals(MARK, Arrays.copyOf(bytes, MARK.length))) {
            throw damaged(file, "it does not start as such a file does");
        }
        int valueBytes = content.getInt(MARK.length);
        if (valueBytes != bytes.length - AROUND_BYTES) {
            throw damaged(file, "it has " + (bytes.length - AROUND_BYTES) + " bytes of " + valueBytes);
        }
        if (content.getInt(HEADER_BYTES + valueBytes) != checksum(bytes, HEADER_BYTES + valueBytes)) {
            throw damaged(file, "its checksum is wrong");
        }
        return Arrays.copyOfRange(bytes, HEADER_BYTES, HEADER_BYTES + valueBytes);
    }

    private static StoreException damaged(Path file, String why) {
        return new StoreException(
                file + " is damaged: " + why + ". Restore it, or remove it to go on without what it kept");
    }

    /** Replaces the file as a whole, and returns when that is durable. */
    static void write(Path file, byte[] value) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(value.length + AROUND_BYTES);
        content.put(MARK).putInt(value.length).put(value);
        content.putInt(checksum(content.array(), content.position())).flip();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.toAbsolutePath().getParent());
    }

    /** Makes the names in a folder durable. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static int checksum(byte[] bytes, int lengthBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, lengthBytes);
        return (int) crc.getValue();
    }
}
