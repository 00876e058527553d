package org.lunette.scsi.task;

import java.util.Arrays;

/**
 * The buffers that READ BUFFER and WRITE BUFFER find behind a nexus, each made when it is first written: so what one
 * initiator writes no other reads, and their memory is bounded by that of the nexuses. Any thread may call.
 */
public final class NexusBuffers {
    /** The length of each buffer. */
    public static final int BUFFER_BYTES = 4096;

    private byte[] data;
    private byte[] echo;

    /** A part of the data buffer, at first all zeros; offset and length are within it. */
    public synchronized byte[] data(int offset, int lengthBytes) {
        return data == null ? new byte[lengthBytes] : Arrays.copyOfRange(data, offset, offset + lengthBytes);
    }

    /** Replaces a part of the data buffer. */
    public synchronized void writeData(int offset, byte[] from) {
        if (data == null) {
            data = new byte[BUFFER_BYTES];
        }
        System.arraycopy(from, 0, data, offset, from.length);
    }

    /** What was last written to the echo buffer; null if nothing was. */
    public synchronized byte[] echo() {
        return echo;
    }

    /** Replaces what the echo buffer holds; the array is not altered any more. */
    public synchronized void writeEcho(byte[] from) {
        echo = from;
    }
}
