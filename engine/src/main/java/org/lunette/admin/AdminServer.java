package org.lunette.admin;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves requests at an {@link AdminSocket}: a thread accepts, and each client has one of its own, so that none waits
 * for another. Only clients of the socket's owner and of root are served. {@link #close} may be called by any thread.
 */
public final class AdminServer implements AutoCloseable {
    /** How many clients are served at a time; more are told so. */
    public static final int MAX_CLIENTS = 16;
    /** How long a client may take for a request and to take its answer, in ms; then it is left. */
    public static final int CLIENT_TIMEOUT_MS = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final String ROOT = "root";
    private static final int REFUSAL_TIMEOUT_MS = 100;
    private static final int PAUSE_MS = 100;
    private static final long STOP_TIMEOUT_MS = 60_000;

    private final AdminSocket socket;
    private final RequestHandler handler;
    private final UserPrincipal owner;
    private final Thread accepting = new Thread(this::accept, "admin");
    private final Map<Thread, LineChannel> clients = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private AdminServer(AdminSocket socket, RequestHandler handler) throws IOException {
        this.socket = socket;
        this.handler = handler;
        this.owner = Files.getOwner(socket.path());
        accepting.setDaemon(true);
    }

    /** Starts to serve. The socket stays the caller's, and is closed after this. */
    public static AdminServer start(AdminSocket socket, RequestHandler handler) throws IOException {
        AdminServer server = new AdminServer(socket, handler);
        server.accepting.start();
        return server;
    }

    private void accept() {
        while (!stopping) {
            try {
                admit(socket.channel().accept());
            } catch (IOException | RuntimeException e) {
                pauseAfter(e);
            }
        }
    }

    private void pauseAfter(Exception failure) {
        if (stopping) {
            return;
        }
        LOG.warn("{}: a client could not be accepted: {}", socket.path(), failure.toString());
        try {
            Thread.sleep(PAUSE_MS); // out of descriptors, say: not for ever at full speed
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        LineChannel client = new LineChannel(channel);
        String user =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (!user.equals(owner.getName()) && !user.equals(ROOT)) {
            refuse(client, "this server belongs to " + owner.getName() + ", not to " + user);
        } else if (clients.size() >= MAX_CLIENTS) {
            refuse(client, "the server is busy with " + MAX_CLIENTS + " other clients: try again");
        } else {
            Thread thread = new Thread(() -> serve(client), "admin-client");
            thread.setDaemon(true);
            clients.put(thread, client);
            thread.start();
        }
    }

    private static void refuse(LineChannel client, String why) throws IOException {
        try (client) {
            client.writeLine(Protocol.error(why), REFUSAL_TIMEOUT_MS);
        }
    }

    private void serve(LineChannel client) {
        try (client) {
            String line = client.readLine(Protocol.MAX_REQUEST_BYTES, CLIENT_TIMEOUT_MS);
            while (line != null && !stopping) {
                client.writeLine(answer(line), CLIENT_TIMEOUT_MS);
                line = client.readLine(Protocol.MAX_REQUEST_BYTES, CLIENT_TIMEOUT_MS);
            }
        } catch (LineTooLongException e) {
            LOG.info("{}: a client is left: {}", socket.path(), e.getMessage());
        } catch (IOException e) {
            LOG.debug("{}: a client is left", socket.path(), e);
        } finally {
            clients.remove(Thread.currentThread());
        }
    }

    private String answer(String line) {
        try {
            Protocol.Request request = Protocol.parseRequest(line);
            return Protocol.result(handler.handle(request.verb(), request.arguments()));
        } catch (RefusalException e) {
            return Protocol.error(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: a request failed: {}", socket.path(), line, e);
            return Protocol.error("the server failed to do it; its log says more: " + e);
        }
    }

    /**
     * Serves no more. What a verb has begun is ended first.
     *
     * @throws IllegalStateException if it does not end in time
     */
    @Override
    public void close() throws IOException {
        stopping = true;
        socket.channel().close();
        for (LineChannel client : clients.values()) {
            client.close();
        }
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_TIMEOUT_MS);
        join(accepting, deadlineNs);
        for (Thread thread : clients.keySet()) {
            join(thread, deadlineNs);
        }
    }

    private static void join(Thread thread, long deadlineNs) {
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("a request of an administrator's is still being dealt with");
        }
    }
}
