package org.lunette.bridge.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

@Timeout(60)
class LibcTest {
    private static final int SYS_POLL = 7;
    private static final int SYS_PPOLL = "aarch64".equals(System.getProperty("os.arch")) ? 73 : 271;
    private static final int SYS_OPEN = 2;
    private static final int SYS_OPENAT = "aarch64".equals(System.getProperty("os.arch")) ? 56 : 257;
    private static final long BLKGETSIZE64 = 0x80081272L;
    private static final long FIONREAD = 0x541BL;

    @TempDir
    Path folder;

    private final Region region = Region.allocate("LibcTest", 1 << 16);
    private final long memory = region.address();
    private final List<Integer> fds = new ArrayList<>();

    @AfterEach
    void release() {
        fds.forEach(Libc::close);
        region.close();
    }

    private int open(String name, int flags) {
        int fd = Libc.open(folder.resolve(name).toString(), flags, 0600);
        if (fd >= 0) {
            fds.add(fd);
        }
        return fd;
    }

    private int[] pipe() {
        int[] pipe = Signals.pipe();
        fds.add(pipe[0]);
        fds.add(pipe[1]);
        return pipe;
    }

    private void fill(long address, String text) {
        byte[] bytes = text.getBytes();
        Memory.copy(bytes, 0, address, bytes.length);
    }

    private String text(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes);
    }

    @Test
    void writesAndReadsAtOffsets() throws IOException {
        int fd = open("f", Libc.O_RDWR | Libc.O_CREAT);
        fill(memory, "hello");
        assertEquals(5, Libc.pwrite(fd, memory, 5, 3));
        assertEquals("\0\0\0hello", Files.readString(folder.resolve("f")));
        assertEquals(2, Libc.pread(fd, memory + 100, 10, 6), "a read ends at the end of the file");
        assertEquals("lo", text(memory + 100, 2));
        assertEquals(0, Libc.pread(fd, memory, 10, 8));
        assertEquals(0, Libc.fsync(fd));
        assertEquals(0, Libc.fdatasync(fd));
    }

    @Test
    void reachesOffsetsBeyondFourGiga() throws IOException {
        long far = 6L << 30;
        int fd = open("sparse", Libc.O_RDWR | Libc.O_CREAT);
        assertEquals(0, Libc.ftruncate(fd, far + 10));
        fill(memory, "far");
        assertEquals(3, Libc.pwrite(fd, memory, 3, far));
        assertEquals(far + 10, Files.size(folder.resolve("sparse")));
        assertEquals(far + 10, Libc.lseek(fd, 0, Libc.SEEK_END));
        assertEquals(3, Libc.pread(fd, memory + 8, 3, far));
        assertEquals("far", text(memory + 8, 3));
    }

    @Test
    void gathersAndScatters() {
        int fd = open("v", Libc.O_RDWR | Libc.O_CREAT);
        fill(memory, "oneTWO");
        vector(memory + 64, memory, 3);
        vector(memory + 80, memory + 3, 3);
        assertEquals(6, Libc.pwritev(fd, memory + 64, 2, 1));
        vector(memory + 64, memory + 200, 2);
        vector(memory + 80, memory + 300, 4);
        assertEquals(6, Libc.preadv(fd, memory + 64, 2, 1));
        assertEquals("on", text(memory + 200, 2));
        assertEquals("eTWO", text(memory + 300, 4));
    }

    private static void vector(long at, long address, long length) {
        Memory.putLong(at, address);
        Memory.putLong(at + 8, length);
    }

    @Test
    void punchesAndAllocates() throws IOException {
        int fd = open("p", Libc.O_RDWR | Libc.O_CREAT);
        assertEquals(0, Libc.fallocate(fd, 0, 0, 8192));
        assertEquals(8192, Files.size(folder.resolve("p")));
        fill(memory, "data");
        Libc.pwrite(fd, memory, 4, 4096);
        assertEquals(0, Libc.fallocate(fd, Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE, 4096, 4096));
        assertEquals(4, Libc.pread(fd, memory, 4, 4096));
        assertEquals("\0\0\0\0", text(memory, 4));
        assertEquals(4096, Libc.lseek(fd, 4096, Libc.SEEK_HOLE));
        assertEquals(-Errno.ENXIO, Libc.lseek(fd, 8192, Libc.SEEK_DATA));
    }

    @Test
    void tellsWhatTheKernelRefuses() {
        int fd = open("e", Libc.O_RDWR | Libc.O_CREAT);
        assertEquals(-Errno.ENOENT, open("missing", Libc.O_RDONLY));
        assertEquals(-Errno.EEXIST, open("e", Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL));
        assertEquals(-Errno.EISDIR, Libc.open(folder.toString(), Libc.O_RDWR, 0));
        assertEquals(-Errno.ENOTDIR, open("e", Libc.O_RDONLY | Libc.O_DIRECTORY));
        assertEquals(-Errno.EINVAL, Libc.open("/dev/null\0x", Libc.O_RDONLY, 0));
        assertEquals(-Errno.EBADF, Libc.close(-1));
        assertEquals(-Errno.EBADF, Libc.pread(-1, memory, 1, 0));
        assertEquals(-Errno.EFAULT, Libc.pwrite(fd, 1, 1, 0));
        assertEquals(-Errno.EINVAL, Libc.pread(fd, memory, 1, -1));
        assertEquals(-Errno.ESPIPE, Libc.pread(pipe()[0], memory, 1, 0));
        assertEquals(-Errno.ENOTTY, Libc.ioctl(fd, BLKGETSIZE64, memory));
        assertEquals(-Errno.EINVAL, Libc.munmap(memory + 1, 1));
        assertEquals(-Errno.EINVAL, Libc.madvise(memory, 4096, 12345));
        assertEquals(-Errno.ENODEV, Libc.mmap(4096, Libc.PROT_READ, Libc.MAP_PRIVATE, pipe()[0], 0));
        assertEquals(-Errno.EBADF, Libc.statx(-1, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, memory));
    }

    @Test
    void aFullDeviceIsToldAsSuch() {
        int fd = Libc.open("/dev/full", Libc.O_RDWR, 0);
        fds.add(fd);
        assertEquals(-Errno.ENOSPC, Libc.pwrite(fd, memory, 1, 0));
    }

    @Test
    void removesAName() {
        open("u", Libc.O_RDWR | Libc.O_CREAT);
        String path = folder.resolve("u").toString();
        assertEquals(0, Libc.unlink(path));
        assertEquals(-Errno.ENOENT, Libc.unlink(path));
    }

    @Test
    void mapsAFile() throws IOException {
        Files.writeString(folder.resolve("m"), "mapped");
        int fd = open("m", Libc.O_RDWR);
        long address = Libc.mmap(4096, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, fd, 0);
        assertEquals("mapped", text(address, 6));
        assertEquals(0, Libc.munmap(address, 4096));
    }

    @Test
    void marksMemoryAsNotForked() throws IOException {
        Region own = Region.allocate("LibcTest fork", 1 << 20);
        assertEquals(0, Libc.madvise(own.address(), own.lengthBytes(), Libc.MADV_DONTFORK));
        List<String> flags = new ArrayList<>();
        boolean within = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            within = line.startsWith(Long.toHexString(own.address()) + "-") || within && !line.matches("[0-9a-f]+-.*");
            if (within && line.startsWith("VmFlags:")) {
                flags.add(line);
            }
        }
        own.close();
        assertEquals(1, flags.size());
        assertTrue(flags.get(0).contains(" dc "), () -> "no dc (do not copy on fork) in " + flags);
    }

    @Test
    void programsThatAreStartedDoNotGetTheDescriptors() throws IOException {
        int fd = open("d", Libc.O_RDWR | Libc.O_CREAT);
        String octal = Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", "");
        assertEquals(0x80000, Integer.parseInt(octal, 8) & 0x80000, "O_CLOEXEC");
    }

    @Test
    void statxTellsKindAndSize() throws IOException {
        Files.writeString(folder.resolve("s"), "12345");
        int fd = open("s", Libc.O_RDONLY);
        assertEquals(0, Libc.statx(fd, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, memory));
        assertEquals(0100000, Memory.getShort(memory + 28) & 0170000);
        assertEquals(5, Memory.getLong(memory + 40));
        String path = folder.resolve("s").toString();
        assertEquals(0, Libc.statx(Libc.AT_FDCWD, path, 0, Libc.STATX_BASIC_STATS, memory));
        assertEquals(5, Memory.getLong(memory + 40));
    }

    @Test
    void locksAFileForOneOpenDescription() {
        int first = open("l", Libc.O_RDWR | Libc.O_CREAT);
        int second = open("l", Libc.O_RDWR);
        assertEquals(0, Libc.flock(first, Libc.LOCK_EX | Libc.LOCK_NB));
        assertEquals(-Errno.EAGAIN, Libc.flock(second, Libc.LOCK_SH | Libc.LOCK_NB));
        assertEquals(0, Libc.flock(first, Libc.LOCK_UN));
        assertEquals(0, Libc.flock(second, Libc.LOCK_SH | Libc.LOCK_NB));
    }

    @Test
    void pollSeesWhatIsReady() throws IOException {
        int[] pipe = pipe();
        pollFor(pipe[0], Libc.POLLIN);
        assertEquals(0, Libc.poll(memory, 1, 0));
        Files.writeString(Path.of("/proc/self/fd/" + pipe[1]), "x");
        assertEquals(1, Libc.poll(memory, 1, -1));
        assertEquals(Libc.POLLIN, Memory.getShort(memory + 6));
        assertEquals(0, Libc.ioctl(pipe[0], FIONREAD, memory + 16));
        assertEquals(1, Memory.getInt(memory + 16));
        pollFor(-2, Libc.POLLIN);
        pollFor(9999, Libc.POLLIN);
        assertEquals(1, Libc.poll(memory, 1, -1));
        assertEquals(Libc.POLLNVAL, Memory.getShort(memory + 6));
    }

    private void pollFor(int fd, int events) {
        Memory.putInt(memory, fd);
        Memory.putShort(memory + 4, (short) events);
        Memory.putShort(memory + 6, (short) 0);
    }

    @Test
    void pollReturnsWhenInterrupted() throws Exception {
        pollFor(pipe()[0], Libc.POLLIN);
        CompletableFuture<Integer> threadId = new CompletableFuture<>();
        CompletableFuture<Integer> result = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            threadId.complete(Signals.threadId());
            result.complete(Libc.poll(memory, 1, -1));
        });
        waiting.start();
        int id = threadId.get();
        Signals.awaitBlockedIn(id, SYS_POLL, SYS_PPOLL);
        Signals.interrupt(id);
        assertEquals(-Errno.EINTR, result.get(30, TimeUnit.SECONDS));
        waiting.join();
    }

    @Test
    void openStartsAgainWhenInterrupted() throws Exception {
        String fifo = folder.resolve("fifo").toString();
        assertEquals(0, new ProcessBuilder("mkfifo", fifo).start().waitFor());
        CompletableFuture<Integer> threadId = new CompletableFuture<>();
        CompletableFuture<Integer> result = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            threadId.complete(Signals.threadId());
            result.complete(Libc.open(fifo, Libc.O_WRONLY, 0));
        });
        waiting.start();
        int id = threadId.get();
        Signals.awaitBlockedIn(id, SYS_OPEN, SYS_OPENAT);
        long switches = Signals.voluntarySwitches(id);
        Signals.interrupt(id);
        while (!result.isDone() && Signals.voluntarySwitches(id) == switches) {
            Thread.yield();
        }
        int reader = Libc.open(fifo, Libc.O_RDONLY | Libc.O_NONBLOCK, 0);
        fds.add(reader);
        int writer = result.get(30, TimeUnit.SECONDS);
        assertTrue(writer >= 0, () -> Errno.describe(writer));
        fds.add(writer);
        waiting.join();
    }

    @Test
    void eachThreadSeesItsOwnErrno() throws Exception {
        int threads = 6;
        int rounds = 20_000;
        int fd = open("t", Libc.O_RDWR | Libc.O_CREAT);
        int pipe = pipe()[0];
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Integer>> wrong = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int kind = t;
            CompletableFuture<Integer> count = new CompletableFuture<>();
            wrong.add(count);
            new Thread(() -> {
                        int unexpected = 0;
                        try {
                            start.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        for (int i = 0; i < rounds; i++) {
                            unexpected += failOnPurpose(kind, fd, pipe) ? 0 : 1;
                        }
                        count.complete(unexpected);
                    })
                    .start();
        }
        start.countDown();
        for (CompletableFuture<Integer> count : wrong) {
            assertEquals(0, count.get(50, TimeUnit.SECONDS));
        }
    }

    private boolean failOnPurpose(int kind, int fd, int pipe) {
        return switch (kind) {
            case 0 -> Libc.close(-1) == -Errno.EBADF;
            case 1 -> Libc.pread(pipe, memory, 1, 0) == -Errno.ESPIPE;
            case 2 -> Libc.pwrite(fd, 1, 1, 0) == -Errno.EFAULT;
            case 3 -> Libc.ioctl(fd, BLKGETSIZE64, memory) == -Errno.ENOTTY;
            case 4 -> Libc.madvise(memory, 4096, 12345) == -Errno.EINVAL;
            default -> Libc.pread(fd, memory, 1, 0) == 0;
        };
    }

    @Test
    void readingAndWritingAllocatesNothing() {
        int fd = open("a", Libc.O_RDWR | Libc.O_CREAT);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        transfer(fd, rounds);
        long before = threads.getCurrentThreadAllocatedBytes();
        transfer(fd, rounds);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < rounds, () -> allocated + " bytes in " + rounds + " rounds");
    }

    private void transfer(int fd, int rounds) {
        for (int i = 0; i < rounds; i++) {
            Libc.pwrite(fd, memory, 512, 0);
            Libc.pread(fd, memory, 512, 0);
            Libc.ioctl(fd, BLKGETSIZE64, memory);
        }
    }

    @Test
    void namesBeyondAsciiReachTheFileSystem() throws IOException {
        int fd = open("dätä", Libc.O_RDWR | Libc.O_CREAT);
        assertTrue(fd >= 0, () -> Errno.describe(fd));
        try (var names = Files.newDirectoryStream(folder)) {
            assertTrue(names.iterator().hasNext());
        }
        assertTrue(open("dätä", Libc.O_RDWR) >= 0);
    }

    @Test
    void describesErrors() {
        assertEquals("ENOSPC, no space left", Errno.describe(-28));
        assertEquals("ENOSPC, no space left", Errno.describe(28));
        assertEquals("errno 4000", Errno.describe(-4000));
    }
}
