package org.lunette.scsi;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Builds CDBs for tests. */
public final class Cdb {
    public static final int FUA = 0x08;
    public static final int DPO = 0x10;

    private Cdb() {}

    /** A CDB written in hexadecimal; blanks are ignored. */
    public static byte[] of(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** READ of 6, 10, 12 or 16 bytes; {@code flags} is byte 1. */
    public static byte[] read(int cdbBytes, long lba, long blocks, int flags) {
        return ranged(code(cdbBytes, 0x08, 0x28, 0xa8, 0x88), cdbBytes, lba, blocks, flags);
    }

    public static byte[] read(long lba, long blocks) {
        return read(16, lba, blocks, 0);
    }

    public static byte[] write(int cdbBytes, long lba, long blocks, int flags) {
        return ranged(code(cdbBytes, 0x0a, 0x2a, 0xaa, 0x8a), cdbBytes, lba, blocks, flags);
    }

    public static byte[] write(long lba, long blocks) {
        return write(16, lba, blocks, 0);
    }

    /** VERIFY of 10, 12 or 16 bytes. */
    public static byte[] verify(int cdbBytes, long lba, long blocks, int bytchk) {
        return ranged(code(cdbBytes, 0, 0x2f, 0xaf, 0x8f), cdbBytes, lba, blocks, bytchk << 1);
    }

    /** SYNCHRONIZE CACHE of 10 or 16 bytes. */
    public static byte[] synchronizeCache(int cdbBytes, long lba, long blocks, int flags) {
        return ranged(code(cdbBytes, 0, 0x35, 0, 0x91), cdbBytes, lba, blocks, flags);
    }

    private static int code(int cdbBytes, int six, int ten, int twelve, int sixteen) {
        return switch (cdbBytes) {
            case 6 -> six;
            case 10 -> ten;
            case 12 -> twelve;
            default -> sixteen;
        };
    }

    /** A CDB with an LBA and a number of blocks in their usual places. */
    public static byte[] ranged(int code, int cdbBytes, long lba, long blocks, int flags) {
        ByteBuffer cdb = ByteBuffer.allocate(cdbBytes);
        cdb.put(0, (byte) code);
        switch (cdbBytes) {
            case 6 -> cdb.putInt(0, code << 24 | (int) lba & 0x1f_ffff).put(4, (byte) blocks);
            case 10 -> cdb.put(1, (byte) flags).putInt(2, (int) lba).putShort(7, (short) blocks);
            case 12 -> cdb.put(1, (byte) flags).putInt(2, (int) lba).putInt(6, (int) blocks);
            default -> cdb.put(1, (byte) flags).putLong(2, lba).putInt(10, (int) blocks);
        }
        return cdb.array();
    }

    public static byte[] testUnitReady() {
        return of("00 00 00 00 00 00");
    }

    public static byte[] requestSense(boolean descriptor) {
        return of("03 0" + (descriptor ? 1 : 0) + " 00 00 fc 00");
    }

    /** Standard INQUIRY. */
    public static byte[] inquiry(int allocationBytes) {
        return allocation(of("12 00 00 00 00 00"), 3, allocationBytes);
    }

    /** INQUIRY of a VPD page. */
    public static byte[] vpd(int page, int allocationBytes) {
        byte[] cdb = allocation(of("12 01 00 00 00 00"), 3, allocationBytes);
        cdb[2] = (byte) page;
        return cdb;
    }

    /** MODE SENSE of 6 or 10 bytes; {@code flags} is byte 1, {@code control} the PC field. */
    public static byte[] modeSense(int cdbBytes, int flags, int control, int page, int subpage, int allocationBytes) {
        byte[] cdb = new byte[cdbBytes];
        cdb[0] = (byte) (cdbBytes == 6 ? 0x1a : 0x5a);
        cdb[1] = (byte) flags;
        cdb[2] = (byte) (control << 6 | page);
        cdb[3] = (byte) subpage;
        if (cdbBytes == 6) {
            cdb[4] = (byte) allocationBytes;
            return cdb;
        }
        return allocation(cdb, 7, allocationBytes);
    }

    /** MODE SELECT of 6 or 10 bytes with the PF bit. */
    public static byte[] modeSelect(int cdbBytes, int listBytes) {
        byte[] cdb = new byte[cdbBytes];
        cdb[0] = (byte) (cdbBytes == 6 ? 0x15 : 0x55);
        cdb[1] = 0x10;
        if (cdbBytes == 6) {
            cdb[4] = (byte) listBytes;
            return cdb;
        }
        return allocation(cdb, 7, listBytes);
    }

    public static byte[] reportLuns(int select, int allocationBytes) {
        byte[] cdb = of("a0 00 00 00 00 00 00 00 00 00 00 00");
        cdb[2] = (byte) select;
        ByteBuffer.wrap(cdb).putInt(6, allocationBytes);
        return cdb;
    }

    /** PERSISTENT RESERVE IN. */
    public static byte[] reserveIn(int action, int allocationBytes) {
        byte[] cdb = allocation(of("5e 00 00 00 00 00 00 00 00 00"), 7, allocationBytes);
        cdb[1] = (byte) action;
        return cdb;
    }

    /** PERSISTENT RESERVE OUT with a parameter list of 24 bytes. */
    public static byte[] reserveOut(int action, int type) {
        byte[] cdb = of("5f 00 00 00 00 00 00 00 18 00");
        cdb[1] = (byte) action;
        cdb[2] = (byte) type;
        return cdb;
    }

    /** The parameter list of PERSISTENT RESERVE OUT. */
    public static byte[] keys(long key, long actionKey) {
        return ByteBuffer.allocate(24).putLong(key).putLong(actionKey).array();
    }

    private static byte[] allocation(byte[] cdb, int offset, int allocationBytes) {
        ByteBuffer.wrap(cdb).putShort(offset, (short) allocationBytes);
        return cdb;
    }
}
