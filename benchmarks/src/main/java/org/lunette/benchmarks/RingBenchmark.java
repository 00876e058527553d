package org.lunette.benchmarks;

import java.util.concurrent.TimeUnit;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.TaskAttribute;
import org.lunette.command.TaskManagement;
import org.lunette.metrics.Counters;
import org.lunette.ring.CommandRing;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the ring itself costs: submission, execution by a handler that does nothing, completion; batches of 32. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RingBenchmark {
    private static final int BATCH = 32;
    private static final Nexus NEXUS = new Nexus("initiator", "target", 1);

    private final Command[] commands = new Command[BATCH];
    private final CommandRing shared = new SharedRings(RingFactory.DEFAULT_DEPTH, new Counters()).open(new Nothing());
    private int completed;

    /** Makes the commands that are used over and over. */
    public RingBenchmark() {
        for (int i = 0; i < BATCH; i++) {
            commands[i] = new Command(null, command -> completed++);
        }
    }

    /** Mode SHARED: submitted and drained by one thread. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int shared() {
        for (int i = 0; i < BATCH; i++) {
            Command command = commands[i];
            command.begin(NEXUS, 0, i, TaskAttribute.SIMPLE);
            command.setCdbWords(0, 0);
            shared.submit(command);
        }
        shared.drain();
        return completed;
    }

    private static final class Nothing implements CommandHandler {
        @Override
        public void execute(Command command) {
            command.completeGood();
        }

        @Override
        public void manage(TaskManagement request) {
            request.respond(TaskManagement.Response.FUNCTION_COMPLETE);
        }

        @Override
        public void nexusEstablished(Nexus nexus) {
            // nothing is kept
        }

        @Override
        public void nexusLost(Nexus nexus) {
            // nothing is kept
        }
    }
}
