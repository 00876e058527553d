package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/**
 * Commands whose data the transport takes the wrong way. A front-end's buffers are used again, for whoever comes: what
 * was in one before a command must not reach the initiator.
 */
public class DataDirectionTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 64;
    private static final byte POISON = (byte) 0xa5;

    private final FakeStore store = FakeStore.ofBlocks(BLOCKS);
    // Nothing goes on by itself: neither time nor a self-test.
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store)
            .clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
            .background(Runnable::run)
            .build();
    private final Initiator initiator = Initiator.ready(unit, "a");

    /** Of each family of commands that take data, and of each length of CDB. */
    static List<byte[]> dataOut() {
        return List.of(
                Cdb.write(6, 0, 2, 0),
                Cdb.write(10, 0, 2, 0),
                Cdb.write(12, 0, 2, 0),
                Cdb.write(16, 0, 2, 0),
                Cdb.verify(10, 0, 2, 1),
                Cdb.verify(12, 0, 2, 1),
                Cdb.verify(16, 0, 2, 1),
                Cdb.verify(10, 0, 2, 3),
                Cdb.verify(12, 0, 2, 3),
                Cdb.verify(16, 0, 2, 3),
                Cdb.of("04 10 00000000"),
                Cdb.of("48 01 0000000000 0008 00"),
                Cdb.modeSelect(6, 16),
                Cdb.modeSelect(10, 20),
                Cdb.of("1d 10 00 0004 00"),
                Cdb.of("3b 0a 00 000000 000010 00"),
                Cdb.of("4c 00 00 00 00 00 00 0008 00"),
                Cdb.of("a4 0f 0000 0000 0000000c 0000"),
                Cdb.reserveOut(0, 0),
                Cdb.reserveOut(6, 0));
    }

    private Reply poisonedIn(byte[] cdb, byte poison) {
        byte[] stale = new byte[4 * BLOCK];
        Arrays.fill(stale, poison);
        return initiator
                .send(initiator.prepare(cdb, DataDirection.IN, stale, stale.length, stale.length))
                .reply();
    }

    @ParameterizedTest
    @MethodSource("dataOut")
    void aCommandThatTakesDataGivesNone(byte[] cdb) {
        byte[] before = store.snapshot();
        Reply reply = poisonedIn(cdb, POISON);
        reply.check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
        assertEquals(0, reply.transferBytes());
        assertEquals("", reply.hex());
        assertArrayEquals(before, store.snapshot());
        assertEquals(0, initiator.in(Cdb.reserveIn(0, 255), 255).good().u32(4), "no key is registered");
    }

    /** Whatever a command is, what it answers does not depend on what was in the buffer. */
    @Test
    void noCommandGivesAwayWhatWasInTheBuffer() {
        long seed = Seed.OF_THIS_RUN;
        Random random = new Random(seed);
        for (Opcode opcode : unit.opcodes().all()) {
            for (int i = 0; i < 200; i++) {
                byte[] cdb = randomCdb(opcode, random);
                Reply one = poisonedIn(cdb, POISON);
                Reply other = poisonedIn(cdb, (byte) ~POISON);
                String what =
                        "seed " + seed + ", " + opcode + ": " + HexFormat.of().formatHex(cdb);
                assertEquals(one.hex(), other.hex(), what);
            }
        }
    }

    private static byte[] randomCdb(Opcode opcode, Random random) {
        byte[] cdb = new byte[opcode.cdbBytes()];
        random.nextBytes(cdb);
        for (int i = 1; i < cdb.length; i++) {
            cdb[i] &= opcode.usage(i);
        }
        if (opcode.isRanged()) {
            int flags = cdb.length == 6 ? 0 : cdb[1];
            cdb = Cdb.ranged(opcode.code(), cdb.length, random.nextInt(BLOCKS), random.nextInt(8), flags);
        }
        cdb[0] = (byte) opcode.code();
        if (opcode.hasServiceAction()) {
            cdb[1] = (byte) (cdb[1] & 0xe0 | opcode.serviceAction());
        }
        return cdb;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataDirection.class,
            names = {"OUT", "NONE"})
    void aCommandThatGivesDataLeavesTheInitiatorsAlone(DataDirection direction) {
        byte[] out = new byte[BLOCK];
        int room = direction == DataDirection.OUT ? BLOCK : 0;
        for (byte[] cdb :
                List.of(Cdb.read(0, 2), Cdb.inquiry(96), Cdb.reportLuns(0, 64), Cdb.modeSense(6, 0, 0, 0x3f, 0, 255))) {
            Reply wanted = initiator.in(cdb, 4096).good();
            Reply reply = initiator
                    .send(initiator.prepare(cdb, direction, room == 0 ? null : out, room, room))
                    .reply()
                    .good();
            assertEquals(wanted.transferBytes(), reply.transferBytes(), "what the residual count is made from");
        }
    }

    @Test
    void aReadWithoutRoomOverflows() {
        assertEquals(2 * BLOCK, initiator.in(Cdb.read(10, 0, 2, 0), 0).good().transferBytes());
        assertEquals(2 * BLOCK, initiator.in(Cdb.read(10, 0, 2, 0), 100).good().transferBytes());
    }

    @Test
    void aReadThatDoesNotSucceedGivesNothing() {
        store.hold();
        Initiator.Pending aborted = initiator.startIn(Cdb.read(0, 2), 2 * BLOCK);
        Initiator.Pending failed = initiator.startIn(Cdb.read(0, 2), 2 * BLOCK);
        aborted.abort();
        store.failWith(StoreStatus.READ_FAILED, 0);
        store.release();
        assertEquals(0, aborted.reply().transferBytes());
        assertEquals(0, failed.reply().is(ScsiStatus.CHECK_CONDITION).transferBytes());
    }
}
