package org.lunette.bridge.scstuser;

/** Opens {@link ScstUserDevice}s: the kernel's, or a model's. */
@FunctionalInterface
public interface ScstUserDevices {
    /**
     * Opens a device and registers it.
     *
     * @throws ScstUserException if it cannot be opened or is refused; its message says why, what was tried and what to
     *     do
     */
    ScstUserDevice open(DeviceDescription description) throws ScstUserException;
}
