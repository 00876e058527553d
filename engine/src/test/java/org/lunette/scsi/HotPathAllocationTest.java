package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.Nexus;
import org.lunette.command.ScsiStatus;
import org.lunette.command.TaskAttribute;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.TargetPort;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.reservation.ReservationType;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

class HotPathAllocationTest {
    private static final int COMMANDS = 20_000;
    private static final int BYTES = 4096;
    private static final int STORE_BYTES = 1 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Region memory = Region.allocate("test-store", STORE_BYTES);
    private final Region buffer = Region.allocate("test-buffer", BYTES);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", new PlainStore(memory))
            .targetPorts(twoPorts())
            .accessStates(Map.of(2, AccessState.STANDBY))
            .build();
    private final ScsiTarget target = new ScsiTarget("t");
    private final Nexus nexus = new Nexus("i", "t", 1);
    private final Command[] commands = new Command[32];
    private long notGood;

    private static TargetPorts twoPorts() {
        TargetPorts ports = new TargetPorts();
        ports.add(new TargetPort("t", 1, 1));
        ports.add(new TargetPort("t2", 2, 2));
        return ports;
    }

    @AfterEach
    void free() {
        memory.close();
        buffer.close();
    }

    /** Memory and nothing else, so that what is allocated is the engine's. */
    private record PlainStore(Region memory) implements Store {
        private static final StoreProperties PROPERTIES = FakeStore.properties(false, true);

        @Override
        public StoreProperties properties() {
            return PROPERTIES;
        }

        @Override
        public long sizeBytes() {
            return STORE_BYTES;
        }

        @Override
        public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
            Memory.copy(memory.address() + offsetBytes, address, lengthBytes);
            completion.ended(StoreStatus.OK, -1);
        }

        @Override
        public void write(
                long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
            Memory.copy(address, memory.address() + offsetBytes, lengthBytes);
            completion.ended(StoreStatus.OK, -1);
        }

        @Override
        public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
            completion.ended(StoreStatus.OK, -1);
        }

        @Override
        public void close() {
            // The test frees the memory.
        }
    }

    private void send(Command command, long cdbHead, long cdbTail, DataDirection direction) {
        command.begin(nexus, 0, 1, TaskAttribute.SIMPLE);
        command.setCdbWords(cdbHead, cdbTail);
        command.setData(direction, buffer.address(), BYTES, BYTES);
        target.execute(command);
    }

    private void sendMany() {
        for (int i = 0; i < COMMANDS; i++) {
            Command command = commands[i % commands.length];
            long lba = i * 8L % (STORE_BYTES / 512);
            long head = lba << 16;
            send(command, 0x2a00_0000_0000_0000L | head, 0x0800_0000_0000_0000L, DataDirection.OUT);
            send(command, 0x2800_0000_0000_0000L | head, 0x0800_0000_0000_0000L, DataDirection.IN);
            send(command, 0x2a08_0000_0000_0000L | head, 0x0800_0000_0000_0000L, DataDirection.OUT); // FUA
            send(command, 0x2808_0000_0000_0000L | head, 0x0800_0000_0000_0000L, DataDirection.IN);
        }
    }

    private void completed(Command command) {
        if (command.status() != ScsiStatus.GOOD) {
            notGood++;
        }
    }

    private long measure() {
        for (int i = 0; i < commands.length; i++) {
            commands[i] = new Command(null, this::completed);
        }
        for (int warmUp = 0; warmUp < 3; warmUp++) {
            sendMany();
        }
        notGood = 0;
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        sendMany();
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertEquals(0, notGood);
        return allocated;
    }

    @Test
    void readsAndWritesAllocateNothing() {
        target.map(0, unit);
        target.nexusEstablished(nexus);
        long allocated = measure();
        // The measuring itself, once.
        assertTrue(allocated < COMMANDS / 10, allocated + " bytes for " + 4 * COMMANDS + " commands");
    }

    @Test
    void readsAndWritesUnderAReservationAllocateNothing() {
        target.map(0, unit);
        Initiator holder = new Initiator(target, nexus);
        holder.takeAttentions();
        holder.out(Cdb.reserveOut(0, 0), Cdb.keys(0, 1)).good();
        holder.out(Cdb.reserveOut(1, ReservationType.WRITE_EXCLUSIVE.code()), Cdb.keys(1, 0))
                .good();
        long allocated = measure();
        assertTrue(allocated < COMMANDS / 10, allocated + " bytes for " + 4 * COMMANDS + " commands");
    }
}
