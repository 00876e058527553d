package org.lunette.app;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.lunette.bridge.scstuser.KernelScstUserDevices;
import org.lunette.bridge.scstuser.ScstUserDevices;
import org.lunette.bridge.scstuser.ScstUserException;
import org.lunette.frontend.scstuser.ScstUserFrontEnd;
import org.lunette.frontend.scstuser.ScstUserFrontEnds;
import org.lunette.frontend.scstuser.ScstUserSettings;
import org.lunette.metrics.Counters;
import org.lunette.ring.RingFactory;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;

/** Units as devices of SCST, each with threads of its own. */
final class ScstFrontEnd implements FrontEnd {
    private static final int DIRECT_ACCESS_BLOCK_DEVICE = 0x00;
    private static final int THREADS_THAT_BLOCK = 8;
    /**
     * SCST's core raises all of these for a device's sessions itself, CAPACITY DATA HAS CHANGED when it is told so. It
     * loads no medium, and of commands it looks at MODE SELECT and LOG SELECT alone.
     */
    private static final EnumSet<UnitAttention> RAISED_BY_CORE = EnumSet.complementOf(EnumSet.of(
            UnitAttention.MEDIUM_CHANGED, UnitAttention.TIMESTAMP_CHANGED, UnitAttention.IDENTIFIER_CHANGED));

    private final ScstUserDevices devices;
    private final Map<String, ScstUserFrontEnd> served = new ConcurrentHashMap<>();

    /** With the kernel's devices. */
    ScstFrontEnd(Optional<String> version) {
        this(new KernelScstUserDevices(version.orElse(null)));
    }

    ScstFrontEnd(ScstUserDevices devices) {
        this.devices = devices;
    }

    @Override
    public int threadsThatMayWait() {
        return THREADS_THAT_BLOCK - 1; // one is left for sessions and task management
    }

    @Override
    public LogicalUnit.Builder describe(LogicalUnit.Builder builder) {
        return builder.raisedByTransport(RAISED_BY_CORE)
                .targetPortGroups(false)
                .ownTaskSet(false)
                .ownReservations(false);
    }

    /** The core raises the unit attention, and not the unit. */
    @Override
    public void capacityChanged(String unit) {
        served.get(unit).capacityChanged();
    }

    @Override
    public List<InetSocketAddress> start(List<Unit> units, RingFactory rings, Counters counters, Resources resources)
            throws StartException {
        ScstUserFrontEnds frontEnds = resources.add(new ScstUserFrontEnds());
        for (Unit unit : units) {
            try {
                ScstUserFrontEnd frontEnd =
                        ScstUserFrontEnd.start(settings(unit), unit.unit(), rings, devices, counters);
                frontEnds.add(frontEnd);
                served.put(frontEnd.name(), frontEnd);
            } catch (ScstUserException e) {
                throw new StartException(unit.unit().name() + ": " + e.getMessage(), e);
            }
        }
        return List.of();
    }

    /**
     * Where a store blocks, a thread fetches one command at a time: of a batch, the last would wait for all the others.
     */
    private static ScstUserSettings settings(Unit unit) {
        ScstUserSettings settings = ScstUserSettings.of(
                unit.unit().name(), DIRECT_ACCESS_BLOCK_DEVICE, unit.unit().blockBytes());
        return unit.blocking() ? settings.withBatchCommands(1).withThreads(THREADS_THAT_BLOCK) : settings;
    }
}
