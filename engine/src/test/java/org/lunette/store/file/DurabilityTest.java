package org.lunette.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.bridge.libc.Errno;

@Timeout(60)
class DurabilityTest {
    /** A disk whose every fdatasync reports that it has begun and then waits for the test to end it. */
    private static final class HeldDisk implements Disk {
        private final BlockingQueue<Boolean> begun = new LinkedBlockingQueue<>();
        private final SynchronousQueue<Integer> results = new SynchronousQueue<>();

        @Override
        public int fdatasync() {
            begun.add(true);
            try {
                return results.take();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void awaitBegun() throws InterruptedException {
            assertTrue(begun.poll(30, TimeUnit.SECONDS) != null, "no fdatasync within 30 s");
        }

        void end(int result) throws InterruptedException {
            assertTrue(results.offer(result, 30, TimeUnit.SECONDS));
        }

        @Override
        public long pread(long address, long length, long offset) {
            throw new AssertionError("nobody reads");
        }

        @Override
        public long pwrite(long address, long length, long offset) {
            throw new AssertionError("nobody writes");
        }

        @Override
        public int punch(long offset, long length) {
            throw new AssertionError("nobody makes holes");
        }

        @Override
        public long seekData(long offset) {
            throw new AssertionError("nobody looks for data");
        }

        @Override
        public long seekHole(long offset) {
            throw new AssertionError("nobody looks for holes");
        }

        @Override
        public long sizeBytes() {
            throw new AssertionError("nobody asks for the size");
        }

        @Override
        public boolean isDevice() {
            throw new AssertionError("nobody asks what it is");
        }

        @Override
        public boolean hasName() {
            throw new AssertionError("nobody asks for a name");
        }

        @Override
        public int truncate(long sizeBytes) {
            throw new AssertionError("nobody resizes");
        }

        @Override
        public int allocate(long offset, long length) {
            throw new AssertionError("nobody resizes");
        }

        @Override
        public long takenBytes() {
            throw new AssertionError("nobody counts");
        }

        @Override
        public long freeBytes() {
            throw new AssertionError("nobody counts");
        }

        @Override
        public void close() {}
    }

    private final HeldDisk disk = new HeldDisk();
    private final Durability durability = new Durability(disk);
    private final List<Thread> threads = new ArrayList<>();

    private CompletableFuture<Integer> syncing(long failuresBefore) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.complete(durability.sync(failuresBefore)));
        thread.start();
        threads.add(thread);
        return result;
    }

    private static int await(CompletableFuture<Integer> result) throws Exception {
        return result.get(30, TimeUnit.SECONDS);
    }

    /** Until all threads wait: one in fdatasync, the rest for it. */
    private void awaitAllWaiting() {
        while (threads.stream().anyMatch(thread -> thread.isAlive() && thread.getState() != Thread.State.WAITING)) {
            Thread.yield();
        }
    }

    @Test
    void thoseWhoComeDuringARoundAreServedByTheNext() throws Exception {
        CompletableFuture<Integer> first = syncing(0);
        disk.awaitBegun();
        List<CompletableFuture<Integer>> later = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            later.add(syncing(0));
        }
        awaitAllWaiting();
        disk.end(0);
        assertEquals(0, await(first));
        disk.awaitBegun();
        assertTrue(
                later.stream().noneMatch(CompletableFuture::isDone), "what came during a round is not covered by it");
        disk.end(0);
        for (CompletableFuture<Integer> one : later) {
            assertEquals(0, await(one));
        }
        assertTrue(disk.begun.isEmpty(), "one round served five");
    }

    @Test
    void aFailureThatSomebodyElsesRoundTookIsToldToAllWhoHadWrittenBefore() throws Exception {
        long before = durability.failures();
        CompletableFuture<Integer> other = syncing(before);
        disk.awaitBegun();
        CompletableFuture<Integer> mine = syncing(before); // has written while the other's round was under way
        awaitAllWaiting();
        disk.end(-Errno.EIO);
        assertEquals(Errno.EIO, await(other));
        disk.awaitBegun();
        disk.end(0);
        assertEquals(Errno.EIO, await(mine), "the kernel reported it once, in the other's round");
        CompletableFuture<Integer> written = syncing(durability.failures());
        disk.awaitBegun();
        disk.end(0);
        assertEquals(0, await(written), "written after the failure");
    }
}
