package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;
import org.lunette.it.support.SecretFiles;

/**
 * Users log in by libiscsi and QEMU, one-way and mutual. libiscsi's conformance suite has a CHAP family only where it
 * was built after its 1.20; Debian's has none.
 */
class ChapIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String USER = "alice";
    private static final String SECRET = "alices-own-secret";
    private static final String TARGET_USER = "lunette";
    private static final String TARGET_SECRET = "the-targets-secret";

    @TempDir
    static Path folder;

    private static LunetteServer server;

    @BeforeAll
    static void serve() throws IOException {
        server = LunetteServer.start(
                JavaRuntime.ofTheTests(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--listen",
                "0.0.0.0:0",
                "--incoming-user",
                USER + ":" + SecretFiles.in(folder, "alice", SECRET),
                "--outgoing-user",
                TARGET_USER + ":" + SecretFiles.in(folder, "target", TARGET_SECRET),
                "disk=ram:16M");
    }

    @AfterAll
    static void end() {
        assertFalse(server.output().contains(SECRET), "the secret is told");
        server.close();
    }

    private static String url(String user, String secret, String rest) {
        return "iscsi://" + user + "%" + secret + "@" + server.portals().get(0) + rest;
    }

    private static String disk(String user, String secret) {
        return url(user, secret, "/" + LunetteServer.TARGET + "/0");
    }

    @Test
    void aUserFindsTheTargetAndItsDisk() {
        String said = Client.libiscsi("iscsi-ls", "--show-luns", url(USER, SECRET, ""));
        assertTrue(said.contains("Target:" + LunetteServer.TARGET), said);
        assertTrue(said.contains("Lun:0"), said);
        assertTrue(Client.libiscsi("iscsi-inq", disk(USER, SECRET)).contains("Vendor:LUNETTE"));
    }

    @Test
    void bothSidesProveThemselves() {
        String mutual = disk(USER, SECRET) + "?target_user=" + TARGET_USER + "&target_password=" + TARGET_SECRET;
        assertTrue(Client.libiscsi("iscsi-inq", mutual).contains("Vendor:LUNETTE"));
        String another = disk(USER, SECRET) + "?target_user=" + TARGET_USER + "&target_password=not-the-targets";
        assertNotEquals(0, Program.of("iscsi-inq", another).run(TIMEOUT).exitStatus(), "the initiator is not to trust");
    }

    @Test
    void nobodyElseLogsIn() {
        server.expectComplaint("login fails with 201h");
        for (String stranger : new String[] {
            disk(USER, "not-alices-secret"),
            disk("bob", SECRET),
            server.url(0),
            "iscsi://" + server.portals().get(0)
        }) {
            String tool = stranger.endsWith("/0") ? "iscsi-inq" : "iscsi-ls";
            Program.Outcome outcome = Program.of(tool, stranger).run(TIMEOUT);
            assertNotEquals(0, outcome.exitStatus(), stranger);
            assertFalse(outcome.output().contains("LUNETTE"), outcome.output());
        }
    }

    @Test
    void qemuCopiesAnImageWithASecret() throws IOException {
        Path image = folder.resolve("image");
        byte[] content = new byte[1 << 20];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 >> 8 ^ i);
        }
        Files.write(image, content);
        Client.qemuImg("convert", "-n", "-f", "raw", "-O", "raw", image.toString(), disk(USER, SECRET));
        Path back = folder.resolve("back");
        Client.qemuImg(
                "convert",
                "--object",
                "secret,id=password,file=" + SecretFiles.in(folder, "qemu", SECRET),
                "--image-opts",
                "driver=iscsi,transport=tcp,portal=" + server.portals().get(0) + ",target=" + LunetteServer.TARGET
                        + ",lun=0,user=" + USER + ",password-secret=password",
                back.toString());
        assertEquals(-1, mismatch(content, Files.readAllBytes(back)));
    }

    private static int mismatch(byte[] wanted, byte[] disk) {
        return java.util.Arrays.mismatch(wanted, java.util.Arrays.copyOf(disk, wanted.length));
    }
}
