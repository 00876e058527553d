package org.lunette.bridge.scstuser;

import java.nio.file.Path;
import java.util.List;
import org.lunette.bridge.libc.Errno;
import org.lunette.bridge.libc.Libc;

/** Opens the devices of the running kernel. */
public final class KernelScstUserDevices implements ScstUserDevices {
    private static final Path SYSFS_DEVICES = Path.of("/sys/kernel/scst_tgt/devices");

    private final DeviceRegistrar registrar;

    /** @param versionString what the loaded module wants to hear, or null to find it out */
    public KernelScstUserDevices(String versionString) {
        List<VersionSource> sources = VersionSource.defaults(versionString);
        this.registrar = new DeviceRegistrar(sources, KmsgReader::openAtEnd);
    }

    @Override
    public ScstUserDevice open(DeviceDescription description) throws ScstUserException {
        int fd = Libc.open(ScstUser.DEVICE_PATH, Libc.O_RDWR, 0);
        if (fd < 0) {
            throw new ScstUserException(cannotOpen(-fd));
        }
        boolean registered = false;
        try {
            ScstUserDevice device = new KernelScstUserDevice(fd, SYSFS_DEVICES.resolve(description.name()));
            registrar.register(device, description);
            registered = true;
            return device;
        } finally {
            if (!registered) {
                Libc.close(fd);
            }
        }
    }

    private static String cannotOpen(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENXIO, Errno.ENODEV ->
                ScstUser.DEVICE_PATH + " is not there: SCST's module scst_user is not loaded."
                        + " Load it with 'modprobe scst_user'; if that fails, SCST is not installed for the running kernel, "
                        + System.getProperty("os.version");
            case Errno.EACCES, Errno.EPERM ->
                "no permission to open " + ScstUser.DEVICE_PATH + ": SCST's devices need root";
            default -> "cannot open " + ScstUser.DEVICE_PATH + ": " + Errno.describe(errno);
        };
    }
}
