package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.filter.FilterException;
import org.lunette.metrics.Counters;
import org.lunette.ring.DedicatedRings;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.unit.LogicalUnit;

/** Where a store blocks, the one thread on which the filters' times come does not wait for it. */
class FilterThreadTest {
    private final BlockingQueue<String> executedBy = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void whatWasKeptIsExecutedElsewhere(int threadsThatMayWait) throws FilterException, InterruptedException {
        try (DedicatedRings rings = new DedicatedRings("disk0", 16, 2, new Counters())) {
            LogicalUnit unit = LogicalUnit.builder("disk0", FakeStore.ofBlocks(8))
                    .handOver(executor -> Server.executor(
                            command -> {
                                executedBy.add(Thread.currentThread().getName());
                                executor.execute(command);
                            },
                            threadsThatMayWait,
                            rings))
                    .build();
            Initiator known = Initiator.ready(unit, "a");
            executedBy.clear();
            try (FilterChain chain = FilterChain.around(unit, List.of("delay,time=1ms"))) {
                new Initiator(chain.handler(), known.nexus())
                        .in(Cdb.read(0, 1), 512)
                        .good();
            }
            assertEquals("handler-disk0", executedBy.take().replaceFirst("-\\d+$", ""));
            unit.close();
        }
    }
}
