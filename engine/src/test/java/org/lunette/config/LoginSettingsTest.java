package org.lunette.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginSettingsTest {
    private static final String SECRET = "an ordinary secret";

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static LoginSettings incoming(String... users) throws SettingsException {
        return LoginSettings.parse(List.of(users), null, List.of(), null, false);
    }

    private static void assertRefused(String part, Path file) {
        SettingsException refused = assertThrows(SettingsException.class, () -> incoming("alice:" + file));
        assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertFalse(refused.getMessage().contains("secret text"), "the secret is told");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void theSecretIsTheLineOfTheFile(String end) throws Exception {
        LoginSettings settings = incoming("iqn.2026-11.org.example:01:host:" + file("s", SECRET + end));
        Credentials user = settings.incoming().get(0);
        assertEquals("iqn.2026-11.org.example:01:host", user.name(), "a name may have colons");
        assertArrayEquals(SECRET.getBytes(StandardCharsets.UTF_8), user.secret());
        assertFalse(settings.toString().contains(SECRET), settings::toString);
        assertFalse(settings.toString().contains(user.secret().toString()), settings::toString);
        assertTrue(settings.areUsersRequired());
    }

    @Test
    void aSecretOfEachAllowedLength() throws Exception {
        for (int length : new int[] {12, 255}) {
            String secret = "x".repeat(length);
            assertEquals(
                    length,
                    incoming("a:" + file("s", secret + "\n")).incoming().get(0).secret().length);
        }
        assertRefused("12 to 255 bytes", file("s", "x".repeat(11) + "\n"));
        assertRefused("12 to 255 bytes", file("s", "x".repeat(256)));
        assertRefused("12 to 255 bytes", file("s", "x".repeat(100_000)));
        assertRefused("12 to 255 bytes", file("s", ""));
    }

    @Test
    void oneLineOnly() throws Exception {
        assertRefused("one line", file("s", "a secret text\nand one more\n"));
        assertRefused("one line", file("s", "a secret text\n\n"));
        assertRefused("one line", file("s", "a secret text\0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
    void aFileThatOthersMayUseIsRefused(String permissions) throws Exception {
        Path file = file("s", "a secret text\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertRefused("chmod 600", file);
    }

    @Test
    void otherThanRegularFilesAreRefused() throws Exception {
        assertRefused("regular file", folder);
        assertRefused("no such file", folder.resolve("missing"));
        Path pipe = folder.resolve("pipe");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                        .start()
                        .waitFor());
        assertRefused("regular file", pipe);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file("s", SECRET));
        assertEquals(1, incoming("a:" + link).incoming().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", ":file", "alice:", "al ice:file", "ål:file"})
    void whatIsNoUser(String text) {
        SettingsException refused = assertThrows(SettingsException.class, () -> incoming(text));
        assertTrue(refused.getMessage().startsWith("--incoming-user '" + text + "'"), refused.getMessage());
    }

    @Test
    void contradictionsAreRefused() throws Exception {
        String a = "a:" + file("a", SECRET);
        String b = "b:" + file("b", "another secret");
        String sameAsA = "t:" + file("t", SECRET + "\n");
        assertDoesNotThrow(
                () -> LoginSettings.parse(List.of(a, "c:" + folder.resolve("a")), b, List.of(), null, false));
        assertThrows(SettingsException.class, () -> incoming(a, a));
        assertThrows(SettingsException.class, () -> LoginSettings.parse(List.of(), b, List.of(), null, false));
        assertThrows(SettingsException.class, () -> LoginSettings.parse(List.of(), null, List.of(a), null, false));
        assertThrows(SettingsException.class, () -> LoginSettings.parse(List.of(a), null, List.of(), b, false));
        assertThrows(SettingsException.class, () -> LoginSettings.parse(List.of(a), null, List.of(), null, true));
        for (SettingsException refused : List.of(
                assertThrows(
                        SettingsException.class,
                        () -> LoginSettings.parse(List.of(a), sameAsA, List.of(), null, false)),
                assertThrows(
                        SettingsException.class,
                        () -> LoginSettings.parse(List.of(a), null, List.of(b), sameAsA, false)))) {
            assertTrue(refused.getMessage().contains("'t' and the incoming user 'a'"), refused.getMessage());
            assertFalse(refused.getMessage().contains(SECRET), refused.getMessage());
        }
    }

    @Test
    void aPortalThatOthersReachIsOpenOnlyIfThatWasSaid() throws Exception {
        ListenAddress portal = ListenAddress.parse("192.0.2.1");
        LoginSettings.LOCAL.checkPortal(portal, true);
        LoginSettings.parse(List.of(), null, List.of(), null, true).checkPortal(portal, false);
        incoming("a:" + file("a", SECRET)).checkPortal(portal, false);
        SettingsException refused =
                assertThrows(SettingsException.class, () -> LoginSettings.LOCAL.checkPortal(portal, false));
        for (String part : List.of("192.0.2.1:3260", "--incoming-user NAME:FILE", "--allow-anonymous")) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
    }

    @Test
    void scstHasUsersOfItsOwn() throws Exception {
        ServeSettings scst = ServeSettings.conclude(List.of(), List.of(), true, Optional.empty());
        assertEquals(scst, scst.withLogins(LoginSettings.LOCAL));
        LoginSettings open = LoginSettings.parse(List.of(), null, List.of(), null, true);
        assertThrows(SettingsException.class, () -> scst.withLogins(open));
        LoginSettings users = incoming("a:" + file("a", SECRET));
        assertThrows(SettingsException.class, () -> scst.withLogins(users));
    }
}
