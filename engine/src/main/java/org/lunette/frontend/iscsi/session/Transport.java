package org.lunette.frontend.iscsi.session;

import java.net.InetSocketAddress;
import org.lunette.frontend.iscsi.pdu.Pdu;

/**
 * What a {@link Connection} needs of its TCP connection. Called on the connection's thread only.
 *
 * <p>PDUs go out in the order of the calls, at the latest at the end of the thread's present work. After
 * {@link #close()} or {@link #abort()}, and once the peer is gone, they are dropped.
 */
public interface Transport {
    /** Sends a PDU whose data segment are the first {@code dataBytes} of an array; all is copied before the return. */
    void send(Pdu header, byte[] data, int dataBytes);

    /**
     * Sends a PDU whose data segment lies in a buffer; the header is copied. The transport holds a reference to the
     * buffer until the data are written.
     */
    void send(Pdu header, DataBuffer buffer, int offset, int lengthBytes);

    /** Whether there is room for more; if not, {@link Connection#writable()} is called when there is. */
    boolean isWritable();

    /** The login is complete: the connection is that of a session from here on. */
    void loggedIn();

    /** Closes the connection when what was sent is written. */
    void close();

    /** Closes the connection at once. */
    void abort();

    /** The address of the target's end. */
    InetSocketAddress localAddress();

    /** The address of the initiator's end, for messages. */
    InetSocketAddress remoteAddress();
}
