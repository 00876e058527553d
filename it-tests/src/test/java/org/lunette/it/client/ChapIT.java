package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;
import org.lunette.it.support.Requirements;
import org.lunette.it.support.SecretFiles;

/** Users log in by libiscsi and QEMU, one-way and mutual. */
class ChapIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String USER = "alice";
    private static final String HEX_USER = "0xalice";
    private static final String BASE64_USER = "0balice";
    private static final String SECRET = "alices-own-secret";
    private static final String TARGET_USER = "lunette";
    private static final String TARGET_SECRET = "the-targets-secret";

    private static final Pattern TEST = Pattern.compile(
            "^  Test: (\\S+) \\.\\.\\.(.*?)(?<!\\[)(passed|FAILED)", Pattern.MULTILINE | Pattern.DOTALL);

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
                "--incoming-user",
                HEX_USER + ":" + SecretFiles.in(folder, "hex", SECRET),
                "--incoming-user",
                BASE64_USER + ":" + SecretFiles.in(folder, "base64", SECRET),
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
        server.expectComplaint("login fails with 20[01]h");
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

    /** Each test of libiscsi's conformance suite passes for one of the users at least, without a skip. */
    @Test
    void theConformanceSuiteOfChapPasses() {
        Requirements.programs("iscsi-test-cu");
        String suites =
                Program.of("iscsi-test-cu", "--list").run(TIMEOUT).orFail().output();
        assumeTrue(suites.contains("iSCSICHAP"), "this build of iscsi-test-cu, as Debian's, has no suite iSCSICHAP");
        server.expectComplaint("login fails with 20[01]h");
        Set<String> passed = new TreeSet<>();
        Set<String> tests = new TreeSet<>();
        for (String user : new String[] {USER, HEX_USER, BASE64_USER}) {
            String said = Program.of("iscsi-test-cu", "--test=ALL.iSCSICHAP", disk(user, SECRET))
                    .run(TIMEOUT)
                    .orFail()
                    .output();
            for (Matcher test = TEST.matcher(said); test.find(); ) {
                assertNotEquals("FAILED", test.group(3), said);
                tests.add(test.group(1));
                if (!test.group(2).contains("[SKIPPED]")) {
                    passed.add(test.group(1));
                }
            }
        }
        assertFalse(tests.isEmpty());
        assertEquals(tests, passed);
    }

    private static int mismatch(byte[] wanted, byte[] disk) {
        return Arrays.mismatch(wanted, Arrays.copyOf(disk, wanted.length));
    }
}
