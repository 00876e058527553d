package org.lunette.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.metrics.Counters;
import org.lunette.ring.DedicatedRings;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.unit.LogicalUnit;

@Timeout(60)
class TimeLimitTest {
    private final CountDownLatch late = new CountDownLatch(1);

    /** What a stop of the server waits for: the device's threads. */
    @Test
    void aStoreThatHangsDoesNotHoldUpTheEndForEver() throws Exception {
        FakeStore store = FakeStore.ofBlocks(8);
        DedicatedRings rings = new DedicatedRings("disk0", 16, 1, new Counters());
        LogicalUnit unit = LogicalUnit.builder("disk0", store)
                .handOver(executor -> rings.open(executor)::submit)
                .build();
        Initiator initiator = Initiator.ready(unit, "a");
        CompletableFuture<Void> answers = new CompletableFuture<>();
        CountDownLatch hangs = new CountDownLatch(1);
        store.by(operation -> {
            hangs.countDown();
            answers.join();
            operation.run();
        });
        Initiator.Pending read = initiator.startIn(Cdb.read(0, 1), 512);
        hangs.await();
        Thread stop = new Thread(() -> TimeLimit.of(50, rings::close, late::countDown));
        stop.start();
        late.await();
        answers.complete(null);
        stop.join();
        read.reply().good();
        unit.close();
    }

    @Test
    void whatEndsInTimeIsNotLate() throws Exception {
        TimeLimit.of(200, () -> {}, late::countDown);
        assertEquals(false, late.await(400, TimeUnit.MILLISECONDS));
    }
}
