package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.scsi.unit.Identity;
import org.lunette.store.KeptValues;
import org.lunette.store.kept.ValueFolder;

/** An initiator knows a disk by its identity: it stays, and no two disks have one. */
class DeviceIdentitiesTest {
    @TempDir
    Path folder;

    @Test
    void aKeptIdentityStaysWhateverTheHostIsCalled() throws Exception {
        Identity first = identityOf("host-a", "disk0");
        assertEquals(first, identityOf("host-b", "disk0"));
        assertEquals(first.naa(), identityOf("host-b", "disk0").naa());
        assertNotEquals(first, identityOf("host-a", "disk1"));
    }

    /** The name of a device may change with its folder: what is kept decides. */
    @Test
    void aKeptIdentityGoesWithItsFolder() throws Exception {
        Identity first = identityOf("host", "old");
        Files.move(folder.resolve("old"), folder.resolve("new"));
        assertEquals(first, identityOf("host", "new"));
    }

    @Test
    void whereNothingIsKeptItFollowsFromTheNames() throws Exception {
        Identity first = new DeviceIdentities("host").of("disk0", KeptValues.NONE);
        assertEquals(first, new DeviceIdentities("host").of("disk0", KeptValues.NONE));
        assertNotEquals(first, new DeviceIdentities("other").of("disk0", KeptValues.NONE));
        assertNotEquals(first, new DeviceIdentities("host").of("disk1", KeptValues.NONE));
    }

    @Test
    void serialsDifferInTheirFirstEightBytes() throws Exception {
        assertNotEquals(
                identityOf("host", "disk0").serial().substring(0, 8),
                identityOf("host", "disk1").serial().substring(0, 8));
    }

    @Test
    void aCopiedStateIsRefusedNamingBothDevices() throws Exception {
        Identity first = identityOf("host", "disk0");
        Files.createDirectories(folder.resolve("copy"));
        Files.copy(folder.resolve("disk0/identity.kept"), folder.resolve("copy/identity.kept"));
        DeviceIdentities identities = new DeviceIdentities("host");
        try (ValueFolder disk0 = open("disk0");
                ValueFolder copy = open("copy")) {
            assertEquals(first, identities.of("disk0", disk0));
            String refused = assertThrows(StartException.class, () -> identities.of("copy", copy))
                    .getMessage();
            assertTrue(refused.contains("'disk0' and 'copy'"), refused);
            assertTrue(refused.contains(folder.resolve("copy/identity.kept").toString()), refused);
        }
    }

    @Test
    void aDamagedIdentityIsNamedAndNotReplaced() throws Exception {
        try (ValueFolder values = open("disk0")) {
            values.save("identity", new byte[15], (status, offset) -> {});
            String refused = assertThrows(StartException.class, () -> new DeviceIdentities("host").of("disk0", values))
                    .getMessage();
            assertTrue(refused.startsWith("disk0: " + folder.resolve("disk0/identity.kept")), refused);
            assertEquals(15, values.load("identity").length);
        }
    }

    private Identity identityOf(String host, String device) throws Exception {
        try (ValueFolder values = open(device)) {
            return new DeviceIdentities(host).of(device, values);
        }
    }

    private ValueFolder open(String device) throws Exception {
        return ValueFolder.open(folder.resolve(device), Runnable::run);
    }
}
