package org.lunette.frontend.iscsi.session;

import java.nio.ByteBuffer;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/**
 * Off-heap memory for one command's data: page-aligned, with room in front of it for a PDU header, so that header and
 * data are one stretch of memory.
 *
 * <pre>
 *   |&lt;------------- one page -------------&gt;|&lt;---- capacityBytes ----
 *   +-------------------------+------------+-------------------------
 *   | unused                  | header, 48 | data
 *   +-------------------------+------------+-------------------------
 *                                          ^ address()
 * </pre>
 *
 * <p>Counts its references; the last to be released gives it back to its pool. The count is confined to the thread of
 * the session that acquired the buffer.
 */
public final class DataBuffer {
    private final DataBufferPool pool;
    private final Region region;
    private final ByteBuffer bytes;
    private final int sizeClass;
    private final int dataOffset;
    private final int capacityBytes;
    private int references;
    private Object wire;

    DataBuffer(DataBufferPool pool, Region region, int sizeClass, int capacityBytes) {
        this.pool = pool;
        this.region = region;
        this.sizeClass = sizeClass;
        this.capacityBytes = capacityBytes;
        this.dataOffset = (int) Memory.pageBytes();
        this.bytes = region.asByteBuffer();
    }

    /** Where the data begin; a multiple of the page size. */
    public long address() {
        return region.address() + dataOffset;
    }

    /** The room for data, in bytes; whole pages. */
    public int capacityBytes() {
        return capacityBytes;
    }

    /** All of the memory; the data begin at {@link #dataOffset()}. Its position and limit are not to be changed. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The address of {@link #bytes()}. */
    public long bytesAddress() {
        return region.address();
    }

    /** Where in {@link #bytes()} the data begin. */
    public int dataOffset() {
        return dataOffset;
    }

    /** What a transport keeps with the buffer from use to use; null at first. */
    public Object wire() {
        return wire;
    }

    public void setWire(Object wire) {
        this.wire = wire;
    }

    /** Adds a reference. */
    public void retain() {
        references++;
    }

    /** Gives up a reference; the buffer is not to be touched after the last. */
    public void release() {
        if (--references == 0) {
            pool.giveBack(this);
        }
    }

    int sizeClass() {
        return sizeClass;
    }

    void acquired() {
        references = 1;
    }

    void free() {
        region.close();
    }
}
