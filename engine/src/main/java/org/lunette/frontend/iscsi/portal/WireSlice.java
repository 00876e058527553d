package org.lunette.frontend.iscsi.portal;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.ArrayDeque;
import org.lunette.frontend.iscsi.session.DataBuffer;

/**
 * A part of a {@link DataBuffer} on its way to a socket, as Netty wants to have it. Holds a reference to the buffer
 * until it is written, and is used again with the buffer. Confined to one event loop at a time, as the buffer is.
 */
final class WireSlice extends UnpooledDirectByteBuf {
    private final DataBuffer buffer;
    private final ArrayDeque<WireSlice> idle;

    private WireSlice(DataBuffer buffer, ArrayDeque<WireSlice> idle) {
        super(
                PooledByteBufAllocator.DEFAULT,
                buffer.bytes().duplicate(),
                buffer.bytes().capacity());
        this.buffer = buffer;
        this.idle = idle;
    }

    /** The bytes from {@code start} to {@code end} of {@link DataBuffer#bytes()}. */
    static WireSlice of(DataBuffer buffer, int start, int end) {
        ArrayDeque<WireSlice> idle = idleSlices(buffer);
        WireSlice slice = idle.pollLast();
        if (slice == null) {
            slice = new WireSlice(buffer, idle);
        } else {
            slice.resetRefCnt();
        }
        buffer.retain();
        slice.setIndex(start, end);
        return slice;
    }

    @SuppressWarnings("unchecked") // nobody else sets it
    private static ArrayDeque<WireSlice> idleSlices(DataBuffer buffer) {
        ArrayDeque<WireSlice> idle = (ArrayDeque<WireSlice>) buffer.wire();
        if (idle == null) {
            idle = new ArrayDeque<>();
            buffer.setWire(idle);
        }
        return idle;
    }

    @Override
    public boolean hasMemoryAddress() {
        return true;
    }

    @Override
    public long memoryAddress() {
        return buffer.bytesAddress();
    }

    /** Written, or never to be written: nothing is freed here. */
    @Override
    protected void deallocate() {
        idle.addLast(this);
        buffer.release();
    }
}
