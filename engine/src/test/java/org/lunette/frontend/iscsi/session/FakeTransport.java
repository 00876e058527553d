package org.lunette.frontend.iscsi.session;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.lunette.frontend.iscsi.pdu.Pdu;

/** Keeps what a connection sends. */
final class FakeTransport implements Transport {
    final ArrayDeque<SentPdu> sent = new ArrayDeque<>();
    InetSocketAddress local = new InetSocketAddress("127.0.0.1", 3260);
    boolean writable = true;
    boolean loggedIn;
    boolean closed;
    boolean aborted;
    boolean failing;
    /** How many more PDUs are taken before the transport is full; negative for no end. */
    int room = -1;

    @Override
    public void send(Pdu header, byte[] data, int dataBytes) {
        add(header, Arrays.copyOf(data, dataBytes));
    }

    @Override
    public void send(Pdu header, DataBuffer buffer, int offset, int lengthBytes) {
        byte[] data = new byte[lengthBytes];
        buffer.bytes().get(buffer.dataOffset() + offset, data);
        add(header, data);
    }

    private void add(Pdu header, byte[] data) {
        if (closed || aborted) {
            return;
        }
        if (failing) {
            throw new IllegalStateException("a fault, as the test wants it");
        }
        if (data.length != header.dataSegmentBytes()) {
            throw new IllegalStateException(data.length + " bytes, but the header says " + header.dataSegmentBytes());
        }
        sent.add(new SentPdu(Arrays.copyOf(header.bytes(), Pdu.BHS_BYTES), data));
        if (room > 0 && --room == 0) {
            writable = false;
        }
    }

    /** The next PDU that was sent. */
    SentPdu next() {
        SentPdu pdu = sent.pollFirst();
        if (pdu == null) {
            throw new NoSuchElementException("nothing was sent");
        }
        return pdu;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void loggedIn() {
        loggedIn = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void abort() {
        aborted = true;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return new InetSocketAddress("127.0.0.1", 50000);
    }
}
