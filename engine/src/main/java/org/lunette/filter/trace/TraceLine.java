package org.lunette.filter.trace;

import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.lunette.bridge.memory.Memory;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.Sense;
import org.lunette.filter.CommandTable.Entry;

/** A command that has ended, as a line of words. */
final class TraceLine {
    /** What the words are. */
    static final String HEADING =
            "# start-us time-us initiator-port target-port lun command cdb lba blocks direction bytes status sense crc32c";

    private static final int CHUNK_BYTES = 16 * 1024;
    private static final ThreadLocal<byte[]> CHUNK = ThreadLocal.withInitial(() -> new byte[CHUNK_BYTES]);

    private TraceLine() {}

    static String of(Command ended, Entry entry, long startNs, long endNs) {
        boolean ranged = entry != null && entry.isRanged();
        int bytes = ended.direction() == DataDirection.NONE ? 0 : ended.transferredBytes();
        return String.join(
                " ",
                Long.toString(startNs / 1000),
                Long.toString((endNs - startNs) / 1000),
                ended.nexus().initiatorPort(),
                ended.nexus().targetPort(),
                Integer.toString(ended.lun()),
                entry == null ? "-" : entry.name(),
                cdb(ended),
                ranged ? Long.toUnsignedString(entry.lba(ended)) : "-",
                ranged ? Long.toString(entry.blocks(ended)) : "-",
                ended.direction().name().toLowerCase(Locale.ROOT),
                Integer.toString(bytes),
                ended.status().name(),
                sense(ended),
                bytes == 0 ? "-" : crc(ended.dataAddress(), bytes));
    }

    private static String cdb(Command ended) {
        byte[] cdb = new byte[Math.min(ended.cdbBytes(), Command.MAX_CDB_BYTES)];
        for (int i = 0; i < cdb.length; i++) {
            cdb[i] = (byte) ended.cdb8(i);
        }
        return HexFormat.of().formatHex(cdb);
    }

    private static String sense(Command ended) {
        byte[] sense = ended.sense();
        return ended.senseBytes() == 0
                ? "-"
                : String.format("%02x/%02x/%02x", Sense.key(sense), Sense.code(sense), Sense.qualifier(sense));
    }

    private static String crc(long address, int lengthBytes) {
        CRC32C crc = new CRC32C();
        byte[] chunk = CHUNK.get();
        for (int done = 0; done < lengthBytes; done += CHUNK_BYTES) {
            int part = Math.min(CHUNK_BYTES, lengthBytes - done);
            Memory.copy(address + done, chunk, 0, part);
            crc.update(chunk, 0, part);
        }
        return String.format("%08x", crc.getValue());
    }
}
