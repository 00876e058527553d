package org.lunette.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lunette.app.FilterChain;
import org.lunette.command.AdditionalSense;
import org.lunette.command.TaskManagement.Function;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.Seed;
import org.lunette.scsi.unit.LogicalUnit;

/** What every filter owes those on both sides of it, whatever else it does. */
@Timeout(60)
public abstract class FilterContract {
    private static final int BLOCK = 512;
    private static final int COMMANDS = 400;

    /** A specification under which commands of random tests meet what the filter does. */
    protected abstract String active();

    /** A specification under which the filter does nothing to blocks 0 to 63. */
    protected abstract String idle();

    /** An option with a value that the filter refuses. */
    protected abstract String wrongOption();

    @Test
    void whatItDoesNothingToPasses() {
        try (FilteredUnit filtered = new FilteredUnit(idle());
                Initiator initiator = new Initiator(filtered.chain.handler(), "a")) {
            initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
            byte[] data = new byte[2 * BLOCK];
            Arrays.fill(data, (byte) 7);
            initiator.out(Cdb.write(5, 2), data).good();
            assertArrayEquals(
                    data, initiator.in(Cdb.read(5, 2), data.length).good().data());
            initiator
                    .in(Cdb.read(FilteredUnit.BLOCKS, 1), BLOCK)
                    .check(
                            org.lunette.command.SenseKey.ILLEGAL_REQUEST,
                            AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            assertEquals(Response.FUNCTION_COMPLETE, initiator.manage(Function.LOGICAL_UNIT_RESET));
            initiator.none(Cdb.testUnitReady()).attention(AdditionalSense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        }
    }

    @Test
    void theLossOfANexusPasses() {
        try (FilteredUnit filtered = new FilteredUnit(idle())) {
            Initiator a = filtered.initiator("a");
            Initiator b = filtered.initiator("b");
            a.none(Cdb.of("16 00 00 00 00 00")).good();
            b.in(Cdb.read(0, 1), BLOCK).is(org.lunette.command.ScsiStatus.RESERVATION_CONFLICT);
            a.close();
            b.in(Cdb.read(0, 1), BLOCK).good();
        }
    }

    @Test
    void aWrongOptionIsNamedAndChangesNothing() throws FilterException {
        String key = wrongOption().replaceFirst("=.*", "");
        LogicalUnit unit = LogicalUnit.builder("disk0", FakeStore.ofBlocks(8)).build();
        FilterException refused = assertThrows(
                FilterException.class,
                () -> FilterChain.around(unit, List.of(idle() + ",no-such-option=1"), new ManualTimer()));
        assertEquals(true, refused.getMessage().contains("no-such-option"), refused.getMessage());
        try (FilteredUnit filtered = new FilteredUnit(idle())) {
            String before = filtered.filter().spec().text();
            FilterException wrong =
                    assertThrows(FilterException.class, () -> filtered.filter().set(wrongOption()));
            assertEquals(true, wrong.getMessage().contains(key), wrong.getMessage());
            assertEquals(before, filtered.filter().spec().text());
        }
    }

    @Test
    void switchedOffItDoesNothing() {
        try (FilteredUnit filtered = new FilteredUnit(active() + ",off")) {
            Initiator initiator = filtered.initiator("a");
            byte[] data = new byte[BLOCK];
            Arrays.fill(data, (byte) 9);
            for (int i = 0; i < 20; i++) {
                initiator.out(Cdb.write(i, 1), data).good();
                assertArrayEquals(
                        data, initiator.in(Cdb.read(i, 1), BLOCK).good().data());
            }
            assertEquals(0, filtered.filter().seenCount());
            assertFalse(filtered.filter().isOn());
        }
    }

    /** Every command ends once (the initiator fails on a second end), whatever happens meanwhile, and none is left. */
    @Test
    void everyCommandEndsOnceWhateverHappens() throws Exception {
        LogicalUnit unit = LogicalUnit.builder("disk0", FakeStore.ofBlocks(64)).build();
        FilterChain chain = FilterChain.around(unit, List.of(active()));
        Filter filter = chain.filters().get(0);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        AtomicBoolean over = new AtomicBoolean();
        try {
            Future<?> administrator = threads.submit(() -> {
                Random random = new Random(Seed.OF_THIS_RUN);
                while (!over.get()) {
                    if (random.nextBoolean()) {
                        filter.switchOff();
                    }
                    filter.switchOn();
                    Thread.sleep(random.nextInt(3));
                }
                return null;
            });
            List<Future<Queue<Initiator.Pending>>> initiators = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int number = i;
                Initiator initiator = Initiator.ready(unit, "i" + number);
                initiators.add(threads.submit(() -> load(chain, initiator, number)));
            }
            List<Initiator.Pending> all = new ArrayList<>();
            for (Future<Queue<Initiator.Pending>> initiator : initiators) {
                all.addAll(initiator.get());
            }
            over.set(true);
            administrator.get();
            chain.close();
            all.forEach(Initiator.Pending::reply);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertEquals(0, filter.keptCount());
        assertEquals(0, unit.taskCount());
        unit.close();
    }

    private static Queue<Initiator.Pending> load(FilterChain chain, Initiator known, int number) {
        Initiator initiator = new Initiator(chain.handler(), known.nexus());
        Random random = new Random(Seed.OF_THIS_RUN + number);
        Queue<Initiator.Pending> sent = new ArrayDeque<>();
        for (int i = 0; i < COMMANDS; i++) {
            long lba = random.nextInt(60);
            sent.add(
                    random.nextBoolean()
                            ? initiator.startIn(Cdb.read(lba, 2), 2 * BLOCK)
                            : initiator.startOut(Cdb.write(lba, 1), new byte[BLOCK]));
            switch (random.nextInt(40)) {
                case 0 -> initiator.startManage(Function.LOGICAL_UNIT_RESET);
                case 1 -> initiator.startManage(Function.ABORT_TASK_SET);
                case 2 -> initiator.startManage(Function.CLEAR_TASK_SET);
                default -> {
                    Initiator.Pending one = sent.peek();
                    one.abort();
                    chain.handler().commandsAborted(0);
                }
            }
        }
        return sent;
    }
}
