package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.bridge.memory.RegionCounts;
import org.lunette.config.Credentials;
import org.lunette.config.DeviceSettings;
import org.lunette.config.ListenAddress;
import org.lunette.config.LoginSettings;
import org.lunette.config.ServeSettings;
import org.lunette.config.SettingsException;

/** Starting and ending: everything or nothing. */
class ServerTest {
    @TempDir
    Path folder;

    @Test
    void servesUntilItIsClosedAndLeavesNothing() throws Exception {
        long before = RegionCounts.openBytes().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        Server server = Server.start(
                settings("127.0.0.1:0", "disk0=ram:64M", "data=file:" + folder.resolve("a.img") + ",size=1M"));
        InetSocketAddress portal = server.portals().get(0);
        assertEquals(
                List.of(0, 1), server.devices().stream().map(ServedDevice::lun).toList());
        assertTrue(accepts(portal));
        server.close();
        server.close();
        assertFalse(accepts(portal));
        assertEquals(
                before,
                RegionCounts.openBytes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Test
    void everyListenIsAPortal() throws Exception {
        try (Server server = Server.start(settings("127.0.0.1:0,127.0.0.2:0", "disk0=ram:1M"))) {
            assertEquals(2, server.portals().size());
            for (InetSocketAddress portal : server.portals()) {
                assertTrue(accepts(portal), portal::toString);
            }
        }
    }

    @Test
    void aPortInUseIsNamedAndNothingIsLeftStarted() throws Exception {
        Path image = folder.resolve("b.img");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            StartException refused = assertThrows(
                    StartException.class, () -> Server.start(settings(address, "data=file:" + image + ",size=1M")));
            assertTrue(refused.getMessage().contains(String.valueOf(taken.getLocalPort())), refused.getMessage());
        }
        Server.start(settings("127.0.0.1:0", "data=file:" + image)).close(); // refused if the file were still locked
    }

    @Test
    void aStoreThatCannotBeOpenedIsNamedByItsDevice() throws Exception {
        StartException refused = assertThrows(
                StartException.class,
                () -> Server.start(
                        settings("127.0.0.1:0", "good=ram:1M", "bad=file:" + folder.resolve("missing.img"))));
        assertTrue(refused.getMessage().startsWith("bad: "), refused.getMessage());
        assertTrue(refused.getMessage().contains("missing.img"), refused.getMessage());
    }

    @Test
    void anUnknownHostIsNamed() throws Exception {
        StartException refused = assertThrows(
                StartException.class, () -> Server.start(settings("no-such-host.invalid:0", "disk0=ram:1M")));
        assertTrue(refused.getMessage().contains("no-such-host.invalid"), refused.getMessage());
    }

    @Test
    void aPortalThatOthersReachWantsUsersOrASayingSo() throws Exception {
        Path image = folder.resolve("open.img");
        ServeSettings settings = settings("127.0.0.1:0,0.0.0.0:0", "data=file:" + image + ",size=1M");
        StartException refused = assertThrows(StartException.class, () -> Server.start(settings));
        for (String part : List.of("0.0.0.0:0", "--incoming-user", "--allow-anonymous")) {
            assertTrue(refused.getMessage().contains(part), refused.getMessage());
        }
        assertFalse(Files.exists(image), "a store was opened before");
        Credentials user = new Credentials("alice", "alice's own secret".getBytes(StandardCharsets.US_ASCII));
        for (LoginSettings logins : List.of(
                new LoginSettings(List.of(), Optional.empty(), List.of(), Optional.empty(), true),
                new LoginSettings(List.of(user), Optional.empty(), List.of(), Optional.empty(), false))) {
            try (Server server = Server.start(settings.withLogins(logins))) {
                assertEquals(2, server.portals().size());
            }
        }
    }

    @Test
    void aDamagedKeptValueIsNamedAtStartAndNothingIsLeftStarted() throws Exception {
        ServeSettings settings = settings("127.0.0.1:0", "disk0=ram:1M").withState(folder.resolve("state"));
        Server.start(settings).close();
        Path damaged = folder.resolve("state/disk0/mode-pages.kept");
        Files.write(damaged, new byte[40]);
        StartException refused = assertThrows(StartException.class, () -> Server.start(settings));
        assertTrue(refused.getMessage().startsWith("disk0: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(damaged.toString()), refused.getMessage());
        Files.delete(damaged);
        Server.start(settings).close();
    }

    private static boolean accepts(InetSocketAddress portal) {
        try (Socket socket = new Socket()) {
            socket.connect(portal, 2000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ServeSettings settings(String listen, String... devices) throws SettingsException {
        List<ListenAddress> addresses = new ArrayList<>();
        for (String address : listen.split(",")) {
            addresses.add(ListenAddress.parse(address));
        }
        List<DeviceSettings> named = new ArrayList<>();
        for (String device : devices) {
            named.add(DeviceSettings.parse(device));
        }
        return ServeSettings.conclude(named, addresses, false, Optional.empty());
    }
}
