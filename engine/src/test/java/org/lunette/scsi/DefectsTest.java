package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.bridge.memory.Memory;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreProperties;
import org.lunette.store.StoreStatus;

/** READ DEFECT DATA and REASSIGN BLOCKS. */
public class DefectsTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 64;

    /** A store some of whose blocks cannot be read until they are written again. */
    private static final class WornStore implements Store {
        private final FakeStore sound;
        private final Set<Long> worn = new HashSet<>();

        private WornStore(FakeStore sound, long... worn) {
            this.sound = sound;
            Arrays.stream(worn).forEach(this.worn::add);
        }

        @Override
        public StoreProperties properties() {
            return sound.properties();
        }

        @Override
        public long sizeBytes() {
            return sound.sizeBytes();
        }

        @Override
        public void read(long offsetBytes, long address, int lengthBytes, StoreCompletion completion) {
            if (worn.contains(offsetBytes / BLOCK)) {
                Memory.fill(address, lengthBytes, (byte) 0x55); // what a failed read leaves is no data
                completion.ended(StoreStatus.READ_FAILED, offsetBytes);
            } else {
                sound.read(offsetBytes, address, lengthBytes, completion);
            }
        }

        @Override
        public void write(
                long offsetBytes, long address, int lengthBytes, boolean durable, StoreCompletion completion) {
            worn.remove(offsetBytes / BLOCK);
            sound.write(offsetBytes, address, lengthBytes, durable, completion);
        }

        @Override
        public void flush(long offsetBytes, long lengthBytes, StoreCompletion completion) {
            sound.flush(offsetBytes, lengthBytes, completion);
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");

    private void writeAll(Initiator by) {
        byte[] data = new byte[BLOCKS * BLOCK];
        Arrays.fill(data, (byte) 7);
        by.out(Cdb.write(0, BLOCKS), data).good();
    }

    // ---- READ DEFECT DATA ----

    @Test
    void theDefectListsAreEmptyInEveryFormat() {
        for (int lists = 0; lists < 4; lists++) {
            for (int format = 0; format < 6; format++) {
                String flags = String.format("%02x", lists << 3 | format);
                Reply ten = initiator
                        .in(Cdb.of("37 00" + flags + "00 00 00 00 00ff 00"), 255)
                        .good();
                assertEquals("00 " + flags + " 00 00", ten.hex());
                for (String index : new String[] {"00000000", "00000005", "ffffffff"}) {
                    Reply twelve = initiator
                            .in(Cdb.of("b7" + flags + index + "000000ff 00 00"), 255)
                            .good();
                    assertEquals("00 " + flags + " 00 00 00 00 00 00", twelve.hex());
                }
            }
        }
    }

    @Test
    void aListIsCutByItsAllocationLengthAndUnknownFormatsAreRefused() {
        assertEquals(
                "00 18",
                initiator.in(Cdb.of("37 00 18 00000000 0002 00"), 255).good().hex());
        assertEquals(
                0,
                initiator
                        .in(Cdb.of("b7 18 00000000 00000000 00 00"), 255)
                        .good()
                        .transferBytes());
        initiator.in(Cdb.of("37 00 06 00000000 00ff 00"), 255).invalidCdb(2);
        initiator.in(Cdb.of("37 00 07 00000000 00ff 00"), 255).invalidCdb(2);
        initiator.in(Cdb.of("b7 0e 00000000 000000ff 00 00"), 255).invalidCdb(1);
    }

    // ---- REASSIGN BLOCKS ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatCannotBeReadIsWrittenAnewAndTheRestKeepsItsData(boolean later) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            if (later) {
                store.by(executor);
            }
            WornStore worn = new WornStore(store);
            Initiator at = Initiator.ready(LogicalUnit.builder("worn", worn).build(), "a");
            writeAll(at);
            worn.worn.addAll(Set.of(3L, 4L, 9L));
            at.in(Cdb.read(3, 1), BLOCK).check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
            Reply reply = at.out(Cdb.of("07 00 00000000"), Cdb.of("0000 0010 00000003 00000004 00000005 00000003"));
            assertEquals(20, reply.good().transferBytes());
            byte[] after = at.in(Cdb.read(3, 3), 3 * BLOCK).good().data();
            assertArrayEquals(new byte[2 * BLOCK], Arrays.copyOf(after, 2 * BLOCK));
            assertEquals(7, after[2 * BLOCK], "one that could be read");
            assertTrue(worn.worn.contains(9L), "one that was not named");
            at.out(Cdb.of("07 03 00000000"), Cdb.of("00000008 0000000000000009"))
                    .good();
            at.in(Cdb.read(9, 1), BLOCK).good();
            store.losePower();
            assertArrayEquals(new byte[2 * BLOCK], Arrays.copyOfRange(store.snapshot(), 3 * BLOCK, 5 * BLOCK));
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void wrongListsAreRefusedBeforeAnythingIsDone() {
        store.logged();
        initiator.out(Cdb.of("07 00 00000000"), Cdb.of("0000 0000")).good();
        for (String shorter : new String[] {"", "0000 00", "0000 0004 000000", "0000 0008 00000001"}) {
            initiator
                    .out(Cdb.of("07 00 00000000"), Cdb.of(shorter))
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        initiator
                .out(Cdb.of("07 00 00000000"), Cdb.of("0000 0006 00000001 0000"))
                .invalidParameter(2);
        initiator.out(Cdb.of("07 02 00000000"), Cdb.of("0000 0004 00000001")).invalidParameter(2);
        initiator.out(Cdb.of("07 01 00000000"), Cdb.of("fffffffc 00000001")).invalidParameter(0);
        Reply beyond = initiator.out(Cdb.of("07 00 00000000"), Cdb.of("0000 0008 00000001 00000040"));
        beyond.check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        assertEquals(BLOCKS, beyond.information());
        initiator
                .out(Cdb.of("07 02 00000000"), Cdb.of("0000 0008 ffffffffffffffff"))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        assertTrue(store.log.isEmpty(), store.log::toString);
    }

    @Test
    void failuresAndAbortsEndIt() {
        byte[] list = Cdb.of("0000 0008 00000001 00000002");
        store.failWith(StoreStatus.UNREACHABLE, -1);
        initiator
                .out(Cdb.of("07 00 00000000"), list)
                .check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE);
        store.failWith(StoreStatus.OK, -1);
        store.logged().hold();
        Initiator.Pending pending = initiator.startOut(Cdb.of("07 00 00000000"), list);
        assertFalse(pending.isDone());
        pending.abort();
        store.release();
        pending.reply().is(ScsiStatus.TASK_ABORTED);
        assertEquals(1, store.log.size());
    }
}
