package org.lunette.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.command.TaskAttribute;
import org.lunette.metrics.Counters;

class OverflowExecutorTest {
    private static final Nexus NEXUS = new Nexus("initiator", "target", 1);

    private final BlockingQueue<Thread> executedBy = new LinkedBlockingQueue<>();
    private final CountDownLatch stuck = new CountDownLatch(1);

    private static Command command(long tag) {
        Command command = new Command(null, ended -> {});
        command.begin(NEXUS, 0, tag, TaskAttribute.SIMPLE);
        command.setCdb(new byte[6], 0, 6);
        return command;
    }

    private void execute(Command command) {
        executedBy.add(Thread.currentThread());
        if (command.tag() == 1) {
            awaitQuietly();
        }
        command.completeGood();
    }

    private void awaitQuietly() {
        try {
            stuck.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void oneThreadMoreThanMayWaitIsNeverTaken() throws Exception {
        try (DedicatedRings rings = new DedicatedRings("overflow", 16, 1, new Counters())) {
            OverflowExecutor executor = new OverflowExecutor(this::execute, 1, () -> true, rings);
            executor.execute(command(0));
            assertSame(Thread.currentThread(), executedBy.take());
            Thread first = new Thread(() -> executor.execute(command(1)));
            first.start();
            assertSame(first, executedBy.take());
            executor.execute(command(1)); // would not return if it were executed here
            assertNotSame(Thread.currentThread(), executedBy.poll(10, TimeUnit.SECONDS));
            stuck.countDown();
            first.join();
            executor.execute(command(0));
            assertSame(Thread.currentThread(), executedBy.poll(10, TimeUnit.SECONDS), "as before");
        }
        assertEquals(0, executedBy.size());
    }
}
