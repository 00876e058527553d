package org.lunette.bridge.scstuser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.memory.Memory;
import org.lunette.bridge.memory.Region;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a device, finding out on the way which version string the loaded module wants to hear. It is a digest of
 * the headers that the module was built from, so it differs from build to build.
 */
final class DeviceRegistrar {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceRegistrar.class);

    /** Ours is MIT OR GPL-2.0; one of the few strings that the kernel accepts. */
    private static final String LICENSE = "Dual MIT/GPL";

    private static final String UNLIKELY_VERSION = "unknown";
    private static final Pattern EXPECTED = Pattern.compile("Incorrect version of user device .*Expected: (\\S+)");
    private static final Pattern RESERVATION_FILE =
            Pattern.compile("PR file name (\\S+)/[^/\\s]+ parent directory doesn't exist");
    /** For how long a device of the same name, of a process that has just ended, may need to go. */
    private static final long NAME_TAKEN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long NAME_TAKEN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<VersionSource> sources;
    private final Supplier<KernelLog> logs;
    private volatile String acceptedVersion;

    /**
     * @param sources where to look for the version, in this order
     * @param logs opens the kernel's log at its end
     */
    DeviceRegistrar(List<VersionSource> sources, Supplier<KernelLog> logs) {
        this.sources = List.copyOf(sources);
        this.logs = logs;
    }

    /** Registers {@code device}, or throws with a message that says what to do. */
    void register(ScstUserDevice device, DeviceDescription description) throws ScstUserException {
        try (Region memory = Region.allocate(
                        "scst_user: registration", DevDescFlyweight.BYTES + 2 * DevDescFlyweight.STRING_BUFFER_BYTES);
                KernelLog log = logs.get()) {
            new Registration(device, description, memory, log).run();
        }
    }

    /** The attempts for one device. */
    private final class Registration {
        private final ScstUserDevice device;
        private final DeviceDescription description;
        private final DevDescFlyweight devDesc = new DevDescFlyweight();
        private final KernelLog log;
        private final Set<String> tried = new LinkedHashSet<>();
        private final List<String> report = new ArrayList<>();
        private String expected;

        Registration(ScstUserDevice device, DeviceDescription description, Region memory, KernelLog log) {
            this.device = device;
            this.description = description;
            this.log = log;
            long version = memory.address() + DevDescFlyweight.BYTES;
            long license = version + DevDescFlyweight.STRING_BUFFER_BYTES;
            putString(license, LICENSE);
            description.writeTo(
                    devDesc.wrap(memory.address()).versionStr(version).licenseStr(license));
        }

        void run() throws ScstUserException {
            if (acceptedVersion != null && attempt(acceptedVersion)) {
                return;
            }
            for (VersionSource source : sources) {
                VersionSource.Finding finding = source.find();
                if (attemptAll(finding)) {
                    return;
                }
                if (expected != null) {
                    break; // the kernel itself said what it wants
                }
            }
            if (tried.isEmpty() && attempt(UNLIKELY_VERSION)) {
                return; // a module that checks nothing
            }
            if (expected != null && attempt(expected)) {
                LOG.info("took the version string of the loaded scst_user module from the kernel log");
                return;
            }
            throw new ScstUserException(refused());
        }

        private boolean attemptAll(VersionSource.Finding finding) throws ScstUserException {
            String outcome =
                    finding.versions().isEmpty() ? "nothing" : String.join(", ", finding.versions()) + ", refused";
            report.add(finding.place() + ": " + outcome
                    + (finding.remark().isEmpty() ? "" : " (" + finding.remark() + ")"));
            for (String version : finding.versions()) {
                if (attempt(version)) {
                    LOG.debug("version string {} from {}", version, finding.place());
                    return true;
                }
                LOG.warn(
                        "{} has a version string that is not that of the loaded scst_user module: {}",
                        finding.place(),
                        version);
            }
            return false;
        }

        /**
         * Returns whether the device is registered now; false means that the version was wrong, as far as can be known.
         */
        private boolean attempt(String version) throws ScstUserException {
            if (!tried.add(version)) {
                return false;
            }
            putString(devDesc.versionStr(), version);
            int result = registerWaitingForTheName();
            if (result == 0) {
                acceptedVersion = version;
                return true;
            }
            List<String> messages = log.newMessages();
            for (String message : messages) {
                Matcher matcher = EXPECTED.matcher(message);
                if (matcher.find()) {
                    expected = matcher.group(1);
                }
            }
            boolean wrongVersion = result == -Errno.EINVAL
                    && (expected != null && !expected.equals(version)
                            || errors(messages).isEmpty());
            if (!wrongVersion) {
                throw new ScstUserException(refusal(-result, messages));
            }
            return false;
        }

        private int registerWaitingForTheName() {
            long deadline = System.nanoTime() + NAME_TAKEN_NANOS;
            boolean told = false;
            while (true) {
                int result = device.register(devDesc.address());
                boolean taken = result == -Errno.EEXIST
                        || result == -Errno.ENOMEM; // the latter if buffers of that name are left
                if (!taken || System.nanoTime() - deadline > 0) {
                    return result;
                }
                if (!told) {
                    told = true;
                    LOG.info(
                            "waiting up to {} s for another SCST device {} to go",
                            TimeUnit.NANOSECONDS.toSeconds(NAME_TAKEN_NANOS),
                            description.name());
                }
                LockSupport.parkNanos(NAME_TAKEN_POLL_NANOS);
            }
        }

        private String refusal(int errno, List<String> messages) {
            boolean poolExists = messages.stream().anyMatch(message -> message.contains("already exist"));
            String what = "SCST refuses the device " + description.name() + ": ";
            return what
                    + switch (errno == Errno.ENOMEM && poolExists ? Errno.EEXIST : errno) {
                        case Errno.EEXIST ->
                            "one of that name is registered. End the program that serves it, or choose another name";
                        case Errno.ENOMEM -> "it has no memory for it, or a device of that name is registered";
                        case Errno.ENOENT ->
                            "the folder for persistent reservations is missing. Create it with 'mkdir -p "
                                    + reservationFolder(messages) + "'";
                        case Errno.EPERM ->
                            "it does not accept the licence '" + LICENSE
                                    + "', or this process has not the rights of root";
                        case Errno.EINVAL ->
                            "it takes the version, but not the block length of " + description.blockBytes()
                                    + " bytes, device type " + Integer.toHexString(description.deviceType())
                                    + "h or an option";
                        default -> Errno.describe(errno);
                    }
                    + said(messages);
        }

        private String refused() {
            StringBuilder text = new StringBuilder("SCST's module scst_user refuses the device " + description.name()
                    + ", most likely for the version string, which must be that of the loaded module. Tried:");
            for (String line : report) {
                text.append("\n  - ").append(line);
            }
            String cause = log.unavailableBecause();
            text.append("\n  - the kernel log: ");
            text.append(
                    cause != null
                            ? cause
                            : expected == null ? "no word of what is expected" : "expects " + expected + ", refused");
            text.append(
                    "\nGive the right string by the setting for it: it stands in the kernel log after 'Expected:' ('dmesg | grep Expected')."
                            + " If headers or module are those of another build than the loaded one, reload the modules.");
            return text.toString();
        }
    }

    private static String reservationFolder(List<String> messages) {
        for (String message : messages) {
            Matcher matcher = RESERVATION_FILE.matcher(message);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return "/var/lib/scst/pr";
    }

    private static List<String> errors(List<String> messages) {
        return messages.stream()
                .filter(m -> m.contains("scst") && m.contains("ERROR"))
                .toList();
    }

    private static String said(List<String> messages) {
        List<String> errors = errors(messages).stream().distinct().toList();
        return errors.isEmpty() ? "" : ". The kernel log says: " + String.join(" / ", errors);
    }

    private static void putString(long address, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        Memory.fill(address, DevDescFlyweight.STRING_BUFFER_BYTES, (byte) 0);
        Memory.copy(bytes, 0, address, Math.min(bytes.length, DevDescFlyweight.STRING_BUFFER_BYTES - 1));
    }
}
