package org.lunette.it.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;

/**
 * A small disk for simulations. It completes commands at once, or puts them aside until somebody calls
 * {@link #completeOne}, as a store that answers later does. Checks what a front-end owes it.
 */
final class SimUnit implements CommandHandler, AutoCloseable {
    static final int BLOCK_BYTES = 512;
    static final int INQUIRY_BYTES = 36;

    final int blocks;
    final AtomicInteger resets = new AtomicInteger();
    final AtomicInteger executedAborted = new AtomicInteger();
    private final Region disk;
    private final Predicate<Command> later;
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Set<Nexus> nexuses = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    /** @param later which commands are completed later; asked from any thread */
    SimUnit(int blocks, Predicate<Command> later) {
        this.blocks = blocks;
        this.disk = Region.allocate("test: disk", (long) blocks * BLOCK_BYTES);
        this.later = later;
    }

    @Override
    public void execute(Command command) {
        synchronized (nexuses) {
            if (!nexuses.contains(command.nexus())) {
                violations.add("a command of a nexus that is not there: " + command);
            }
        }
        if (later.test(command)) {
            waiting.add(() -> complete(command));
        } else {
            complete(command);
        }
    }

    /** Completes a command that was put aside, if there is one, on the calling thread; returns whether there was. */
    boolean completeOne() {
        Runnable next = waiting.poll();
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    int waiting() {
        return waiting.size();
    }

    private void complete(Command command) {
        if (command.isAborted()) {
            executedAborted.incrementAndGet();
        }
        switch (command.opcode()) {
            case 0x00 -> command.completeGood();
            case 0x12 -> {
                byte[] data = new byte[INQUIRY_BYTES];
                Arrays.fill(data, (byte) 'i');
                command.dataIn(data, Math.min(INQUIRY_BYTES, command.cdb16(3)));
                command.completeGood();
            }
            case 0x7f -> { // a long CDB: its last byte must be the sum of the others
                int sum = 0;
                for (int i = 0; i < command.cdbBytes() - 1; i++) {
                    sum += command.cdb8(i);
                }
                complete(command, (sum & 0xff) == command.cdb8(command.cdbBytes() - 1));
            }
            case 0x88, 0x8a -> transfer(command);
            default ->
                command.completeCheckCondition(
                        SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_COMMAND_OPERATION_CODE);
        }
    }

    private static void complete(Command command, boolean good) {
        if (good) {
            command.completeGood();
        } else {
            command.completeCheckCondition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        }
    }

    private void transfer(Command command) {
        long lba = command.cdb64(2);
        long count = command.cdb32(10);
        if (lba < 0 || lba + count > blocks) {
            command.completeCheckCondition(
                    SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
            return;
        }
        long address = disk.address() + lba * BLOCK_BYTES;
        int bytes = (int) Math.min(count * BLOCK_BYTES, command.dataBytes());
        if (command.direction() == DataDirection.IN) {
            Memory.copy(address, command.dataAddress(), bytes);
        } else if (command.direction() == DataDirection.OUT) {
            Memory.copy(command.dataAddress(), address, bytes);
        }
        command.setTransferBytes(count * BLOCK_BYTES);
        command.completeGood();
    }

    @Override
    public void manage(TaskManagement request) {
        resets.incrementAndGet();
        request.respond(TaskManagement.Response.FUNCTION_COMPLETE);
    }

    @Override
    public void nexusEstablished(Nexus nexus) {
        synchronized (nexuses) {
            if (nexus.initiatorPort().startsWith("mistaken")) {
                throw new AssertionError("a mistake, on purpose");
            }
            if (nexus.initiatorPort().startsWith("refused")) {
                throw new IllegalStateException("not this one");
            }
            nexuses.add(nexus);
        }
    }

    @Override
    public void nexusLost(Nexus nexus) {
        synchronized (nexuses) {
            if (!nexuses.remove(nexus)) {
                violations.add("the end of a nexus that is not there: " + nexus);
            }
        }
    }

    List<String> initiators() {
        synchronized (nexuses) {
            return nexuses.stream().map(Nexus::initiatorPort).sorted().toList();
        }
    }

    List<String> violations() {
        synchronized (nexuses) {
            return List.copyOf(violations);
        }
    }

    @Override
    public void close() {
        disk.close();
    }
}
