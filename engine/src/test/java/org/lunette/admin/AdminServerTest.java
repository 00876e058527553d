package org.lunette.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.bridge.libc.Libc;

/** A socket that an administrator can rely on: whatever clients do, the next one is served. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdminServerTest {
    private static final int ANSWER_MS = 20_000;

    @TempDir
    Path folder;

    private AdminSocket socket;
    private AdminServer server;

    private static Object handle(String verb, Map<String, String> arguments) throws RefusalException {
        return switch (verb) {
            case "echo" -> arguments;
            case "fail" -> throw new IllegalStateException("broken");
            default -> throw new RefusalException("no '" + verb + "'");
        };
    }

    @BeforeEach
    void start() throws IOException {
        socket = AdminSocket.bind(folder.resolve("s"));
        server = AdminServer.start(socket, AdminServerTest::handle);
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        socket.close();
    }

    @Test
    void aRequestIsAnswered() throws Exception {
        AdminResult result = AdminClient.ask(socket.path(), "echo", Map.of("a", "1", "b", "<\"\u00e9\n>"));
        assertEquals(Map.of("a", "1", "b", "<\"\u00e9\n>"), result.value());
        assertEquals("1", result.text("a"));
    }

    @Test
    void aRefusalAndAFailureAreTold() {
        assertEquals("no 'x'", refusal("x"));
        assertTrue(refusal("fail").contains("broken"), refusal("fail"));
    }

    private String refusal(String verb) {
        return assertThrows(RefusalException.class, () -> AdminClient.ask(socket.path(), verb, Map.of()))
                .getMessage();
    }

    @Test
    void theFileIsForItsOwnerAlone() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.path())));
    }

    @Test
    void severalRequestsGoOverOneConnection() throws IOException {
        try (LineChannel client = connect()) {
            for (int i = 0; i < 3; i++) {
                client.writeLine("{\"verb\":\"echo\",\"arguments\":{\"n\":\"" + i + "\"}}", ANSWER_MS);
                assertEquals("{\"result\":{\"n\":\"" + i + "\"}}", client.readLine(100, ANSWER_MS));
            }
        }
    }

    @Test
    void whatIsNoRequestIsToldSoAndTheNextIsServed() throws IOException {
        try (LineChannel client = connect()) {
            for (String wrong : new String[] {
                "",
                "x",
                "[]",
                "{}",
                "null",
                "{\"verb\":[]}",
                "{\"verb\":1,\"arguments\":2}",
                "[".repeat(20_000),
                "{\"verb\":\"echo\",\"arguments\":{\"a\":{}}}"
            }) {
                client.writeLine(wrong, ANSWER_MS);
                String answer = client.readLine(10_000, ANSWER_MS);
                assertTrue(answer.startsWith("{\"error\":"), () -> wrong + " -> " + answer);
            }
            client.writeLine("{\"verb\":\"echo\"}", ANSWER_MS);
            assertEquals("{\"result\":{}}", client.readLine(100, ANSWER_MS));
        }
    }

    @Test
    void aLineWithoutAnEndIsNotTakenForEver() throws IOException {
        try (LineChannel client = connect()) {
            assertThrows(IOException.class, () -> {
                client.writeLine("x".repeat(4 * Protocol.MAX_REQUEST_BYTES), ANSWER_MS);
                if (client.readLine(100, ANSWER_MS) == null) {
                    throw new IOException("left");
                }
            });
        }
        assertEquals("no 'x'", refusal("x"));
    }

    @Test
    void clientsThatSayNothingDoNotKeepOthersOut() throws Exception {
        List<LineChannel> silent = new ArrayList<>();
        for (int i = 0; i < AdminServer.MAX_CLIENTS - 1; i++) {
            silent.add(connect());
        }
        assertEquals("no 'x'", refusal("x"));
        assertTrue(awaitBusy(silent).contains("busy with 16 other clients"));
        for (LineChannel client : silent) {
            client.close();
        }
    }

    /** One more silent client is enough; but it is refused itself while the last one that asked is on its way out. */
    private String awaitBusy(List<LineChannel> silent) throws IOException {
        String refusal = "no 'x'";
        while (refusal.equals("no 'x'")) {
            silent.add(connect());
            refusal = refusal("x");
        }
        return refusal;
    }

    @Test
    void theEndLeavesClientsAndRemovesTheFile() throws Exception {
        try (LineChannel client = connect()) {
            client.writeLine("{\"verb\":\"echo\"}", ANSWER_MS);
            client.readLine(100, ANSWER_MS);
            server.close();
            socket.close();
            assertNull(client.readLine(100, ANSWER_MS));
        }
        assertFalse(Files.exists(socket.path()));
        assertTrue(refusal("echo").startsWith("no server can be asked at " + socket.path()));
    }

    @Test
    void whatAVerbHasBegunIsEndedFirst() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AdminSocket slow = AdminSocket.bind(folder.resolve("slow"));
        AdminServer slowServer = AdminServer.start(slow, (verb, arguments) -> {
            begun.countDown();
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            ended.countDown();
            return "done";
        });
        try (LineChannel client = new LineChannel(SocketChannel.open(UnixDomainSocketAddress.of(slow.path())))) {
            client.writeLine("{\"verb\":\"x\"}", ANSWER_MS);
            begun.await();
            slowServer.close();
            assertEquals(0, ended.getCount());
        }
        slow.close();
    }

    @Test
    void aPlaceIsTakenOverOnlyWhereNobodyAnswers() throws IOException {
        IOException inUse = assertThrows(IOException.class, () -> AdminSocket.bind(socket.path()));
        assertTrue(inUse.getMessage().contains("in use"), inUse.getMessage());
        Path stale = folder.resolve("stale");
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(stale));
        }
        assertTrue(Files.exists(stale));
        AdminSocket.bind(stale).close();
        Path file = Files.writeString(folder.resolve("file"), "precious");
        assertThrows(IOException.class, () -> AdminSocket.bind(file));
        assertEquals("precious", Files.readString(file));
    }

    @Test
    void aSocketThatIsAnothersByNowIsNotRemoved() throws IOException {
        AdminSocket old = AdminSocket.bind(folder.resolve("t"));
        Files.delete(old.path());
        AdminSocket another = AdminSocket.bind(folder.resolve("t"));
        old.close();
        assertTrue(Files.exists(another.path()));
        another.close();
    }

    /** Anybody may lock a folder that he can read, such as that for temporary files. */
    @Test
    void aFolderThatAnotherKeepsLockedDoesNotKeepTheServer() throws Exception {
        int lock = Libc.open(folder.toString(), Libc.O_RDONLY | Libc.O_DIRECTORY, 0);
        assertEquals(0, Libc.flock(lock, Libc.LOCK_EX));
        try {
            IOException refused = assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> assertThrows(IOException.class, () -> AdminSocket.bind(folder.resolve("t"))));
            assertTrue(
                    refused.getMessage().contains(folder + ": another program keeps it locked"), refused::getMessage);
        } finally {
            Libc.close(lock);
        }
        AdminSocket.bind(folder.resolve("t")).close();
    }

    @Test
    void theRootFolderIsNoSocket() {
        assertTrue(assertThrows(IOException.class, () -> AdminSocket.bind(Path.of("/")))
                .getMessage()
                .contains("no socket"));
    }

    @Test
    void theOnlyServerOfAFolderIsFound() throws Exception {
        ControlFolder control = new ControlFolder(List.of(folder.resolve("run")));
        assertTrue(assertThrows(RefusalException.class, control::onlySocket)
                .getMessage()
                .contains("lunette serve"));
        Files.createDirectory(
                folder.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(folder.resolve("run/1.sock")));
        }
        AdminSocket one = control.bind();
        assertFalse(Files.exists(folder.resolve("run/1.sock")), "what a crash left is still there");
        assertEquals(one.path(), control.onlySocket());
        AdminSocket two = AdminSocket.bind(folder.resolve("run/2.sock"));
        String several =
                assertThrows(RefusalException.class, control::onlySocket).getMessage();
        assertTrue(several.contains(one.path() + ", ") || several.contains(", " + one.path()), several);
        two.close();
        one.close();
    }

    /** A service of root's has no folder of a session's; root's login shell has. */
    @Test
    void aServerIsFoundFromASessionWithAnotherFolder() throws Exception {
        ControlFolder ofService = new ControlFolder(List.of(folder.resolve("run")));
        ControlFolder ofShell = new ControlFolder(List.of(folder.resolve("session"), folder.resolve("run")));
        try (AdminSocket service = ofService.bind()) {
            assertEquals(service.path(), ofShell.onlySocket());
            try (AdminSocket another = ofShell.bind()) {
                assertEquals(folder.resolve("session"), another.path().getParent());
                assertTrue(assertThrows(RefusalException.class, ofShell::onlySocket)
                        .getMessage()
                        .contains(another.path() + ", " + service.path()));
            }
        }
    }

    private LineChannel connect() throws IOException {
        return new LineChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket.path())));
    }
}
