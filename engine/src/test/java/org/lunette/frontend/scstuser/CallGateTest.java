package org.lunette.frontend.scstuser;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallGateTest {
    private final CallGate gate = new CallGate();

    private static long in(long ms) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void aClosedGateLetsNobodyIn() {
        assertTrue(gate.enter());
        gate.leave();
        assertTrue(gate.close(in(0)));
        assertFalse(gate.enter());
        assertFalse(gate.enter());
        assertTrue(gate.close(in(0)), "closing twice is no harm");
    }

    @Test
    void closingWaitsForThoseInsideButNotForever() {
        assertTrue(gate.enter());
        assertFalse(gate.close(in(1)));
        assertFalse(gate.enter(), "closed all the same");
        gate.leave();
        assertTrue(gate.close(in(1)));
    }

    @Test
    void nobodyIsInsideOnceItIsClosed() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(4);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                running.countDown();
                while (gate.enter()) {
                    inside.incrementAndGet();
                    inside.decrementAndGet();
                    gate.leave();
                }
            });
            threads[i].start();
        }
        running.await();
        assertTrue(gate.close(in(20_000)));
        assertTrue(inside.get() == 0);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
