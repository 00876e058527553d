package org.lunette.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.it.support.JavaRuntime;
import org.lunette.it.support.LunetteServer;
import org.lunette.it.support.Program;

/** What a target and its disks say of themselves, by libiscsi's tools, over IPv4 and IPv6 portals of one target. */
class InquiryIT {

    private static final long KIB = 1024;
    private static final String MIB_64 = "67108864";

    /** The pages that iscsi-inq can decode; sg_vpd reads the others in the emulated machine. */
    private static final Set<Integer> DECODED = Set.of(0x00, 0x80, 0x83, 0xB0, 0xB1, 0xB2);

    private static LunetteServer server;

    @BeforeAll
    static void serve() {
        server = LunetteServer.start(
                JavaRuntime.ofTheTests(),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--listen",
                "[::1]:0",
                "small=ram:64M",
                "large=null:3T");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void bothPortalsListTheTargetAndItsDisks() {
        List<String> portals = server.portals();
        assertEquals(2, portals.size(), portals.toString());
        assertTrue(portals.get(0).startsWith("127.0.0.1:"), portals.toString());
        assertTrue(portals.get(1).startsWith("[::1]:"), portals.toString());
        for (String portal : portals) {
            String said = Client.libiscsi("iscsi-ls", "--show-luns", "iscsi://" + portal)
                    .replace("[0:0:0:0:0:0:0:1]", "[::1]"); // both are RFC 7143's domainname
            assertTrue(said.contains("Target:" + LunetteServer.TARGET + " Portal:" + portal + ",1\n"), said);
            assertTrue(
                    Pattern.compile("Lun:0 +Type:DIRECT_ACCESS \\(Size:6[34]M\\)")
                            .matcher(said)
                            .find(),
                    said);
            assertTrue(
                    Pattern.compile("Lun:1 +Type:DIRECT_ACCESS \\(Size:\\dT\\)")
                            .matcher(said)
                            .find(),
                    said);
            assertFalse(said.contains("Lun:2"), said);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void eachPortalAnswersInquiry(int portal) {
        String said = Client.libiscsi(
                "iscsi-inq", LunetteServer.url(0, server.portals().get(portal)));
        for (String line : List.of(
                "Peripheral Qualifier:CONNECTED",
                "Peripheral Device Type:DIRECT_ACCESS",
                "Removable:0",
                "ReponseDataFormat:2",
                "Protect:0",
                "CmdQue:1",
                "Vendor:LUNETTE ")) {
            assertTrue(said.contains(line), line + " is not in\n" + said);
        }
        assertTrue(Pattern.compile("Version:[67] ").matcher(said).find(), said);
    }

    @Test
    void theListedVpdPagesAreThere() {
        String url = server.url(0);
        String supported = Client.vpdPage(url, 0);
        for (int page : new int[] {0x00, 0x80, 0x83, 0x86, 0x87, 0x88, 0x8F, 0xB0, 0xB1, 0xB2}) {
            assertTrue(supported.contains(String.format("Page:0x%02x", page)), supported);
        }
        Matcher listed = Pattern.compile("Page:0x([0-9a-f]{2})").matcher(supported);
        int before = -1;
        while (listed.find()) {
            int page = Integer.parseInt(listed.group(1), 16);
            assertTrue(page > before, "not in ascending order:\n" + supported);
            before = page;
            if (DECODED.contains(page)) {
                Client.vpdPage(url, page);
            }
        }
    }

    @Test
    void identitiesAreOfOneLogicalUnitOnly() {
        for (int page : new int[] {0x80, 0x83}) {
            assertNotEquals(Client.vpdPage(server.url(0), page), Client.vpdPage(server.url(1), page));
        }
        String said = Client.vpdPage(server.url(0), 0x83);
        for (String type : List.of("NAA", "T10", "SCSI_NAME", "RELATIVE")) {
            assertTrue(said.contains(type), type + " is not in\n" + said);
        }
        assertEquals(
                Client.vpdPage(LunetteServer.url(0, server.portals().get(1)), 0x80),
                Client.vpdPage(server.url(0), 0x80));
    }

    @Test
    void capacityIsExactBeyondTwoToThe32Blocks() {
        String small = Client.libiscsi("iscsi-readcapacity16", server.url(0));
        assertTrue(small.contains("RETURNED LOGICAL BLOCK ADDRESS:131071\n"), small);
        assertTrue(small.contains("LOGICAL BLOCK LENGTH IN BYTES:512\n"), small);
        assertTrue(small.contains("Total size:" + MIB_64), small);

        String large =
                Client.libiscsi("iscsi-readcapacity16", "--size", server.url(1)).strip();
        assertEquals(Long.toString(3 * KIB * KIB * KIB * KIB), large);
    }

    @Test
    void aTargetThatIsNotThereAndALunThatIsNotThereAreRefused() {
        server.expectComplaint("no target iqn.2026-11.org.lunette:nobody");
        String portal = server.portals().get(0);
        assertNotEquals(0, clientStatus("iscsi://" + portal + "/iqn.2026-11.org.lunette:nobody/0"));
        assertNotEquals(0, clientStatus(LunetteServer.url(7, portal)));
    }

    private static int clientStatus(String url) {
        return Program.of("iscsi-readcapacity16", url)
                .run(Duration.ofSeconds(30))
                .exitStatus();
    }
}
