package org.lunette.app;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.lunette.config.ServeSettings;
import org.lunette.scsi.unit.Identity;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreStatus;

/**
 * Which unit each device is. Where something is kept, a UUID that is made once and kept with the device's other values:
 * the same whatever becomes of the host's name, the target's, and the order of devices. Else it follows from host and
 * names. For one thread.
 */
final class DeviceIdentities {
    private static final String KEPT_NAME = "identity";
    private static final int UUID_BYTES = 16;

    private final String host;
    private final Map<Identity, String> owners = new HashMap<>();

    DeviceIdentities(String host) {
        this.host = host;
    }

    /**
     * The identity of a device.
     *
     * @throws StartException if another device has the same, or it can be neither read nor kept
     */
    Identity of(String device, KeptValues kept) throws StartException {
        Identity identity = kept.keeps()
                ? new Identity(keptUuid(device, kept))
                : Identity.of(host + " " + ServeSettings.TARGET_NAME, device);
        String other = owners.putIfAbsent(identity, device);
        if (other != null) {
            throw new StartException("the devices '" + other + "' and '" + device + "' have one identity, "
                    + identity.uuid() + ", so initiators would take them for two paths to one disk. If the state of '"
                    + device + "' is a copy, remove " + kept.place(KEPT_NAME)
                    + ": it then gets an identity of its own");
        }
        return identity;
    }

    private static UUID keptUuid(String device, KeptValues kept) throws StartException {
        byte[] value = kept.load(KEPT_NAME);
        if (value == null) {
            return makeUuid(device, kept);
        }
        if (value.length != UUID_BYTES) {
            throw new StartException(device + ": " + kept.place(KEPT_NAME) + " is damaged: an identity has "
                    + UUID_BYTES + " bytes, not " + value.length
                    + ". Restore it, or remove it to make another: initiators will see a new disk");
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private static UUID makeUuid(String device, KeptValues kept) throws StartException {
        UUID uuid = UUID.randomUUID();
        byte[] value = ByteBuffer.allocate(UUID_BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        CompletableFuture<StoreStatus> saved = new CompletableFuture<>();
        kept.save(KEPT_NAME, value, (status, offset) -> saved.complete(status));
        if (saved.join() != StoreStatus.OK) {
            throw new StartException(device + ": its identity cannot be kept in " + kept.place(KEPT_NAME));
        }
        return uuid;
    }
}
