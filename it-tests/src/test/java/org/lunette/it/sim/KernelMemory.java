package org.lunette.it.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/**
 * Copies from and to memory that another party lent, as a kernel does: memory that is not there is an error to be told
 * of, not the end of the process. The copy goes by way of a file, since that is what system calls check addresses for.
 */
final class KernelMemory implements AutoCloseable {
    /** More than that it does not copy. */
    static final int MAX_BYTES = 8 << 20;

    private final int fd;
    private final Region own = Region.allocate("model: kernel memory", MAX_BYTES);

    KernelMemory() {
        try {
            Path file = Files.createTempFile("lunette-model", ".memory");
            fd = Libc.open(file.toString(), Libc.O_RDWR, 0);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies into lent memory; returns whether all of it was there. */
    boolean write(byte[] from, int lengthBytes, long address) {
        Memory.copy(from, 0, own.address(), lengthBytes);
        check(Libc.pwrite(fd, own.address(), lengthBytes, 0), lengthBytes);
        return Libc.pread(fd, address, lengthBytes, 0) == lengthBytes;
    }

    /** Copies from lent memory; returns null if some of it was not there. */
    byte[] read(long address, int lengthBytes) {
        long read = Libc.pwrite(fd, address, lengthBytes, 0);
        if (read != lengthBytes) {
            return null;
        }
        byte[] to = new byte[lengthBytes];
        check(Libc.pread(fd, own.address(), lengthBytes, 0), lengthBytes);
        Memory.copy(own.address(), to, 0, lengthBytes);
        return to;
    }

    private static void check(long result, int lengthBytes) {
        if (result != lengthBytes) {
            throw new AssertionError(
                    "the model's own file fails: " + (result < 0 ? Errno.describe(result) : result + " bytes"));
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
        own.close();
    }
}
