package org.lunette.bridge.scstuser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;

/** Registering with a module that says no, in its several ways. */
class DeviceRegistrarTest {
    private static final String RIGHT = "3.11.0-pre" + "2".repeat(40) + "c".repeat(40);
    private static final String WRONG = "3.11.0-pre" + "1".repeat(40) + "c".repeat(40);
    private static final DeviceDescription DISK =
            new DeviceDescription("disk0", 0, 4096, ParseType.EXCEPTION, MemoryReuse.ALL, OnFreeType.IGNORE, true);

    private final FakeModule module = new FakeModule();

    private static VersionSource source(String place, String... versions) {
        return () -> new VersionSource.Finding(place, List.of(versions), versions.length == 0 ? "no such folder" : "");
    }

    private void register(VersionSource... sources) throws ScstUserException {
        new DeviceRegistrar(List.of(sources), module::openLog).register(module, DISK);
    }

    private String refusal(VersionSource... sources) {
        return assertThrows(ScstUserException.class, () -> register(sources)).getMessage();
    }

    @Test
    void theRightVersionRegistersTheDeviceAsDescribed() throws ScstUserException {
        register(source("headers", RIGHT));
        DevDescFlyweight seen = module.accepted;
        assertEquals(1, module.attempts.size());
        assertEquals(
                "disk0 0 4096 1",
                seen.name() + " " + seen.type() + " " + seen.blockSize() + " " + seen.enablePrCmdsNotifications());
        OptFlyweight options = new OptFlyweight().wrap(seen.optAddress());
        assertEquals("2 1 3", options.parseType() + " " + options.onFreeCmdType() + " " + options.memoryReuseType());
        assertEquals(0, options.swp(), "write protection is the unit's affair");
        assertEquals(1, options.queueAlg(), "else SCST executes one task at a time");
        assertEquals(1, options.tas());
        assertEquals(0, options.hasOwnOrderMgmt(), "ORDERED tasks are SCST's affair");
        assertEquals("Dual MIT/GPL", module.license);
    }

    @Test
    void thePlacesAreAskedInTurn() throws ScstUserException {
        module.logs = false;
        register(source("headers"), source("the setting", WRONG), source("module", WRONG, RIGHT));
        assertEquals(List.of(WRONG, RIGHT), module.attempts);
    }

    @Test
    void theKernelsOwnWordEndsTheSearch() throws ScstUserException {
        register(source("headers", WRONG), source("module", "3.9" + "4".repeat(80)));
        assertEquals(List.of(WRONG, RIGHT), module.attempts);
    }

    @Test
    void withNothingFoundTheKernelIsMadeToSayWhatItWants() throws ScstUserException {
        register(source("headers"), source("module"));
        assertEquals(2, module.attempts.size());
        assertEquals(RIGHT, module.attempts.get(1));
    }

    @Test
    void theVersionIsFoundOutOnce() throws ScstUserException {
        DeviceRegistrar registrar = new DeviceRegistrar(List.of(source("headers")), module::openLog);
        registrar.register(module, DISK);
        registrar.register(module, DISK);
        assertEquals(3, module.attempts.size());
    }

    @Test
    void aRefusalTellsWhatWasTriedAndWhatToDo() {
        module.logs = false;
        String refusal = refusal(source("headers in /usr/local/include/scst"), source("the setting", WRONG));
        for (String part : List.of(
                "disk0",
                "headers in /usr/local/include/scst: nothing (no such folder)",
                "the setting: " + WRONG + ", refused",
                "the kernel log: /dev/kmsg cannot be read",
                "dmesg | grep Expected")) {
            assertTrue(refusal.contains(part), part + " in " + refusal);
        }
    }

    @Test
    void aMissingReservationFolderIsNamed() {
        module.result = -Errno.ENOENT;
        module.message = "scst: ***ERROR***: PR file name /srv/scst/pr/disk0 parent directory doesn't exist";
        String refusal = refusal(source("headers", RIGHT));
        assertTrue(refusal.contains("mkdir -p /srv/scst/pr'"), refusal);
    }

    @Test
    void aBadOptionIsNotTakenForAWrongVersion() {
        module.result = -Errno.EINVAL;
        module.message = "scst_user: ***ERROR***: Wrong block size 0";
        String refusal = refusal(source("headers", RIGHT), source("module", WRONG));
        assertTrue(refusal.contains("4096") && refusal.contains("Wrong block size 0"), refusal);
        assertEquals(1, module.attempts.size());
    }

    @Test
    void aForbiddenLicenceIsToldOf() {
        module.result = -Errno.EPERM;
        assertTrue(refusal(source("headers", RIGHT)).contains("Dual MIT/GPL"));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EEXIST, Errno.ENOMEM})
    void aNameThatIsStillTakenIsWaitedFor(int errno) throws ScstUserException {
        module.nameTakenFor = 3;
        module.nameTakenErrno = errno;
        register(source("headers", RIGHT));
        assertEquals(4, module.attempts.size());
    }

    @Test
    void aNameThatStaysTakenIsToldOfThoughTheKernelSaysNoMemory() {
        module.result = -Errno.ENOMEM;
        module.message = "scst: ***ERROR***: SGV pool disk0 already exists";
        String refusal = refusal(source("headers", RIGHT));
        assertTrue(refusal.contains("one of that name is registered"), refusal);
    }

    @Test
    void impossibleDescriptionsAreRefusedHere() {
        assertThrows(IllegalArgumentException.class, () -> described("", 0, 512));
        assertThrows(IllegalArgumentException.class, () -> described("x".repeat(50), 0, 512));
        assertThrows(IllegalArgumentException.class, () -> described("a b", 0, 512));
        assertThrows(IllegalArgumentException.class, () -> described("a/b", 0, 512));
        assertThrows(IllegalArgumentException.class, () -> described("..", 0, 512));
        assertThrows(IllegalArgumentException.class, () -> described("disk", 0, 520));
        assertThrows(IllegalArgumentException.class, () -> described("disk", 0, 256));
        assertThrows(IllegalArgumentException.class, () -> described("disk", 0x14, 512));
        described("x".repeat(49), 1, 0);
    }

    private static DeviceDescription described(String name, int type, int blockBytes) {
        return new DeviceDescription(
                name, type, blockBytes, ParseType.STANDARD, MemoryReuse.NONE, OnFreeType.CALL, false);
    }

    /** What the module does with a registration, and what it logs. */
    private static final class FakeModule implements ScstUserDevice {
        final List<String> attempts = new ArrayList<>();
        final List<String> log = new ArrayList<>();
        final DevDescFlyweight accepted = new DevDescFlyweight();
        private final Region copy = Region.allocate("test: registration", DevDescFlyweight.BYTES);
        boolean logs = true;
        int result;
        String message;
        int nameTakenFor;
        int nameTakenErrno;
        String license;

        @Override
        public int register(long devDescAddress) {
            DevDescFlyweight devDesc = new DevDescFlyweight().wrap(devDescAddress);
            String version = string(devDesc.versionStr());
            attempts.add(version);
            license = string(devDesc.licenseStr());
            if (!version.equals(RIGHT)) {
                log.add("scst_user: ***ERROR***: Incorrect version of user device " + devDesc.name() + " (" + version
                        + "). Expected: " + RIGHT);
                return -Errno.EINVAL;
            }
            if (nameTakenFor-- > 0) {
                return -nameTakenErrno;
            }
            if (message != null) {
                log.add(message);
            }
            Memory.copy(devDescAddress, copy.address(), DevDescFlyweight.BYTES);
            accepted.wrap(copy.address());
            return result;
        }

        private static String string(long address) {
            byte[] bytes = new byte[DevDescFlyweight.STRING_BUFFER_BYTES];
            Memory.copy(address, bytes, 0, bytes.length);
            String all = new String(bytes, StandardCharsets.US_ASCII);
            assertFalse(all.indexOf('\0') < 0, "NUL-terminated");
            return all.substring(0, all.indexOf('\0'));
        }

        KernelLog openLog() {
            return new KernelLog() {
                @Override
                public List<String> newMessages() {
                    List<String> messages = logs ? List.copyOf(log) : List.of();
                    log.clear();
                    return messages;
                }

                @Override
                public String unavailableBecause() {
                    return logs ? null : "/dev/kmsg cannot be read: EPERM";
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public int replyAndGetMulti(long address) {
            throw new AssertionError("not asked for");
        }

        @Override
        public int replyCommand(long address) {
            throw new AssertionError("not asked for");
        }

        @Override
        public int extendedCdb(long address) {
            throw new AssertionError("not asked for");
        }

        @Override
        public int setOptions(long address) {
            throw new AssertionError("not asked for");
        }

        @Override
        public int options(long address) {
            throw new AssertionError("not asked for");
        }

        @Override
        public int capacityChanged() {
            throw new AssertionError("not asked for");
        }

        @Override
        public int preallocateBuffer(long address) {
            throw new AssertionError("not asked for");
        }

        @Override
        public int flushCache() {
            throw new AssertionError("not asked for");
        }

        @Override
        public int wakeThreads() {
            throw new AssertionError("not asked for");
        }

        @Override
        public void close() {
            throw new AssertionError("not asked for");
        }
    }
}
