package org.lunette.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.lunette.admin.AdminServer;
import org.lunette.admin.AdminSocket;
import org.lunette.bridge.memory.Region;
import org.lunette.command.CommandExecutor;
import org.lunette.config.DeviceSettings;
import org.lunette.config.ServeSettings;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.Filters;
import org.lunette.filter.ThreadTimer;
import org.lunette.metrics.Counters;
import org.lunette.ring.DedicatedRings;
import org.lunette.ring.OverflowExecutor;
import org.lunette.ring.RingFactory;
import org.lunette.ring.SharedRings;
import org.lunette.scsi.copy.CopyManager;
import org.lunette.scsi.unit.Identity;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.scsi.unit.Watchdog;
import org.lunette.store.ByteSize;
import org.lunette.store.KeptValues;
import org.lunette.store.Store;
import org.lunette.store.StoreException;
import org.lunette.store.Stores;

/**
 * Devices being served, by one front-end.
 *
 * <p>Started in the order stores, units, rings, front-end, and ended in the reverse one: no new command comes, those
 * under way end, and only then is what they use given back. {@link #close} may be called by any thread, and again.
 */
public final class Server implements AutoCloseable {
    /** How many commands a device that blocks executes at the same time: fewer where there are many such devices. */
    private static final int MAX_HANDLER_THREADS = 8;

    private static final int MIN_HANDLER_THREADS = 2;
    private static final int ALL_HANDLER_THREADS = 128;

    private final Resources resources;
    private final List<ServedDevice> devices;
    private final List<InetSocketAddress> portals;
    private final List<Filter> filters;

    private Server(
            Resources resources, List<ServedDevice> devices, List<InetSocketAddress> portals, List<Filter> filters) {
        this.resources = resources;
        this.devices = devices;
        this.portals = portals;
        this.filters = filters;
    }

    /**
     * Loads what registers shutdown hooks of its own: a start that a signal overtakes could not load it any more. To be
     * called before the caller's own hook is there.
     */
    public static void prepare() {
        try (Region any = Region.allocate("start", 1)) {
            any.asBytesStore();
        }
    }

    /**
     * Serves what the settings say.
     *
     * @throws StartException if it cannot be served; then nothing is left started
     */
    public static Server start(ServeSettings settings) throws StartException {
        return start(settings, Optional.empty());
    }

    /**
     * Serves what the settings say, and administrators.
     *
     * @param control where administrators ask; closed with the server, also if it is not started
     * @throws StartException if it cannot be served; then nothing is left started
     */
    public static Server start(ServeSettings settings, Optional<AdminSocket> control) throws StartException {
        Resources resources = new Resources();
        control.ifPresent(resources::add);
        boolean started = false;
        try {
            Server server = start(settings, control, resources);
            started = true;
            return server;
        } finally {
            if (!started) {
                resources.close();
            }
        }
    }

    private static Server start(ServeSettings settings, Optional<AdminSocket> control, Resources resources)
            throws StartException {
        Counters counters = new Counters();
        FrontEnd frontEnd = settings.scst() ? new ScstFrontEnd(settings.scstVersion()) : new IscsiFrontEnd(settings);
        DeviceIdentities identities = new DeviceIdentities(HostIdentity.get());
        CopyManager copyManager = resources.add(CopyManager.threaded());
        State state = resources.add(State.in(settings.state()));
        Watchdog watchdog = resources.add(Watchdog.start());
        List<Unit> units = new ArrayList<>();
        List<ServedDevice> devices = new ArrayList<>();
        for (DeviceSettings device : settings.devices()) {
            Store store = resources.add(open(device));
            boolean blocking = store.properties().blocking();
            UnaryOperator<CommandExecutor> handOver = blocking
                    ? handOver(device.name(), settings.devices().size(), frontEnd, resources, counters)
                    : UnaryOperator.identity();
            KeptValues kept = state.of(device.name(), resources);
            Identity identity = identities.of(device.name(), kept);
            LogicalUnit.Builder builder = LogicalUnit.builder(device.name(), store)
                    .blockBytes(device.unit().blockBytes())
                    .removable(device.unit().removable())
                    .maintenanceBytesPerS((long) device.unit().maintenanceMibPerS() << 20)
                    .commandTimeoutMs(device.unit().commandTimeoutS() * 1000L)
                    .identity(identity)
                    .copyManager(copyManager)
                    .keptValues(kept)
                    .handOver(handOver);
            LogicalUnit unit = resources.add(build(frontEnd.describe(builder), device));
            watchdog.watch(unit);
            FilterChain filters = resources.add(filters(unit, settings));
            units.add(new Unit(unit, identity, store, device.store(), blocking, filters.handler(), filters.filters()));
            devices.add(new ServedDevice(
                    devices.size(), device.name(), device.store(), ByteSize.format(unit.blocks() * unit.blockBytes())));
        }
        RingFactory rings = resources.add(new SharedRings(RingFactory.DEFAULT_DEPTH, counters));
        List<InetSocketAddress> portals = frontEnd.start(units, rings, counters, resources);
        List<Filter> filters =
                units.stream().flatMap(unit -> unit.filters().stream()).toList();
        resources.add(() -> filters.forEach(Filter::close)); // or the front-end would wait for what hangs there
        Capacities capacities = resources.add(new Capacities(units, frontEnd));
        capacities.start();
        if (control.isPresent()) {
            Verbs verbs = new Verbs(List.of(
                    new ShowVerb(settings, portals, units),
                    new ResizeVerb(units, capacities),
                    new PrShowVerb(units, settings.scst()),
                    new PrClearVerb(units, settings.scst()),
                    new AluaShowVerb(units),
                    new AluaSetVerb(units),
                    new FilterShowVerb(units),
                    new FilterSetVerb(units),
                    new FilterSwitchVerb(units, true),
                    new FilterSwitchVerb(units, false)));
            administer(control.get(), verbs, resources);
        }
        return new Server(resources, List.copyOf(devices), portals, filters);
    }

    /** Begun last and so ended first: no request meets what is being ended. */
    private static void administer(AdminSocket control, Verbs verbs, Resources resources) throws StartException {
        try {
            resources.add(AdminServer.start(control, verbs));
        } catch (IOException e) {
            throw new StartException(control.path() + ": " + e.getMessage(), e);
        }
    }

    /** Threads of a device's own, only where it blocks: a hand-over costs more than a RAM disk's work. */
    private static UnaryOperator<CommandExecutor> handOver(
            String name, int deviceCount, FrontEnd frontEnd, Resources resources, Counters counters) {
        int threads = Math.max(MIN_HANDLER_THREADS, Math.min(MAX_HANDLER_THREADS, ALL_HANDLER_THREADS / deviceCount));
        DedicatedRings rings = resources.add(new DedicatedRings(name, RingFactory.DEFAULT_DEPTH, threads, counters));
        int mayWait = frontEnd.threadsThatMayWait();
        return executor -> executor(executor, mayWait, rings);
    }

    /** What executes the commands of a unit that blocks: threads of a front-end as far as they may wait, and rings. */
    static CommandExecutor executor(CommandExecutor executor, int mayWait, DedicatedRings rings) {
        // Several threads for what overflows, too: one that a lost command holds must not hold up all others.
        return mayWait > 0
                ? new OverflowExecutor(executor, mayWait, () -> !ThreadTimer.isCurrentThread(), rings)
                : rings.open(executor)::submit;
    }

    private static Store open(DeviceSettings device) throws StartException {
        try {
            return Stores.open(device.store());
        } catch (StoreException e) {
            throw new StartException(device.name() + ": " + e.getMessage(), e);
        }
    }

    private static LogicalUnit build(LogicalUnit.Builder builder, DeviceSettings device) throws StartException {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new StartException(device.name() + ": " + e.getMessage(), e);
        }
    }

    private static FilterChain filters(LogicalUnit unit, ServeSettings settings) throws StartException {
        try {
            return FilterChain.around(unit, settings.filtersOf(unit.name()));
        } catch (FilterException e) {
            throw new StartException(unit.name() + ": " + e.getMessage(), e);
        }
    }

    /** What is served, in the order of LUNs. */
    public List<ServedDevice> devices() {
        return devices;
    }

    /** Where the portals listen, with the ports that the system chose; empty if SCST has the devices. */
    public List<InetSocketAddress> portals() {
        return portals;
    }

    /** The filters, each as a line that says what it is, with its seed. */
    public List<String> filters() {
        return filters.stream().map(Filter::toString).toList();
    }

    /** The kinds of filter that there are, a line of help each. */
    public static List<String> filterUsage() {
        return Filters.usage();
    }

    /** The kinds of store that can be served, a line of help each. */
    public static List<String> storeUsage() {
        return Stores.usage();
    }

    @Override
    public synchronized void close() {
        resources.close();
    }
}
