package org.lunette.bridge.scstuser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/** The kernel's log by {@code /dev/kmsg}, which gives one record to each read. */
final class KmsgReader implements KernelLog {
    private static final String PATH = "/dev/kmsg";
    private static final int MAX_RECORD_BYTES = 8192;
    private static final int MAX_RECORDS = 10_000;
    private static final int EPIPE = 32;

    private final int fd;

    private KmsgReader(int fd) {
        this.fd = fd;
    }

    static KernelLog openAtEnd() {
        int fd = Libc.open(PATH, Libc.O_RDONLY | Libc.O_NONBLOCK, 0);
        if (fd >= 0) {
            Libc.lseek(fd, 0, Libc.SEEK_END);
        }
        return new KmsgReader(fd);
    }

    @Override
    public String unavailableBecause() {
        return fd >= 0 ? null : PATH + " cannot be read: " + Errno.describe(fd);
    }

    @Override
    public List<String> newMessages() {
        List<String> messages = new ArrayList<>();
        if (fd < 0) {
            return messages;
        }
        try (Region record = Region.allocate("kernel log", MAX_RECORD_BYTES)) {
            for (int i = 0; i < MAX_RECORDS; i++) {
                long bytes = Libc.pread(fd, record.address(), MAX_RECORD_BYTES, 0);
                if (bytes == -EPIPE) {
                    continue; // records were overwritten; the next read has the oldest there is
                }
                if (bytes <= 0) {
                    break;
                }
                messages.add(message(record.address(), (int) bytes));
            }
        }
        return messages;
    }

    /** A record is "level,number,time,flags;message", a line feed, and perhaps lines of properties, each indented. */
    private static String message(long address, int bytes) {
        byte[] copy = new byte[bytes];
        Memory.copy(address, copy, 0, bytes);
        String record = new String(copy, StandardCharsets.UTF_8);
        int end = record.indexOf('\n');
        return record.substring(record.indexOf(';') + 1, end < 0 ? record.length() : end);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            Libc.close(fd);
        }
    }
}
