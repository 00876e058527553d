package org.lunette.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Lines of UTF-8 over a socket, of a bounded length and within a bounded time, whatever the other side does. For one
 * thread; only closing may be done by another, and ends its wait.
 */
final class LineChannel implements AutoCloseable {
    private static final int READ_BYTES = 8192;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer input = ByteBuffer.allocate(READ_BYTES).flip();

    /** Owns the channel. */
    LineChannel(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.selector = Selector.open();
        this.key = channel.register(selector, 0);
    }

    /**
     * The next line, without its end; null if there is none any more.
     *
     * @throws InterruptedIOException if it does not come in time
     * @throws LineTooLongException if it is longer than it may be
     */
    String readLine(int maxBytes, int timeoutMs) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (input.hasRemaining()) {
                byte next = input.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                if (line.size() == maxBytes) {
                    throw new LineTooLongException(maxBytes);
                }
                line.write(next);
            }
            input.clear();
            int count = channel.read(input);
            input.flip();
            if (count < 0) {
                return null; // a line that was begun and not ended is none
            }
            if (count == 0) {
                await(SelectionKey.OP_READ, deadlineNs);
            }
        }
    }

    /** Writes a line. */
    void writeLine(String line, int timeoutMs) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        ByteBuffer output = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8));
        while (output.hasRemaining()) {
            if (channel.write(output) == 0) {
                await(SelectionKey.OP_WRITE, deadlineNs);
            }
        }
    }

    private void await(int operation, long deadlineNs) throws IOException {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        if (leftMs <= 0) {
            throw new InterruptedIOException("the other side takes too long");
        }
        try {
            key.interestOps(operation);
            selector.select(leftMs);
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
