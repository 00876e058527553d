package org.lunette.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lunette.bridge.memory.Region;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskAttribute;
import org.lunette.metrics.Counters;
import org.lunette.ring.CommandRing;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.Stores;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From CDB to completion: ring, LUN map, device server and store, as a front-end drives them, in batches of 32
 * commands.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = { // what the manifest of the executable jar grants
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED"
        })
public class CommandPathBenchmark {
    private static final int BATCH = 32;
    private static final int BLOCK_BYTES = 512;
    private static final int TRANSFER_BYTES = 4096;
    private static final int TRANSFER_BLOCKS = TRANSFER_BYTES / BLOCK_BYTES;
    private static final Nexus NEXUS = new Nexus("iqn.example:initiator,i,0x1", "iqn.example:target,t,0x1", 1);

    /** The store under the unit. */
    @Param({"null:1G", "ram:64M"})
    public String store;

    private final Command[] commands = new Command[BATCH];
    private Region buffers;
    private Store opened;
    private LogicalUnit unit;
    private CommandRing ring;
    private int failures;
    private long lba;

    /** Serves one unit in process. */
    @Setup(Level.Trial)
    public void serve() throws StoreException {
        buffers = Region.allocate("benchmark", (long) BATCH * TRANSFER_BYTES);
        opened = Stores.open(store);
        unit = LogicalUnit.builder("disk0", opened).build();
        ScsiTarget target = new ScsiTarget("iqn.example:target");
        target.map(0, unit);
        target.nexusEstablished(NEXUS);
        ring = new SharedRings(RingFactory.DEFAULT_DEPTH, new Counters()).open(target);
        for (int i = 0; i < BATCH; i++) {
            commands[i] = new Command(null, command -> {
                if (command.status() != ScsiStatus.GOOD) {
                    failures++;
                }
            });
        }
        submit(0, 0x00, 0, DataDirection.NONE); // takes the unit attention of a new nexus
        ring.drain();
        failures = 0;
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void end() {
        ring.close();
        unit.close();
        opened.close();
        buffers.close();
        if (failures > 0) {
            throw new IllegalStateException(failures + " commands failed: what was measured is not the path");
        }
    }

    /** READ (10) of 4 KiB. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int read4k() {
        return batch(0x28, DataDirection.IN);
    }

    /** WRITE (10) of 4 KiB. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int write4k() {
        return batch(0x2a, DataDirection.OUT);
    }

    /** TEST UNIT READY: the path without a transfer. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int testUnitReady() {
        return batch(0x00, DataDirection.NONE);
    }

    private int batch(int opcode, DataDirection direction) {
        for (int i = 0; i < BATCH; i++) {
            lba = (lba + 7919 * TRANSFER_BLOCKS) & 0xffff;
            submit(i, opcode, lba, direction);
        }
        return ring.drain();
    }

    private void submit(int index, int opcode, long atLba, DataDirection direction) {
        Command command = commands[index];
        command.begin(NEXUS, 0, index, TaskAttribute.SIMPLE);
        if (direction == DataDirection.NONE) {
            command.setCdbWords((long) opcode << 56, 0);
        } else {
            // operation code, flags, LBA (4 bytes), group, and the length's high byte; then its low byte and control
            command.setCdbWords((long) opcode << 56 | atLba << 16, (long) TRANSFER_BLOCKS << 56);
            command.setData(
                    direction, buffers.address() + (long) index * TRANSFER_BYTES, TRANSFER_BYTES, TRANSFER_BYTES);
        }
        ring.submit(command);
    }
}
