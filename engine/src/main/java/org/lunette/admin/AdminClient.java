package org.lunette.admin;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a server at its socket. */
public final class AdminClient {
    private static final int REQUEST_TIMEOUT_MS = 10_000;
    /** A resize waits for commands under way, and for the server's disks. */
    private static final int RESPONSE_TIMEOUT_MS = 300_000;

    private static final Logger LOG = LoggerFactory.getLogger(AdminClient.class);

    private AdminClient() {}

    /**
     * Has a server do something.
     *
     * @throws RefusalException if nobody answers at the socket, or the server refuses; the message is for the
     *     administrator
     */
    public static AdminResult ask(Path socket, String verb, Map<String, String> arguments) throws RefusalException {
        String response;
        try (LineChannel server = new LineChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)))) {
            write(server, Protocol.request(new Protocol.Request(verb, arguments)));
            response = server.readLine(Protocol.MAX_RESPONSE_BYTES, RESPONSE_TIMEOUT_MS);
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusalException("no server can be asked at " + socket + ": " + e.getMessage(), e);
        }
        if (response == null) {
            throw new RefusalException("the server at " + socket + " ended before it answered");
        }
        return Protocol.parseResponse(response);
    }

    private static void write(LineChannel server, String request) {
        try {
            server.writeLine(request, REQUEST_TIMEOUT_MS);
        } catch (IOException e) {
            LOG.debug("a request was not taken", e); // there may be an answer nevertheless, which tells why
        }
    }
}
