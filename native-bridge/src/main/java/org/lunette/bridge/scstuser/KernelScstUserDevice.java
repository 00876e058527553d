package org.lunette.bridge.scstuser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.lunette.bridge.libc.Libc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ScstUserDevice} by {@code ioctl(2)} on a descriptor of {@code /dev/scst_user}. */
final class KernelScstUserDevice implements ScstUserDevice {
    private static final Logger LOG = LoggerFactory.getLogger(KernelScstUserDevice.class);
    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int fd;
    private final Path sysfsFolder;

    /**
     * @param fd opened for reading and writing, and blocking: the kernel looks only when registering whether it is
     * @param sysfsFolder what exists while the device is registered
     */
    KernelScstUserDevice(int fd, Path sysfsFolder) {
        this.fd = fd;
        this.sysfsFolder = sysfsFolder;
    }

    @Override
    public int register(long devDescAddress) {
        return Libc.ioctl(fd, ScstUser.SCST_USER_REGISTER_DEVICE, devDescAddress);
    }

    @Override
    public int replyAndGetMulti(long getMultiAddress) {
        return Libc.ioctl(fd, ScstUser.SCST_USER_REPLY_AND_GET_MULTI, getMultiAddress);
    }

    @Override
    public int replyCommand(long replyAddress) {
        return Libc.ioctl(fd, ScstUser.SCST_USER_REPLY_CMD, replyAddress);
    }

    @Override
    public int extendedCdb(long getExtCdbAddress) {
        return Libc.ioctl(fd, ScstUser.SCST_USER_GET_EXTENDED_CDB, getExtCdbAddress);
    }

    @Override
    public int setOptions(long optAddress) {
        return Libc.ioctl(fd, ScstUser.SCST_USER_SET_OPTIONS, optAddress);
    }

    @Override
    public int options(long optAddress) {
        return Libc.ioctl(fd, ScstUser.SCST_USER_GET_OPTIONS, optAddress);
    }

    @Override
    public int capacityChanged() {
        return Libc.ioctl(fd, ScstUser.SCST_USER_DEVICE_CAPACITY_CHANGED, 0);
    }

    @Override
    public int preallocateBuffer(long preallocBufferAddress) {
        return Libc.ioctl(fd, ScstUser.SCST_USER_PREALLOC_BUFFER, preallocBufferAddress);
    }

    @Override
    public int flushCache() {
        return Libc.ioctl(fd, ScstUser.SCST_USER_FLUSH_CACHE, 0);
    }

    @Override
    public int wakeThreads() {
        return Libc.ioctl(fd, ScstUser.SCST_USER_UNREGISTER_DEVICE, 0);
    }

    /**
     * The kernel takes a device down in a thread of its own after its descriptor was closed. This waits for it: devices
     * taken down at the same time have locked hosts up.
     */
    @Override
    public void close() {
        Libc.close(fd);
        long deadline = System.nanoTime() + CLOSE_TIMEOUT_NANOS;
        while (Files.exists(sysfsFolder)) {
            if (System.nanoTime() - deadline > 0) {
                LOG.warn(
                        "{} is still there {} s after the device was closed; 'dmesg' may tell why",
                        sysfsFolder,
                        TimeUnit.NANOSECONDS.toSeconds(CLOSE_TIMEOUT_NANOS));
                return;
            }
            LockSupport.parkNanos(CLOSE_POLL_NANOS);
        }
    }
}
