package org.lunette.it.sim;

import java.nio.ByteBuffer;
import java.util.Set;
import org.lunette.bridge.scstuser.ScstUser;
import org.lunette.command.DataDirection;

/**
 * What SCST's core makes of a CDB for a disk before the handler sees it: which operation codes are in its table, what
 * data their CDBs ask for, what it answers or refuses by itself. As SCST 3.11 does it, where it differs from the
 * standards too.
 */
final class ScstTable {
    /** Where a CDB says how much data there is: one letter for the direction, offset and length of the field. */
    private enum Rule {
        NONE,
        IN,
        OUT,
        BLOCKS_IN,
        BLOCKS_OUT,
        VERIFY,
        WRITE_SAME,
        FORMAT,
        SERVICE_ACTION_IN,
        OTHER
    }

    /** What is known of an operation code. */
    private record Entry(Rule rule, int offset, int bytes) {}

    /**
     * What the core has found out.
     *
     * @param direction {@code SCST_DATA_*}
     * @param bufferBytes what the CDB transfers
     */
    record Transfer(int direction, int bufferBytes) {}

    private static final Entry[] ENTRIES = new Entry[256];
    private static final Set<Integer> PROTECTED =
            Set.of(0x28, 0x2a, 0x2e, 0x2f, 0x41, 0x88, 0x8a, 0x8e, 0x8f, 0x93, 0xa8, 0xaa, 0xae, 0xaf);

    static {
        all(Rule.NONE, 0, 0, 0x00, 0x07, 0x0b, 0x11, 0x16, 0x17, 0x1b, 0x1e, 0x2b, 0x2c, 0x34, 0x35, 0x36);
        all(Rule.NONE, 0, 0, 0x56, 0x57, 0x86, 0x87, 0x90, 0x91, 0x92);
        all(Rule.IN, 3, 2, 0x12, 0x1c);
        all(Rule.IN, 4, 1, 0x03, 0x1a);
        all(Rule.IN, 5, 4, 0x5e);
        all(Rule.IN, 6, 3, 0x3c);
        all(Rule.IN, 6, 4, 0xa0, 0xa2, 0xa3);
        all(Rule.IN, 7, 2, 0x23, 0x37, 0x3e, 0x4d, 0x5a);
        all(Rule.IN, 8, 1, 0x29);
        all(Rule.IN, 9, 1, 0xb7);
        all(Rule.IN, 10, 4, 0x84);
        all(Rule.OUT, 3, 2, 0x1d);
        all(Rule.OUT, 4, 1, 0x15);
        all(Rule.OUT, 5, 4, 0x5f);
        all(Rule.OUT, 6, 3, 0x3b);
        all(Rule.OUT, 6, 4, 0xa4, 0xb5);
        all(Rule.OUT, 7, 2, 0x3f, 0x42, 0x4c, 0x50, 0x51, 0x55);
        all(Rule.OUT, 8, 1, 0x40);
        all(Rule.OUT, 10, 4, 0x81, 0x82, 0x83);
        all(Rule.BLOCKS_IN, 4, 1, 0x08);
        all(Rule.BLOCKS_IN, 7, 2, 0x28);
        all(Rule.BLOCKS_IN, 6, 4, 0xa8);
        all(Rule.BLOCKS_IN, 10, 4, 0x88);
        all(Rule.BLOCKS_OUT, 4, 1, 0x0a);
        all(Rule.BLOCKS_OUT, 7, 2, 0x2a, 0x2e);
        all(Rule.BLOCKS_OUT, 6, 4, 0xaa, 0xae);
        all(Rule.BLOCKS_OUT, 10, 4, 0x8a, 0x8e);
        all(Rule.VERIFY, 7, 2, 0x2f);
        all(Rule.VERIFY, 6, 4, 0xaf);
        all(Rule.VERIFY, 10, 4, 0x8f);
        all(Rule.WRITE_SAME, 0, 0, 0x41, 0x93);
        all(Rule.FORMAT, 0, 0, 0x04);
        all(Rule.SERVICE_ACTION_IN, 10, 4, 0x9e);
        all(Rule.OTHER, 0, 0, 0x05, 0x25, 0x2d, 0x53, 0x7f, 0x85, 0x89, 0xa1);
    }

    private ScstTable() {}

    private static void all(Rule rule, int offset, int bytes, int... opcodes) {
        for (int opcode : opcodes) {
            ENTRIES[opcode] = new Entry(rule, offset, bytes);
        }
    }

    /** Whether the table has the operation code; the handler is asked, by PARSE, about others. */
    static boolean knows(int opcode) {
        return ENTRIES[opcode] != null;
    }

    /**
     * Why the handler never sees such a command, or not as it was sent; null if it does.
     *
     * @param expectedBytes what the initiator announces
     */
    static String obstacle(byte[] cdb, DataDirection direction, long expectedBytes, int blockBytes) {
        String own = answeredByCore(cdb);
        if (own != null) {
            return "SCST's core answers " + own + " itself";
        }
        int opcode = cdb[0] & 0xff;
        if (opcode == 0x07 || opcode == 0xb7) {
            return "SCST's table has no length, or a wrong one, for REASSIGN BLOCKS and READ DEFECT DATA (12)";
        }
        if (!knows(opcode)) {
            boolean whole = opcode != 0x8b && opcode != 0x9c || expectedBytes == blocksOf(cdb, opcode) * blockBytes;
            return whole ? null : "SCST makes no residual count for what it does not know: what is announced is all";
        }
        if (isRefused(cdb, opcode)) {
            return "SCST's core refuses that CDB itself";
        }
        Transfer transfer = transfer(cdb, expectedBytes, blockBytes);
        if (transfer == null) {
            return "SCST's core refuses lengths and addresses beyond its own numbers";
        }
        return mismatch(opcode, transfer, direction, expectedBytes);
    }

    private static String mismatch(int opcode, Transfer transfer, DataDirection direction, long expectedBytes) {
        int expected = direction(direction, expectedBytes);
        boolean agrees = transfer.direction == expected
                || expected == ScstUser.SCST_DATA_NONE && transfer.bufferBytes == 0
                || opcode == 0 && expected == ScstUser.SCST_DATA_READ;
        if (!agrees) {
            return "SCST's core refuses data that goes another way than the CDB says";
        }
        if (transfer.direction == ScstUser.SCST_DATA_WRITE && expectedBytes < transfer.bufferBytes) {
            return "SCST does not say how much came: the rest of what the CDB asks for is what the buffer had before";
        }
        if (ENTRIES[opcode].rule == Rule.WRITE_SAME && expectedBytes > transfer.bufferBytes) {
            return "SCST takes one block, whatever is announced";
        }
        return null;
    }

    private static String answeredByCore(byte[] cdb) {
        int action = cdb[1] & 0x1f;
        return switch (cdb[0] & 0xff) {
            case 0x03 -> "REQUEST SENSE";
            case 0x16, 0x17, 0x56, 0x57 -> "RESERVE and RELEASE";
            case 0x5e, 0x5f -> "PERSISTENT RESERVE IN and OUT";
            case 0x83 -> "EXTENDED COPY, and refuses its other service actions,";
            case 0x84 -> "RECEIVE COPY RESULTS";
            case 0x89 -> "COMPARE AND WRITE";
            case 0xa0 -> "REPORT LUNS";
            case 0xa3 ->
                switch (action) {
                    case 0x0a -> "REPORT TARGET PORT GROUPS";
                    case 0x0d -> "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS";
                    default -> null;
                };
            case 0xa4 -> action == 0x0a ? "SET TARGET PORT GROUPS" : null;
            default -> null;
        };
    }

    /**
     * Of what the units of the tests know; protection information, linked commands and what the core takes for wrong.
     */
    private static boolean isRefused(byte[] cdb, int opcode) {
        boolean linked = (cdb[cdbBytes(opcode) - 1] & 1) != 0;
        boolean protection = PROTECTED.contains(opcode) && (cdb[1] & 0xe0) != 0;
        boolean bytchk = ENTRIES[opcode].rule == Rule.VERIFY && (cdb[1] & 4) != 0;
        boolean unmaps = (cdb[1] & 8) != 0;
        boolean noData = opcode == 0x93 && (cdb[1] & 1) != 0;
        boolean writeSame = ENTRIES[opcode].rule == Rule.WRITE_SAME && !unmaps && ((cdb[1] & 0x10) != 0 || noData);
        return linked || protection || bytchk || writeSame;
    }

    private static int cdbBytes(int opcode) {
        return switch (opcode >> 5) {
            case 0 -> 6;
            case 1, 2 -> 10;
            case 4 -> 16;
            default -> 12;
        };
    }

    /** What the core makes of a CDB that its table knows; null for what it refuses. */
    static Transfer transfer(byte[] cdb, long expectedBytes, int blockBytes) {
        int opcode = cdb[0] & 0xff;
        Entry entry = ENTRIES[opcode];
        long length = field(cdb, entry.offset, entry.bytes);
        return switch (entry.rule) {
            case NONE -> new Transfer(ScstUser.SCST_DATA_NONE, 0);
            case IN -> of(ScstUser.SCST_DATA_READ, length);
            case OUT -> of(ScstUser.SCST_DATA_WRITE, length);
            case BLOCKS_IN -> ranged(cdb, opcode, ScstUser.SCST_DATA_READ, blocksOf(cdb, opcode) * blockBytes);
            case BLOCKS_OUT -> ranged(cdb, opcode, ScstUser.SCST_DATA_WRITE, blocksOf(cdb, opcode) * blockBytes);
            case VERIFY ->
                (cdb[1] & 2) == 0
                        ? ranged(cdb, opcode, ScstUser.SCST_DATA_NONE, 0)
                        : ranged(cdb, opcode, ScstUser.SCST_DATA_WRITE, length * blockBytes);
            case WRITE_SAME ->
                opcode == 0x93 && (cdb[1] & 1) != 0
                        ? ranged(cdb, opcode, ScstUser.SCST_DATA_NONE, 0)
                        : ranged(cdb, opcode, ScstUser.SCST_DATA_WRITE, blockBytes);
            case FORMAT ->
                (cdb[1] & 0x10) == 0
                        ? new Transfer(ScstUser.SCST_DATA_NONE, 0)
                        : of(ScstUser.SCST_DATA_WRITE, expectedBytes);
            case SERVICE_ACTION_IN ->
                switch (cdb[1] & 0x1f) {
                    case 0x10 -> length > 128 ? null : of(ScstUser.SCST_DATA_READ, length);
                    case 0x12 -> of(ScstUser.SCST_DATA_READ, length);
                    default -> of(ScstUser.SCST_DATA_READ, expectedBytes);
                };
            case OTHER -> opcode == 0x25 ? of(ScstUser.SCST_DATA_READ, 8) : null;
        };
    }

    private static Transfer of(int direction, long bytes) {
        return bytes > Integer.MAX_VALUE ? null : new Transfer(direction, (int) bytes);
    }

    private static Transfer ranged(byte[] cdb, int opcode, int direction, long bytes) {
        boolean beyond = cdbBytes(opcode) == 16 && ByteBuffer.wrap(cdb).getLong(2) >>> 48 != 0;
        return beyond ? null : of(direction, bytes);
    }

    private static long blocksOf(byte[] cdb, int opcode) {
        if (opcode == 0x8b || opcode == 0x9c) {
            return opcode == 0x8b ? field(cdb, 10, 4) : field(cdb, 12, 2);
        }
        long blocks = field(cdb, ENTRIES[opcode].offset, ENTRIES[opcode].bytes);
        return cdbBytes(opcode) == 6 && blocks == 0 ? 256 : blocks;
    }

    private static long field(byte[] cdb, int offset, int bytes) {
        long value = 0;
        for (int i = offset; i < offset + bytes; i++) {
            value = value << 8 | cdb[i] & 0xff;
        }
        return value;
    }

    /** {@code SCST_DATA_*} for what an initiator announces. */
    static int direction(DataDirection direction, long expectedBytes) {
        return switch (expectedBytes == 0 ? DataDirection.NONE : direction) {
            case NONE -> ScstUser.SCST_DATA_NONE;
            case IN -> ScstUser.SCST_DATA_READ;
            case OUT -> ScstUser.SCST_DATA_WRITE;
        };
    }
}
