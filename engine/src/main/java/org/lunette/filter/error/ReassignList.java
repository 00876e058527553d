package org.lunette.filter.error;

import java.util.function.LongConsumer;
import org.lunette.command.Command;

/** The parameter list of REASSIGN BLOCKS; SBC-4. */
final class ReassignList {
    static final int OPERATION_CODE = 0x07;

    private static final int LONGLBA = 0x02;
    private static final int HEADER_BYTES = 4;
    private static final int MAX_BYTES = 64 * 1024;

    private ReassignList() {}

    /** The list as it came, to be read when the command has ended. */
    static byte[] of(Command command) {
        byte[] list = new byte[Math.min(MAX_BYTES, command.dataBytes())];
        command.dataOut(list, list.length);
        return list;
    }

    static void forEach(Command command, byte[] list, LongConsumer lba) {
        int bytes = (command.cdb8(1) & LONGLBA) != 0 ? Long.BYTES : Integer.BYTES;
        for (int at = HEADER_BYTES; at + bytes <= list.length; at += bytes) {
            long block = 0;
            for (int i = 0; i < bytes; i++) {
                block = block << 8 | list[at + i] & 0xff;
            }
            lba.accept(block);
        }
    }
}
