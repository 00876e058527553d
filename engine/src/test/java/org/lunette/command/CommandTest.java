package org.lunette.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

class CommandTest {
    private static final Nexus NEXUS = new Nexus("initiator", "target", 1);

    private final List<String> told = new ArrayList<>();
    private final Command command = new Command("owner", c -> told.add("front-end"));

    @Test
    void aShorterCdbLeavesNothingOfALongerOne() {
        byte[] longer = new byte[32];
        Arrays.fill(longer, (byte) 0xff);
        begin();
        command.setCdb(longer, 0, 32);
        command.completeGood();
        begin();
        command.setCdb(new byte[] {0x12, 1, (byte) 0x83, 0x01, 0x02, 0}, 0, 6);
        assertEquals(0x12, command.opcode());
        assertEquals(0x0102, command.cdb16(3));
        for (int i = 6; i < 32; i++) {
            assertEquals(0, command.cdb8(i), "byte " + i);
        }
    }

    @Test
    void cdbFieldsAreUnsignedAndBigEndian() {
        begin();
        command.setCdbWords(0x88ff_fffe_fdfc_fbfaL, 0xf9f8_8000_0001_ff00L);
        assertEquals(0xffff_fefd_fcfb_faf9L, command.cdb64(1));
        assertEquals(0x8000_0001L, command.cdb32(10));
        assertEquals(0xff00, command.cdb16(14));
        assertEquals(0xfffefd, command.cdb24(2));
    }

    @Test
    void aCdbOfNoLengthOrBeyondTheLongestIsRefused() {
        begin();
        assertThrows(IllegalArgumentException.class, () -> command.setCdb(new byte[300], 0, 261));
        assertThrows(IllegalArgumentException.class, () -> command.setCdb(new byte[1], 0, 0));
    }

    @Test
    void completionsRunLastAddedFirstAndMayHoldTheCommand() {
        begin();
        Command[] held = new Command[1];
        command.addCompletion(c -> {
            told.add("outer filter");
            c.continueCompletion();
        });
        command.addCompletion(c -> {
            told.add("inner filter");
            held[0] = c;
        });
        command.completeGood();
        assertEquals(List.of("inner filter"), told);
        held[0].continueCompletion();
        assertEquals(List.of("inner filter", "outer filter", "front-end"), told);
    }

    @Test
    void onlyTheFirstOfManyCompletersCounts() throws Exception {
        for (int round = 0; round < 200; round++) {
            AtomicInteger ends = new AtomicInteger();
            Command raced = new Command(null, c -> ends.incrementAndGet());
            raced.begin(NEXUS, 0, round, TaskAttribute.SIMPLE);
            AtomicInteger first = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(2);
            Runnable completer = () -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                if (raced.complete(ScsiStatus.BUSY)) {
                    first.incrementAndGet();
                }
            };
            Thread other = new Thread(completer);
            other.start();
            completer.run();
            other.join();
            assertEquals(1, first.get());
            assertEquals(1, ends.get());
        }
    }

    @Test
    void aCommandInUseCannotBeBegun() {
        begin();
        assertThrows(IllegalStateException.class, this::begin);
        assertTrue(command.completeGood());
        assertFalse(command.completeGood());
        begin();
    }

    @Test
    void dataInIsCutAtTheBufferAndCountsWhole() {
        try (Region region = Region.allocate("command test", 64)) {
            Memory.fill(region.address(), 64, (byte) 0x55);
            begin();
            command.setData(DataDirection.IN, region.address(), 4, 4);
            command.dataIn(new byte[] {1, 2, 3, 4, 5, 6}, 6);
            byte[] there = new byte[6];
            Memory.copy(region.address(), there, 0, 6);
            assertArrayEquals(new byte[] {1, 2, 3, 4, 0x55, 0x55}, there);
            assertEquals(6, command.transferBytes());
            assertEquals(4, command.transferredBytes());
        }
    }

    @Test
    void dataInNeverLandsInADataOutBuffer() {
        try (Region region = Region.allocate("command test", 64)) {
            begin();
            command.setData(DataDirection.OUT, region.address(), 4, 4);
            command.dataIn(new byte[] {1, 2, 3, 4}, 4);
            assertEquals(0, Memory.getInt(region.address()));
        }
    }

    @Test
    void checkConditionCarriesSenseAndNoData() {
        begin();
        command.setTransferBytes(4096);
        command.completeCheckCondition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        assertEquals(ScsiStatus.CHECK_CONDITION, command.status());
        assertEquals(Sense.FIXED_BYTES, command.senseBytes());
        assertEquals(0x24, Sense.code(command.sense()));
        assertEquals(0, command.transferBytes());
    }

    private void begin() {
        command.begin(NEXUS, 0, 1, TaskAttribute.SIMPLE);
    }
}
