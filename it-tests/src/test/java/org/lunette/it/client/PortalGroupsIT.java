package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;

/** Two portal groups of one target, as the command line makes them and libiscsi's tools see them. */
class PortalGroupsIT {
    @Test
    void everyPortalTellsOfAllGroups() {
        try (LunetteServer server = LunetteServer.start(
                JavaRuntime.ofTheTests(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:0,group=7,state=non-optimized",
                "disk=ram:64M")) {
            List<String> portals = server.portals();
            assertEquals(2, portals.size(), portals.toString());
            for (String portal : portals) {
                String said = Client.libiscsi("iscsi-ls", "iscsi://" + portal);
                assertTrue(said.contains("Portal:" + portals.get(0) + ",1\n"), said);
                assertTrue(said.contains("Portal:" + portals.get(1) + ",7\n"), said);
                String unit = Client.libiscsi("iscsi-inq", LunetteServer.url(0, portal));
                assertTrue(unit.contains("TPGS:3"), unit);
                String names = Client.vpdPage(LunetteServer.url(0, portal), 0x83);
                String port = LunetteServer.TARGET + ",t,0x000" + (portal.equals(portals.get(0)) ? 1 : 7);
                assertTrue(names.contains(port), names);
            }
        }
    }
}
