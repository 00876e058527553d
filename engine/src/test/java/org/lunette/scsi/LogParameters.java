package org.lunette.scsi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Log pages as an initiator reads them. */
final class LogParameters {
    private static final int CUMULATIVE = 1;

    private LogParameters() {}

    /** The cumulative values of a page's parameters, by code. */
    static Map<Integer, byte[]> of(Initiator initiator, int page) {
        byte[] cdb = new byte[10];
        ByteBuffer.wrap(cdb)
                .put(0, (byte) 0x4d)
                .put(2, (byte) (CUMULATIVE << 6 | page))
                .putShort(7, (short) 4096);
        Reply reply = initiator.in(cdb, 4096).good();
        Map<Integer, byte[]> parameters = new LinkedHashMap<>();
        for (int at = 4; at < reply.data().length; ) {
            int end = at + 4 + reply.u8(at + 3);
            parameters.put(reply.u16(at), Arrays.copyOfRange(reply.data(), at + 4, end));
            at = end;
        }
        return parameters;
    }
}
