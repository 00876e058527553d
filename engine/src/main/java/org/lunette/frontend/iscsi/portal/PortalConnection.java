package org.lunette.frontend.iscsi.portal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.lunette.bridge.memory.Memory;
import org.lunette.frontend.iscsi.pdu.Pdu;
import org.lunette.frontend.iscsi.session.Connection;
import org.lunette.frontend.iscsi.session.DataBuffer;
import org.lunette.frontend.iscsi.session.PortalGroup;
import org.lunette.frontend.iscsi.session.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP connection: feeds a {@link Connection} with what comes, and writes what it sends. Small PDUs are gathered in
 * one buffer; long data go out from where they are, the first with its header in front of it.
 */
final class PortalConnection extends ChannelInboundHandlerAdapter implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(PortalConnection.class);
    private static final int GATHER_BYTES = 16 << 10;
    /** Shorter data are copied: that costs less than one more piece for the socket. */
    private static final int COPIED_BYTES = 1024;

    private final PortalThread thread;
    private final PendingLogins logins;
    private final Channel channel;
    private final Connection connection;
    private ByteBuf gathered;
    private boolean toFlush;
    private boolean closing;
    private boolean loggedIn;

    PortalConnection(PortalGroup group, PortalThread thread, PendingLogins logins, Channel channel) {
        this.thread = thread;
        this.logins = logins;
        this.channel = channel;
        this.connection = new Connection(group, thread, this);
    }

    // ---- what Netty says ----

    @Override
    public void channelActive(ChannelHandlerContext context) {
        thread.add(this);
        logins.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            connection.receive(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()));
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        thread.endBatch();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        boolean writable = channel.isWritable();
        channel.config().setAutoRead(writable);
        if (writable && !closing) {
            connection.writable();
            thread.endBatch();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        thread.remove(this);
        logins.remove(this);
        closing = true;
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        connection.disconnected();
        thread.endBatch();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{}: {}", remoteAddress(), cause.toString());
            connection.abort();
        } else {
            connection.fail(cause);
        }
    }

    /** Ends the connection at once, in favour of newer ones, unless its login is complete by then. From any thread. */
    void supersede() {
        thread.execute(() -> {
            if (!loggedIn) {
                abort();
            }
        });
    }

    void tick(long nowMs) {
        try {
            connection.tick(nowMs);
        } catch (RuntimeException e) { // which would end the ticking of all
            connection.fail(e);
        }
    }

    /** Ends the connection in order. */
    void shutDown() {
        connection.shutDown();
    }

    // ---- what the connection says ----

    @Override
    public void send(Pdu header, byte[] data, int dataBytes) {
        if (closing) {
            return;
        }
        int padded = Pdu.padded(dataBytes);
        ByteBuf to = gather(Pdu.BHS_BYTES + padded);
        to.writeBytes(header.bytes(), 0, Pdu.BHS_BYTES);
        to.writeBytes(data, 0, dataBytes);
        to.writeZero(padded - dataBytes);
    }

    @Override
    public void send(Pdu header, DataBuffer buffer, int offset, int lengthBytes) {
        if (closing) {
            return;
        }
        int start = buffer.dataOffset() + offset;
        int end = start + lengthBytes;
        int padding = Pdu.padded(lengthBytes) - lengthBytes;
        if (lengthBytes < COPIED_BYTES) {
            ByteBuf to = gather(Pdu.BHS_BYTES + lengthBytes + padding);
            to.writeBytes(header.bytes(), 0, Pdu.BHS_BYTES);
            int at = to.writerIndex();
            ByteBuffer room = to.internalNioBuffer(at, lengthBytes);
            room.put(room.position(), buffer.bytes(), start, lengthBytes);
            to.writerIndex(at + lengthBytes).writeZero(padding);
            return;
        }
        if (offset == 0) {
            start -= Pdu.BHS_BYTES;
            Memory.copy(header.bytes(), 0, buffer.bytesAddress() + start, Pdu.BHS_BYTES);
        } else {
            gather(Pdu.BHS_BYTES).writeBytes(header.bytes(), 0, Pdu.BHS_BYTES);
        }
        writeGathered();
        channel.write(WireSlice.of(buffer, start, end), channel.voidPromise());
        flushLater();
        if (padding > 0) {
            gather(padding).writeZero(padding);
        }
    }

    /** The buffer for small PDUs, with room for {@code bytes} more. */
    private ByteBuf gather(int bytes) {
        if (gathered != null && gathered.writableBytes() < bytes) {
            writeGathered();
        }
        if (gathered == null) {
            int capacity = Math.max(GATHER_BYTES, bytes);
            gathered = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
        }
        flushLater();
        return gathered;
    }

    private void writeGathered() {
        if (gathered != null) {
            ByteBuf full = gathered;
            gathered = null;
            channel.write(full, channel.voidPromise());
        }
    }

    private void flushLater() {
        if (!toFlush) {
            toFlush = true;
            thread.toFlush(this);
        }
    }

    /** Hands everything to the socket; the thread calls this at the end of a batch. */
    void flush() {
        toFlush = false;
        writeGathered();
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void loggedIn() {
        loggedIn = true;
        logins.remove(this);
    }

    @Override
    public void close() {
        if (!closing) {
            writeGathered();
            closing = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) PortalConnection::written);
        }
    }

    /** Says that no more will come, so that the peer closes; a reset could overtake what it has still to read. */
    private static void written(ChannelFuture last) {
        if (last.isSuccess() && last.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            last.channel().close();
        }
    }

    @Override
    public void abort() {
        closing = true;
        channel.close();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) channel.remoteAddress();
    }
}
