package org.lunette.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void listenAddresses() throws SettingsException {
        assertEquals(new ListenAddress("127.0.0.1", 3260), ListenAddress.parse("127.0.0.1"));
        assertEquals(new ListenAddress("storage.example", 860), ListenAddress.parse("storage.example:860"));
        assertEquals(new ListenAddress("::1", 0), ListenAddress.parse("[::1]:0"));
        assertEquals(
                "[fe80::1%eth0]:3260", ListenAddress.parse("[fe80::1%eth0]").toString());
        for (String wrong : List.of("", ":3260", "::1", "host:", "host:port", "host:70000", "[::1", "a:1:2")) {
            assertThrows(SettingsException.class, () -> ListenAddress.parse(wrong), wrong);
        }
    }

    @Test
    void portalGroups() throws SettingsException {
        assertEquals(
                new ListenAddress("192.0.2.1", 3260, 2, Optional.of("standby")),
                ListenAddress.parse("192.0.2.1,group=2,state=standby"));
        assertEquals(
                new ListenAddress("::1", 3261, 65535, Optional.empty()), ListenAddress.parse("[::1]:3261,group=65535"));
        for (String wrong : List.of(
                "group=0",
                "group=65536",
                "group=",
                "group",
                "group=1,group=2",
                "state=fast",
                "state=transitioning",
                "tag=1",
                "")) {
            SettingsException refused =
                    assertThrows(SettingsException.class, () -> ListenAddress.parse("127.0.0.1:0," + wrong), wrong);
            assertTrue(refused.getMessage().startsWith("'127.0.0.1:0," + wrong + "': "), refused.getMessage());
        }
    }

    @Test
    void aGroupHasOneState() throws SettingsException {
        List<ListenAddress> twice = List.of(
                ListenAddress.parse("127.0.0.1,group=2,state=standby"), ListenAddress.parse("127.0.0.2,group=2"));
        assertEquals(
                twice,
                ServeSettings.conclude(List.of(), twice, false, Optional.empty())
                        .listen());
        List<ListenAddress> torn = List.of(twice.get(0), ListenAddress.parse("127.0.0.2,group=2,state=optimized"));
        assertThrows(SettingsException.class, () -> ServeSettings.conclude(List.of(), torn, false, Optional.empty()));
        List<ListenAddress> many = java.util.Collections.nCopies(ServeSettings.MAX_PORTALS + 1, twice.get(0));
        assertThrows(SettingsException.class, () -> ServeSettings.conclude(List.of(), many, false, Optional.empty()));
    }

    @Test
    void devices() throws SettingsException {
        assertEquals(
                new DeviceSettings("data.1", "file:/srv/a=b.img,size=1G", UnitSettings.DEFAULT),
                DeviceSettings.parse("data.1=file:/srv/a=b.img,size=1G"));
        for (String wrong : List.of(
                "", "disk0", "=ram:1G", "ram:1G", "file:/a=b", "a/b=ram:1G", "-x=ram:1G", "x".repeat(50) + "=ram:1G")) {
            assertThrows(SettingsException.class, () -> DeviceSettings.parse(wrong), wrong);
        }
    }

    @Test
    void optionsOfTheUnitStandAmongThoseOfTheStore() throws SettingsException {
        assertEquals(
                new DeviceSettings("d", "file:/a\\,removable,size=1G,direct", new UnitSettings(4096, true, 0, 20)),
                DeviceSettings.parse("d=file:/a\\,removable,block-size=4096,size=1G,removable,direct"));
        assertEquals(
                new DeviceSettings("d", "ram:1G", new UnitSettings(512, true, 0, 20)),
                DeviceSettings.parse("d=ram:1G,removable"));
        assertEquals(
                new DeviceSettings("d", "ram:1G,encrypted", new UnitSettings(512, false, 64, 20)),
                DeviceSettings.parse("d=ram:1G,maintenance-rate=64,encrypted"));
        assertEquals(
                new DeviceSettings("d", "ram:1G", new UnitSettings(512, false, 0, 0)),
                DeviceSettings.parse("d=ram:1G,command-timeout=0"));
        for (String wrong : List.of(
                "command-timeout",
                "command-timeout=",
                "command-timeout=20s",
                "command-timeout=-1",
                "command-timeout=100000",
                "command-timeout=1,command-timeout=1",
                "block-size",
                "block-size=",
                "block-size=0",
                "block-size=1000",
                "block-size=131072",
                "block-size=9999999999",
                "block-size=512,block-size=512",
                "maintenance-rate",
                "maintenance-rate=0",
                "maintenance-rate=64M",
                "maintenance-rate=1,maintenance-rate=1",
                "removable=yes",
                "removable,removable")) {
            SettingsException refused =
                    assertThrows(SettingsException.class, () -> DeviceSettings.parse("d=ram:1G," + wrong), wrong);
            assertTrue(refused.getMessage().contains(wrong.replaceFirst("[=,].*", "")), refused.getMessage());
        }
    }

    @Test
    void withNothingSaidOneRamDiskIsServedOnLoopback() throws SettingsException {
        ServeSettings settings = ServeSettings.conclude(List.of(), List.of(), false, Optional.empty());
        assertEquals("disk0", settings.devices().get(0).name());
        assertEquals("127.0.0.1:3260", settings.listen().get(0).toString());
        assertTrue(ServeSettings.conclude(List.of(), List.of(), true, Optional.empty())
                .listen()
                .isEmpty());
    }

    @Test
    void contradictionsAreRefused() throws SettingsException {
        List<ListenAddress> listen = List.of(ListenAddress.parse("127.0.0.1"));
        assertThrows(SettingsException.class, () -> ServeSettings.conclude(List.of(), listen, true, Optional.empty()));
        ServeSettings settings = ServeSettings.conclude(List.of(), listen, false, Optional.empty());
        assertTrue(settings.explicitAccessStates());
        assertFalse(settings.withAlua("implicit").withState(Path.of("s")).explicitAccessStates());
        assertThrows(SettingsException.class, () -> settings.withAlua("no"));
        ServeSettings scst = ServeSettings.conclude(List.of(), List.of(), true, Optional.empty());
        assertThrows(SettingsException.class, () -> scst.withAlua("implicit"));
        assertThrows(
                SettingsException.class, () -> ServeSettings.conclude(List.of(), listen, false, Optional.of("3.7")));
        List<DeviceSettings> twice = List.of(DeviceSettings.parse("a=ram:1G"), DeviceSettings.parse("a=ram:2G"));
        assertThrows(SettingsException.class, () -> ServeSettings.conclude(twice, listen, false, Optional.empty()));
    }
}
