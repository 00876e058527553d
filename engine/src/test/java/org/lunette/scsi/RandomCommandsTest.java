package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.TaskManagement.Function;
import org.lunette.scsi.device.ScsiTarget;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;

/**
 * Random CDBs with random data at a target with one unit: each ends once, in a way that a transport can report, and
 * changes only what a command may change.
 */
public class RandomCommandsTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 128;
    private static final int COMMANDS = 30_000;
    private static final int FORMAT_UNIT = 0x04;
    private static final int SANITIZE = 0x48;
    private static final int MAX_DATA = 8 * BLOCK;

    private final long seed = Seed.OF_THIS_RUN;
    private final Random random = new Random(seed);
    private final FakeStore store = FakeStore.thin(BLOCKS);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final ScsiTarget target = new ScsiTarget("t");
    private final List<Opcode> opcodes = unit.opcodes().all();
    private byte[] before = store.snapshot();

    @Test
    void nothingThrowsHangsOrChangesWhatItMayNot() {
        target.map(0, unit);
        List<Initiator> initiators = List.of(new Initiator(target, "a"), new Initiator(target, "b"));
        int good = 0;
        for (int i = 0; i < COMMANDS; i++) {
            byte[] cdb = randomCdb();
            Initiator by = initiators.get(random.nextInt(2)).lun(random.nextInt(20) == 0 ? random.nextInt(40) - 1 : 0);
            String what =
                    "seed " + seed + ", command " + i + ": " + HexFormat.of().formatHex(cdb);
            Reply reply;
            try {
                reply = send(by, cdb, what);
            } catch (NotCarried e) {
                continue;
            }
            check(reply, what);
            checkChanges(cdb, reply, what);
            good += reply.status() == ScsiStatus.GOOD ? 1 : 0;
            if (reply.status() == ScsiStatus.ACA_ACTIVE || reply.status() == ScsiStatus.BUSY) {
                initiators.forEach(one -> one.lun(0).manage(Function.CLEAR_ACA));
            }
            if (random.nextInt(50) == 0) {
                by.lun(0).manage(Function.LOGICAL_UNIT_RESET);
            }
        }
        assertTrue(good > COMMANDS / 20, good + " ended with GOOD: too few to mean anything; seed " + seed);
        assertEquals(0, unit.taskCount());
    }

    private Reply send(Initiator by, byte[] cdb, String what) {
        int room = random.nextInt(4) == 0 ? 0 : random.nextInt(MAX_DATA);
        DataDirection direction = DataDirection.values()[random.nextInt(3)];
        byte[] data = null;
        if (direction == DataDirection.NONE) {
            room = 0;
        } else if (direction == DataDirection.OUT) {
            data = new byte[room];
            random.nextBytes(data);
            if (random.nextBoolean()) {
                Arrays.fill(data, 0, Math.min(4, room), (byte) 0); // so that some mode parameter lists get further
            }
        }
        try {
            return by.send(by.prepare(cdb, direction, data, room, room)).reply();
        } catch (NotCarried e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }

    /** Any CDB but those of commands that change the whole medium, and that others have to wait for. */
    private byte[] randomCdb() {
        byte[] cdb;
        do {
            cdb = anyCdb();
        } while (cdb[0] == FORMAT_UNIT || cdb[0] == SANITIZE);
        return cdb;
    }

    private byte[] anyCdb() {
        byte[] cdb = new byte[16];
        random.nextBytes(cdb);
        if (random.nextInt(10) == 0) {
            return cdb;
        }
        Opcode opcode = opcodes.get(random.nextInt(opcodes.size()));
        for (int i = 0; i < opcode.cdbBytes(); i++) {
            cdb[i] = (byte) (opcode.usage(i) & cdb[i]);
        }
        cdb[0] = (byte) opcode.code();
        if (opcode.hasServiceAction()) {
            cdb[1] = (byte) opcode.serviceAction();
        }
        if (opcode.isRanged() && random.nextInt(8) != 0) {
            int flags = cdb[1] & (opcode.cdbBytes() == 6 ? 0 : opcode.usage(1));
            byte[] ranged =
                    Cdb.ranged(opcode.code(), opcode.cdbBytes(), random.nextInt(BLOCKS + 2), random.nextInt(10), flags);
            System.arraycopy(ranged, 0, cdb, 0, ranged.length);
        }
        if (random.nextInt(10) == 0) {
            cdb[random.nextInt(cdb.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return cdb;
    }

    private static void check(Reply reply, String what) {
        if (reply.status() == ScsiStatus.CHECK_CONDITION) {
            int format = reply.sense()[0] & 0x7f;
            assertTrue(format == 0x70 || format == 0x72, what);
            assertTrue(Sense.key(reply.sense()) != 0, what);
            assertEquals(0, reply.transferBytes(), what);
        } else {
            assertEquals(0, reply.sense().length, what);
        }
        assertTrue(reply.transferBytes() >= 0, what);
    }

    private void checkChanges(byte[] cdb, Reply reply, String what) {
        byte[] after = store.snapshot();
        int code = cdb[0] & 0xff;
        Opcode opcode = unit.opcodes().find(code, 0);
        boolean writes = opcode != null && opcode.writes() && reply.status() == ScsiStatus.GOOD;
        long from = 0;
        long to = 0;
        if (writes && opcode.isRanged()) {
            long blocks = blocks(cdb, code, opcode.cdbBytes());
            from = lba(cdb, opcode.cdbBytes()) * BLOCK;
            to = blocks == 0 && opcode.isToTheEnd() ? after.length : from + blocks * BLOCK;
        } else if (writes) {
            to = after.length; // UNMAP, whose ranges are in its data
        }
        for (int i = 0; i < after.length; i++) {
            if (after[i] != before[i] && (i < from || i >= to)) {
                throw new AssertionError(what + " changed byte " + i + "; " + reply);
            }
        }
        before = after;
    }

    private static long blocks(byte[] cdb, int code, int cdbBytes) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(cdb);
        long usual = switch (cdbBytes) {
            case 6 -> cdb[4] == 0 ? 256 : cdb[4] & 0xff;
            case 10 -> buffer.getShort(7) & 0xffff;
            case 12 -> buffer.getInt(6) & 0xffff_ffffL;
            default -> buffer.getInt(10) & 0xffff_ffffL;
        };
        return code == 0x89 ? cdb[13] & 0xff : code == 0x9c ? buffer.getShort(12) & 0xffff : usual;
    }

    private static long lba(byte[] cdb, int cdbBytes) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(cdb);
        return switch (cdbBytes) {
            case 6 -> buffer.getInt(0) & 0x1f_ffff;
            case 16 -> buffer.getLong(2);
            default -> buffer.getInt(2);
        };
    }
}
