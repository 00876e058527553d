package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.lunette.command.Nexus;
import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreProperties;

/** INQUIRY and its vital product data pages; SPC-5. */
public class InquiryTest {
    private final Identity identity = Identity.of("iqn.2026-11.org.lunette:target", "disk0");
    private final LogicalUnit unit = LogicalUnit.builder("disk0", FakeStore.ofBlocks(1024))
            .identity(identity)
            .inquiry("VENDOR", "A PRODUCT", "1.2")
            .transportVersion(0x0960)
            .build();
    private final Initiator initiator = Initiator.ready(unit, "a");

    private static String text(Reply reply, int from, int bytes) {
        return new String(reply.data(), from, bytes, StandardCharsets.UTF_8);
    }

    private Reply vpd(int page) {
        return initiator.in(Cdb.vpd(page, 0xffff), 4096).good();
    }

    @Test
    void standardDataDescribesADisk() {
        Reply reply = initiator.in(Cdb.inquiry(255), 255).good();
        assertEquals(96, reply.transferBytes());
        assertEquals(0x00, reply.u8(0), "a connected direct access block device");
        assertEquals(0x00, reply.u8(1), "not removable");
        assertEquals(0x06, reply.u8(2), "SPC-4");
        assertEquals(0x02, reply.u8(3) & 0x0f, "response data format");
        assertEquals(0x20, reply.u8(3) & 0x20, "NORMACA");
        assertEquals(96 - 5, reply.u8(4));
        assertEquals(0x18, reply.u8(5), "3PC, implicit TPGS");
        assertEquals(0x02, reply.u8(7), "CMDQUE, and nothing obsolete");
        assertEquals("VENDOR  A PRODUCT       1.2 ", text(reply, 8, 28));
        List<Integer> versions = new ArrayList<>();
        for (int at = 58; at < 74 && reply.u16(at) != 0; at += 2) {
            versions.add(reply.u16(at));
        }
        assertEquals(List.of(0x00a0, 0x0960, 0x0460, 0x04c0), versions, "SAM-5, iSCSI, SPC-4, SBC-3");
    }

    @Test
    void anAllocationLengthCutsTheDataAndNotTheLengthField() {
        for (int length : new int[] {0, 1, 4, 5, 36, 95, 96, 97, 512}) {
            Reply reply = initiator.in(Cdb.inquiry(length), 1024).good();
            assertEquals(Math.min(96, length), reply.transferBytes());
            if (length > 4) {
                assertEquals(91, reply.u8(4));
            }
        }
    }

    @Test
    void aPageWithoutEvpdOrAnUnknownPageIsRefused() {
        initiator.in(Cdb.of("12 00 80 00ff 00"), 255).invalidCdb(2);
        initiator.in(Cdb.vpd(0x84, 255), 255).invalidCdb(2);
        initiator.in(Cdb.of("12 02 00 00ff 00"), 255).invalidCdb(1);
    }

    @Test
    void everyListedPageIsThereInOrder() {
        Reply list = vpd(0);
        List<Integer> codes = new ArrayList<>();
        for (int i = 4; i < 4 + list.u16(2); i++) {
            codes.add(list.u8(i));
        }
        assertEquals(List.of(0x00, 0x80, 0x83, 0x86, 0x87, 0x88, 0x8f, 0xb0, 0xb1, 0xb2), codes);
        for (int code : codes) {
            Reply page = vpd(code);
            assertEquals(0, page.u8(0));
            assertEquals(code, page.u8(1));
            assertEquals(page.transferBytes() - 4, page.u16(2), "the length of page " + code);
        }
    }

    @Test
    void theSerialNumberIsThatOfTheIdentity() {
        Reply reply = vpd(0x80);
        assertEquals(identity.serial(), text(reply, 4, reply.u16(2)));
    }

    private record Designator(int protocolAndSet, int associationAndType, byte[] value) {}

    private static List<Designator> designators(Reply reply) {
        List<Designator> all = new ArrayList<>();
        int at = 4;
        while (at < 4 + reply.u16(2)) {
            int length = reply.u8(at + 3);
            byte[] value = Arrays.copyOfRange(reply.data(), at + 4, at + 4 + length);
            all.add(new Designator(reply.u8(at), reply.u8(at + 1), value));
            at += 4 + length;
        }
        assertEquals(4 + reply.u16(2), at, "the descriptors fill the page");
        return all;
    }

    private static byte[] value(List<Designator> all, int protocolAndSet, int associationAndType) {
        return all.stream()
                .filter(d -> d.protocolAndSet == protocolAndSet && d.associationAndType == associationAndType)
                .findFirst()
                .orElseThrow()
                .value;
    }

    @Test
    void theUnitTheTargetAndThePortAreNamed() {
        List<Designator> all = designators(vpd(0x83));
        assertEquals("VENDOR  " + identity.serial(), utf8(value(all, 0x02, 0x01)));
        byte[] naa = value(all, 0x01, 0x03);
        assertEquals(8, naa.length);
        assertEquals(0x30, naa[0] & 0xf0, "locally assigned");
        assertEquals(
                String.format("naa.%016X", identity.naa()),
                utf8(value(all, 0x03, 0x08)).replace("\0", ""));
        assertEquals("00000001", hex(value(all, 0x01, 0x14)), "relative target port");
        assertEquals("00000001", hex(value(all, 0x01, 0x15)), "target port group");
        byte[] port = value(all, 0x53, 0x98);
        assertEquals("iqn.2026-11.test:target,t,0x0001", utf8(port).replace("\0", ""));
        assertEquals(0, port.length % 4);
        assertEquals(0, port[port.length - 1], "ends with a NUL");
        assertEquals("iqn.2026-11.test:target", utf8(value(all, 0x53, 0xa8)).replace("\0", ""));
    }

    @Test
    void aPortIsNamedAsTheNexusSeesIt() {
        Initiator other = new Initiator(unit, new Nexus("host", "scst_local", 0));
        List<Designator> all = designators(other.in(Cdb.vpd(0x83, 255), 255).good());
        assertEquals(3, all.size(), "the unit's own names only");
        Initiator second = new Initiator(unit, new Nexus("i", "iqn.2026-11.test:target,t,0x0002", 2));
        all = designators(second.in(Cdb.vpd(0x83, 255), 255).good());
        assertEquals("00000002", hex(value(all, 0x01, 0x14)));
    }

    @Test
    void extendedInquiryDataIsHonest() {
        Reply reply = vpd(0x86);
        assertEquals(0x3c, reply.u16(2));
        assertEquals(0x07, reply.u8(5), "HEADSUP, ORDSUP, SIMPSUP");
        assertEquals(0x01, reply.u8(6), "a volatile cache");
        Initiator durable = Initiator.ready(
                LogicalUnit.builder("d", new FakeStore(4096, FakeStore.properties(false, false)))
                        .build(),
                "b");
        assertEquals(0x00, durable.in(Cdb.vpd(0x86, 255), 255).good().u8(6));
    }

    @Test
    void allModePagesAreShared() {
        assertEquals("00 87 00 04 3f ff 00 00", vpd(0x87).hex());
    }

    @Test
    void thePortOfTheNexusIsListedWithItsName() {
        Reply reply = vpd(0x88);
        assertEquals(1, reply.u16(6), "relative port identifier");
        assertEquals(0, reply.u16(10), "no initiator port");
        assertEquals(reply.transferBytes() - 16, reply.u16(14));
        assertEquals(0x53, reply.u8(16), "iSCSI, UTF-8");
        assertEquals(0x98, reply.u8(17), "a name of the port");
        assertEquals(
                "iqn.2026-11.test:target,t,0x0001",
                text(reply, 20, reply.u8(19)).replace("\0", ""));
    }

    @Test
    void blockLimitsAreThoseThatAreKept() {
        Reply reply = vpd(0xb0);
        assertEquals(0x3c, reply.u16(2));
        assertEquals(255, reply.u8(5), "COMPARE AND WRITE");
        assertEquals(LogicalUnit.DEFAULT_MAX_TRANSFER_BYTES / 512, reply.u32(8));
        assertEquals(2048, reply.u32(12), "1 MiB is best");
        for (int at = 16; at < 36; at++) {
            assertEquals(0, reply.u8(at), "nothing of UNMAP at " + at);
        }
    }

    @Test
    void rotationAndProvisioningFollowTheStore() {
        assertEquals(1, vpd(0xb1).u16(4), "does not rotate");
        assertEquals("00 b2 00 04 00 00 00 00", vpd(0xb2).hex(), "fully provisioned");
        StoreProperties disk = new StoreProperties("fake", false, true, true, 4096, true, false);
        Initiator turning = Initiator.ready(
                LogicalUnit.builder("d", new FakeStore(4096, disk)).build(), "b");
        assertEquals(7200, turning.in(Cdb.vpd(0xb1, 255), 255).good().u16(4));
    }

    // ---- identity ----

    @Test
    void anIdentityFromNamesIsStableAndDistinctInItsFirstEightCharacters() {
        assertEquals(identity, Identity.of("iqn.2026-11.org.lunette:target", "disk0"));
        assertEquals(32, identity.serial().length());
        Set<String> starts = new HashSet<>();
        Set<Long> names = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Identity one = Identity.of("iqn.2026-11.org.lunette:target", "disk" + i);
            starts.add(one.serial().substring(0, 8));
            names.add(one.naa());
            assertEquals(3, one.naa() >>> 60);
        }
        assertEquals(1000, starts.size());
        assertEquals(1000, names.size());
        assertNotEquals(Identity.of("a", "bc"), Identity.of("ab", "c"));
    }

    @Test
    void anIdentityMayBeAnyUuid() {
        UUID uuid = UUID.fromString("01234567-89ab-4cde-8f01-23456789abcd");
        assertEquals("0123456789ab4cde8f0123456789abcd", new Identity(uuid).serial());
        assertTrue(new Identity(uuid).naa() != 0);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
