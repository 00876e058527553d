package org.lunette.app;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lunette.config.ListenAddress;
import org.lunette.config.ServeSettings;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.ByteSize;

/** Tells what is served, and to how many. */
final class ShowVerb implements Verb {
    private static final String NOT_A_TARGET = "";

    private final ServeSettings settings;
    private final List<InetSocketAddress> portals;
    private final List<Unit> units;

    /** The result. */
    record Shown(String frontEnd, String target, List<String> portals, List<Device> devices) {}

    /**
     * A device.
     *
     * @param naa its NAA designator, as {@code lsscsi} and {@code /dev/disk/by-id/wwn-0x} show it
     * @param sessions how many I_T nexuses it has
     */
    record Device(
            int lun,
            String name,
            String store,
            String size,
            long sizeBytes,
            int blockBytes,
            String uuid,
            String serial,
            String naa,
            int sessions) {}

    ShowVerb(ServeSettings settings, List<InetSocketAddress> portals, List<Unit> units) {
        this.settings = settings;
        this.portals = portals;
        this.units = units;
    }

    @Override
    public String name() {
        return "show";
    }

    @Override
    public Set<String> arguments() {
        return Set.of();
    }

    @Override
    public Object perform(Map<String, String> arguments) {
        List<Device> devices = new ArrayList<>();
        for (Unit unit : units) {
            devices.add(device(devices.size(), unit));
        }
        return new Shown(
                settings.scst() ? "scst_user" : "iscsi",
                settings.scst() ? NOT_A_TARGET : ServeSettings.TARGET_NAME,
                portals.stream().map(ShowVerb::written).toList(),
                devices);
    }

    private static String written(InetSocketAddress portal) {
        return new ListenAddress(portal.getAddress().getHostAddress(), portal.getPort()).toString();
    }

    private static Device device(int lun, Unit served) {
        LogicalUnit unit = served.unit();
        long sizeBytes = unit.blocks() * unit.blockBytes();
        return new Device(
                lun,
                unit.name(),
                served.specification(),
                ByteSize.format(sizeBytes),
                sizeBytes,
                unit.blockBytes(),
                served.identity().uuid().toString(),
                served.identity().serial(),
                String.format("%016x", served.identity().naa()),
                unit.nexusCount());
    }
}
