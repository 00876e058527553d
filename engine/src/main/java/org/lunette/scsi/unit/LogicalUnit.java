package org.lunette.scsi.unit;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.lunette.command.Command;
import org.lunette.command.CommandExecutor;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.QueueError;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Response;
import org.lunette.scsi.block.BlockDevice;
import org.lunette.scsi.block.Maintenance;
import org.lunette.scsi.block.Medium;
import org.lunette.scsi.block.SelfTests;
import org.lunette.scsi.block.SendDiagnostic;
import org.lunette.scsi.block.StartStopCycles;
import org.lunette.scsi.copy.CopyManager;
import org.lunette.scsi.copy.UnitCopies;
import org.lunette.scsi.copy.WatchedStore;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.LogPages;
import org.lunette.scsi.page.ModePage;
import org.lunette.scsi.page.ModePages;
import org.lunette.scsi.page.UnitIdentity;
import org.lunette.scsi.page.VpdPage;
import org.lunette.scsi.page.VpdPages;
import org.lunette.scsi.path.AccessState;
import org.lunette.scsi.path.TargetPortGroups;
import org.lunette.scsi.path.TargetPorts;
import org.lunette.scsi.primary.Buffers;
import org.lunette.scsi.primary.ControlPage;
import org.lunette.scsi.primary.IdentifyingInformation;
import org.lunette.scsi.primary.IdentityPages;
import org.lunette.scsi.primary.Inquiry;
import org.lunette.scsi.primary.LegacyReserve;
import org.lunette.scsi.primary.LogSelect;
import org.lunette.scsi.primary.LogSense;
import org.lunette.scsi.primary.ModeSelect;
import org.lunette.scsi.primary.ModeSense;
import org.lunette.scsi.primary.PersistentReserveIn;
import org.lunette.scsi.primary.PersistentReserveOut;
import org.lunette.scsi.primary.ReceiveDiagnostic;
import org.lunette.scsi.primary.ReportLuns;
import org.lunette.scsi.primary.ReportTargetPortGroups;
import org.lunette.scsi.primary.ReservationAdministration;
import org.lunette.scsi.primary.ReservationNotices;
import org.lunette.scsi.primary.SetTargetPortGroups;
import org.lunette.scsi.primary.StatisticsPages;
import org.lunette.scsi.primary.SupportedCommands;
import org.lunette.scsi.primary.TaskAborts;
import org.lunette.scsi.primary.Timestamp;
import org.lunette.scsi.primary.UnitState;
import org.lunette.scsi.readiness.Need;
import org.lunette.scsi.readiness.Readiness;
import org.lunette.scsi.reservation.Reservations;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.table.OpcodeTable;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.NexusState;
import org.lunette.scsi.task.NexusTable;
import org.lunette.scsi.task.Task;
import org.lunette.scsi.task.TaskSet;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.store.KeptValues;
import org.lunette.store.Store;
import org.lunette.store.StoreException;

/**
 * A logical unit: a direct access block device on a {@link Store}. Serves alone as a {@link CommandHandler}, whatever
 * LUN a command names, or behind the LUN map of a target.
 *
 * <p>Any thread may call anything. Commands run side by side, as fast as the store is, unless their task attributes
 * give them an order. Only where the standard wants a command to be atomic, such as COMPARE AND WRITE, those that
 * overlap it wait.
 */
public final class LogicalUnit implements CommandHandler, AutoCloseable {
    /**
     * How many commands the task set holds, unless the builder is told otherwise; more end with TASK SET FULL or BUSY.
     */
    public static final int DEFAULT_MAX_TASKS = 1024;
    /**
     * The most that one command transfers, unless the builder is told otherwise; in VPD page B0h as MAXIMUM TRANSFER
     * LENGTH.
     */
    public static final int DEFAULT_MAX_TRANSFER_BYTES = 8 * 1024 * 1024;
    /** For how long a command may wait for its store, unless the builder is told otherwise. */
    public static final long DEFAULT_COMMAND_TIMEOUT_MS = 20_000;

    private final String name;
    private final UnitIdentity identity;
    private final Medium medium;
    private final BlockDevice device;
    private final Maintenance maintenance;
    private final Readiness readiness = new Readiness();
    private final ControlPage control;
    private final KeptValues kept;
    private final Clock clock;
    private final boolean reportsPortGroups;
    private final boolean explicitAccessStates;
    private final TargetPorts ports;
    private final TargetPortGroups portGroups;
    private final boolean normalAca;
    private final SelfTests selfTests;
    private final StartStopCycles cycles;
    private final ModePages modePages;
    private final VpdPages vpdPages;
    private final LogPages logPages;
    private final NexusTable nexuses;
    private final TaskSet tasks;
    private final TaskAborts aborts;
    private final TaskQueries queries;
    private final Reservations reservations;
    private final ReservationNotices reservationNotices;
    private final OpcodeTable table;
    private final CommandGate gate;
    private final StoreProbe probe;
    private final StoreWatch watch;
    private final CommandExecutor executor;
    private final Resizing resizing;
    private final CopyManager ownCopyManager;
    private final UnitCopies copies;

    private LogicalUnit(Builder b) {
        this.name = b.name;
        this.identity = b.unitIdentity();
        WatchedStore store = WatchedStore.of(b.store);
        this.medium = new Medium(store, b.blockBytes, b.maxTransferBytes, b.readOnly);
        this.device = new BlockDevice(medium);
        this.kept = b.kept;
        this.clock = b.clock;
        this.reportsPortGroups = b.targetPortGroups;
        this.explicitAccessStates = b.explicitAccessStates;
        this.ports = b.targetPorts;
        this.selfTests = new SelfTests(medium, b.clock, b.background);
        this.nexuses = new NexusTable(b.raisedByTransport);
        this.tasks = new TaskSet(b.maxTasks, this::goOn, this::failed, this::findRange);
        this.control = new ControlPage(b.ownTaskSet ? tasks : null);
        this.normalAca = b.ownTaskSet;
        UnitOnPaths onPaths = new UnitOnPaths(tasks, nexuses);
        this.portGroups = new TargetPortGroups(ports, b.accessStates, onPaths);
        this.reservations = new Reservations(b.ownReservations ? b.kept : KeptValues.NONE);
        this.reservationNotices = new ReservationNotices(nexuses);
        this.aborts = new TaskAborts(control, tasks, nexuses);
        this.queries = new TaskQueries(tasks, nexuses);
        this.cycles = new StartStopCycles(b.kept, b.clock);
        this.maintenance = new Maintenance(
                name,
                medium,
                b.removable,
                b.maintenanceBytesPerS,
                readiness,
                b.kept,
                nexuses,
                tasks,
                selfTests,
                cycles);
        List<ModePage> pages = new ArrayList<>(device.modePages());
        pages.addAll(control.pages());
        this.modePages = new ModePages(pages, b.kept);
        this.ownCopyManager = b.copyManager == null ? CopyManager.inline() : null;
        UnitAsCopyDevice asCopyDevice = new UnitAsCopyDevice(
                name, IdentityPages.designators(identity), medium, store.watch(), this::executeForCopyManager);
        this.copies = new UnitCopies(
                ownCopyManager == null ? b.copyManager : ownCopyManager,
                asCopyDevice,
                (except, then) -> tasks.whenEnded(this::writes, except, then));
        this.vpdPages = new VpdPages(vpd());
        this.logPages = new LogPages(logs());
        this.table = OpcodeTable.of(sources(), normalAca);
        onPaths.setTable(table);
        Executor overdue = work -> onThread(work, "overdue-" + name);
        this.probe = new StoreProbe(medium, tasks, overdue);
        this.watch = new StoreWatch(name, tasks, table, b.commandTimeoutMs, b.clock, overdue, probe);
        this.gate = new CommandGate(table, medium, control, reservations, readiness, watch, portGroups);
        this.executor = b.handOver.apply(this::run);
        this.resizing = new Resizing(medium, tasks, nexuses, readiness, selfTests);
    }

    private List<VpdPage> vpd() {
        List<VpdPage> vpd =
                new ArrayList<>(new IdentityPages(identity, medium.properties().volatileCache(), ports).pages());
        vpd.addAll(copies.vpdPages());
        vpd.addAll(device.vpdPages());
        return vpd;
    }

    private List<LogPage> logs() {
        List<LogPage> logs =
                new ArrayList<>(new StatisticsPages(tasks.statistics(), new MediumOfUnit(medium, control)).pages());
        logs.add(cycles.page());
        logs.add(selfTests.page());
        logs.addAll(device.logPages());
        return logs;
    }

    private List<OpcodeTable.Source> sources() {
        MediumOfUnit description = new MediumOfUnit(medium, control);
        List<OpcodeTable.Source> sources = new ArrayList<>(List.of(
                new UnitState(readiness, portGroups),
                new Inquiry(identity, vpdPages, reportsPortGroups, setsPortGroups(), normalAca),
                new ReportLuns(),
                new ModeSense(modePages, description),
                new ModeSelect(modePages, description, nexuses, this::settle),
                new Buffers(),
                new ReceiveDiagnostic(),
                new IdentifyingInformation(kept, nexuses),
                new Timestamp(clock, nexuses),
                new ReportTargetPortGroups(portGroups),
                new LogSense(logPages),
                new LogSelect(logPages, nexuses),
                new SupportedCommands(this::opcodes, normalAca),
                new PersistentReserveIn(reservations),
                new PersistentReserveOut(reservations, nexuses, ports, reservationNotices, aborts),
                new LegacyReserve(reservations)));
        sources.addAll(copies.commands());
        sources.addAll(device.commands());
        sources.add(new SendDiagnostic(selfTests));
        sources.addAll(maintenance.commands());
        if (setsPortGroups()) {
            sources.add(new SetTargetPortGroups(portGroups));
        }
        return sources;
    }

    /** Whether initiators may change access states: there is something to change, and nobody else who does it. */
    private boolean setsPortGroups() {
        return reportsPortGroups && explicitAccessStates && !ports.all().isEmpty();
    }

    private void settle(Task task) {
        device.settle(task, control.softwareWriteProtect());
    }

    /**
     * Starts to describe a unit.
     *
     * @param name what the unit is called in messages
     * @param store its blocks; whoever opened it closes it, after the unit
     */
    public static Builder builder(String name, Store store) {
        return new Builder(name, store);
    }

    /** What the unit is called in messages. */
    public String name() {
        return name;
    }

    /** How it names itself to initiators. */
    public UnitIdentity identity() {
        return identity;
    }

    /** The commands that it knows. */
    public OpcodeTable opcodes() {
        return table;
    }

    /** The VPD pages that it has. */
    public VpdPages vpdPages() {
        return vpdPages;
    }

    /** The mode pages that it has. */
    public ModePages modePages() {
        return modePages;
    }

    /** The log pages that it has. */
    public LogPages logPages() {
        return logPages;
    }

    /** The length of a logical block, in bytes. */
    public int blockBytes() {
        return medium.blockBytes();
    }

    /** The capacity, in logical blocks. */
    public long blocks() {
        return medium.blocks();
    }

    /** How many commands are in the task set; a moment's view. */
    public int taskCount() {
        return tasks.size();
    }

    /** What an administrator sees of the reservations, and may do to them. */
    public ReservationAdministration reservations() {
        return new ReservationAdministration(reservations, reservationNotices);
    }

    /** How the store answers; always healthy for a unit that no {@link Watchdog} watches. */
    public StoreHealth storeHealth() {
        return watch.health();
    }

    /** Ends what is over its deadline; by one thread, again and again, with a time that never goes back. */
    void watched(long nowMs) {
        watch.step(nowMs);
    }

    /** How many I_T nexuses it has; a moment's view. */
    public int nexusCount() {
        return nexuses.count();
    }

    /** The target port groups by which it is reached, and their states. */
    public TargetPortGroups portGroups() {
        return portGroups;
    }

    @Override
    public void execute(Command command) {
        Task task = Task.of(command);
        if (task.begin(tasks, nexuses, control.descriptorSense())) {
            if (watch.isSick() && !waitsForStore(command)) {
                run(command); // the unit's own threads may all be waiting
            } else {
                executor.execute(command);
            }
        }
    }

    private boolean waitsForStore(Command command) {
        Opcode opcode = table.find(command);
        if (opcode == null) {
            return false;
        }
        return watch.isStuck() ? opcode.need() == Need.UNIT : opcode.need() != Need.NOTHING;
    }

    private void executeForCopyManager(Command command) {
        Task task = Task.of(command);
        if (task.beginAs(NexusState.ofCopyManager(command.nexus()), tasks, control.descriptorSense())) {
            executor.execute(command);
        }
    }

    private boolean writes(Command command) {
        Opcode opcode = table.find(command);
        boolean writes = opcode != null && opcode.writes() && !UnitCopies.isCopy(command);
        return writes && opcode.need() == Need.MEDIUM; // others, which format or sanitize, wait for all commands
    }

    /** Says where a command works that is to keep its place among those that overlap, and whether it changes blocks. */
    private boolean findRange(Task task) {
        Opcode opcode = table.find(task.command());
        if (opcode == null) {
            task.setRange(0, 0);
            return false;
        }
        long lba = opcode.isRanged() ? opcode.lba(task.command()) : 0;
        long blocks = opcode.isRanged() ? opcode.blocks(task.command()) : opcode.writes() ? medium.blocks() : 0;
        if (!medium.contains(lba, blocks)) {
            task.setRange(0, 0); // it will be refused
        } else {
            task.setRange(lba, blocks == 0 && opcode.isToTheEnd() ? medium.blocksFrom(lba) : blocks);
        }
        return opcode.writes();
    }

    /** Takes a command whose task has waited. */
    private void goOn(Command command) {
        executor.execute(command);
    }

    /** Executes a command that is in the task set. */
    private void run(Command command) {
        Task task = Task.of(command);
        if (task.goesOn()) {
            return;
        }
        Opcode opcode = gate.admit(task);
        if (opcode == null) {
            return;
        }
        task.setOperation(opcode.operation());
        boolean exclusive = opcode.isExclusive();
        if (!opcode.isRanged() || !exclusive && task.hold(task.lba(), task.blocks())) {
            opcode.handler().execute(task);
        } else {
            task.whenFree(task.lba(), task.blocks(), exclusive, opcode.handler()::execute);
        }
    }

    /** Makes a unit attention condition pending for every nexus in a scope; each is told once. */
    public void raise(UnitAttention attention, NexusScope scope) {
        nexuses.raise(attention, scope);
    }

    /** A nexus has learned the LUNs by REPORT LUNS: REPORTED LUNS DATA HAS CHANGED is no news to it; SAM-5, 5.14. */
    public void lunsReported(Nexus nexus) {
        nexuses.clear(UnitAttention.REPORTED_LUNS_CHANGED, nexus);
    }

    /** Whether sense data of this unit is in descriptor format: D_SENSE of the Control mode page. */
    public boolean descriptorSense() {
        return control.descriptorSense();
    }

    /**
     * Looks at the store's size again, and raises CAPACITY DATA HAS CHANGED for every nexus if it has changed. Commands
     * under way to blocks that are no more there end as the store ends them. Returns whether it has changed.
     */
    public boolean capacityChanged() {
        return resizing.sizeChanged();
    }

    /**
     * Gives the unit's store another size, and raises CAPACITY DATA HAS CHANGED for every nexus. A unit that is to lose
     * blocks takes no more commands to them, and waits for all that are under way.
     *
     * @param toBytes a multiple of the logical block
     * @throws StoreException if the store cannot have that size, or commands do not end; then it has the size that it
     *     had
     */
    public void resize(long toBytes) throws StoreException {
        resizing.resize(toBytes);
    }

    /** Performs a function for this unit; the functions for a whole target concern the unit like LOGICAL UNIT RESET. */
    @Override
    public void manage(TaskManagement request) {
        Runnable complete = () -> request.respond(Response.FUNCTION_COMPLETE);
        Nexus from = request.nexus();
        switch (request.function()) {
            case ABORT_TASK -> complete.run(); // the front-end, which knows the tag, has marked it
            case ABORT_TASK_SET -> aborts.clear(NexusScope.only(from), from, null, () -> {}, complete);
            case CLEAR_TASK_SET -> aborts.clearSet(from, complete);
            case CLEAR_ACA -> {
                if (normalAca) {
                    tasks.order().clearAca(NexusScope.only(from));
                    complete.run();
                } else {
                    request.respond(Response.FUNCTION_REJECTED);
                }
            }
            case LOGICAL_UNIT_RESET, TARGET_WARM_RESET -> reset(from, UnitAttention.RESET, complete);
            case TARGET_COLD_RESET -> reset(from, UnitAttention.POWER_ON_OR_RESET, complete);
            case I_T_NEXUS_RESET -> resetNexus(from, complete);
            case QUERY_TASK_SET -> queries.taskSet(request);
            case QUERY_ASYNCHRONOUS_EVENT -> queries.asynchronousEvent(request);
            default -> request.respond(Response.FUNCTION_REJECTED);
        }
        watch.limit(request);
    }

    /** What the loss of a nexus does, though it goes on; SAM-5, 6.3.4 and 7.6. */
    private void resetNexus(Nexus nexus, Runnable complete) {
        NexusScope scope = NexusScope.only(nexus);
        aborts.resetNexus(
                nexus,
                () -> {
                    reservations.releaseLegacy(nexus);
                    copies.nexusLost(nexus);
                    nexuses.allowRemoval(scope);
                    tasks.order().clearAca(scope);
                    nexuses.raise(UnitAttention.NEXUS_LOSS, scope);
                },
                complete);
    }

    /** A logical unit reset; SAM-5, 6.3.3. {@code complete} is run when every task has ended. */
    private void reset(Nexus by, UnitAttention attention, Runnable complete) {
        aborts.reset(
                by,
                () -> {
                    reservations.clearLegacy();
                    modePages.reset();
                    copies.reset();
                    selfTests.reset();
                    nexuses.allowRemoval(NexusScope.ALL);
                    tasks.order().clearAca(NexusScope.ALL);
                    nexuses.raise(attention, NexusScope.ALL);
                },
                complete);
    }

    private void failed(Task task) {
        aborts.afterError(task);
    }

    @Override
    public boolean abortsWithStatus(TaskManagement.Function function, Nexus nexus, int lun) {
        return aborts.abortsWithStatus(function, nexus);
    }

    @Override
    public void commandsAborted(int lun) {
        if (!tasks.order().isPlain()) {
            tasks.order().serve();
        }
    }

    @Override
    public boolean hasTaskSetPerNexus(int lun) {
        return control.taskSetPerNexus();
    }

    @Override
    public QueueError queueError(int lun) {
        return control.queueError();
    }

    @Override
    public void nexusEstablished(Nexus nexus) {
        nexuses.establish(nexus);
    }

    @Override
    public void nexusLost(Nexus nexus) {
        nexuses.lose(nexus);
        reservations.releaseLegacy(nexus);
        copies.nexusLost(nexus);
        tasks.order().clearAca(NexusScope.only(nexus));
    }

    /**
     * Ends what is copied from the unit and to it, and a format or sanitize operation that is under way, and frees the
     * unit's memory. No command is under way. The store stays open.
     *
     * @throws IllegalStateException if the store still has commands: then what it uses must not be given back
     */
    @Override
    public void close() {
        copies.close();
        if (ownCopyManager != null) {
            ownCopyManager.close();
        }
        selfTests.close();
        maintenance.close();
        probe.close();
        int left = tasks.size();
        if (left > 0) {
            throw new IllegalStateException(name + ": the store still has " + left + " commands");
        }
        device.close();
    }

    private static void onThread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String toString() {
        return "logical unit " + name;
    }

    /** Describes a {@link LogicalUnit}. */
    public static final class Builder {
        private static final int SAM_5 = 0x00a0;
        private static final int SPC_4 = 0x0460;
        private static final int SBC_3 = 0x04c0;

        private final String name;
        private final Store store;
        private int blockBytes = Medium.MIN_BLOCK_BYTES;
        private int maxTransferBytes = DEFAULT_MAX_TRANSFER_BYTES;
        private int maxTasks = DEFAULT_MAX_TASKS;
        private long commandTimeoutMs = DEFAULT_COMMAND_TIMEOUT_MS;
        private boolean readOnly;
        private boolean removable;
        private long maintenanceBytesPerS;
        private Identity identity;
        private String vendor = "LUNETTE";
        private String product = "DISK";
        private String revision = "0.1";
        private int transportVersion;
        private Set<UnitAttention> raisedByTransport = EnumSet.noneOf(UnitAttention.class);

        private KeptValues kept = KeptValues.NONE;
        private Clock clock = Clock.systemUTC();
        private Executor background = work -> onThread(work, "self-test");
        private boolean targetPortGroups = true;
        private boolean explicitAccessStates = true;
        private TargetPorts targetPorts = new TargetPorts();
        private Map<Integer, AccessState> accessStates = Map.of();
        private boolean ownTaskSet = true;
        private boolean ownReservations = true;
        private UnaryOperator<CommandExecutor> handOver = UnaryOperator.identity();
        private CopyManager copyManager;

        private Builder(String name, Store store) {
            this.name = Objects.requireNonNull(name);
            this.store = Objects.requireNonNull(store);
            this.identity = Identity.of("", name);
        }

        /** The length of a logical block: a power of two from 512; 512 if not said. */
        public Builder blockBytes(int bytes) {
            blockBytes = bytes;
            return this;
        }

        /** Which unit this is; follows from the name alone if not said. */
        public Builder identity(Identity unitIdentity) {
            identity = Objects.requireNonNull(unitIdentity);
            return this;
        }

        /**
         * Vendor (up to 8), product (up to 16) and revision (up to 4 printable ASCII characters), as INQUIRY reports
         * them.
         */
        public Builder inquiry(String vendorId, String productId, String productRevision) {
            vendor = checked(vendorId, 8);
            product = checked(productId, 16);
            revision = checked(productRevision, 4);
            return this;
        }

        private static String checked(String text, int most) {
            if (text.isEmpty() || text.length() > most || !text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not 1 to " + most + " printable ASCII characters");
            }
            return text;
        }

        /** Whether writes are refused even if the store takes them. */
        public Builder readOnly(boolean refused) {
            readOnly = refused;
            return this;
        }

        /** Whether the medium can be ejected: RMB of the standard INQUIRY data. */
        public Builder removable(boolean canBeEjected) {
            removable = canBeEjected;
            return this;
        }

        /** How fast formatting and sanitizing write at most, in bytes per second; 0, for no limit, if not said. */
        public Builder maintenanceBytesPerS(long bytesPerS) {
            maintenanceBytesPerS = bytesPerS;
            return this;
        }

        /** The most that one command transfers, in bytes; {@link #DEFAULT_MAX_TRANSFER_BYTES} if not said. */
        public Builder maxTransferBytes(int bytes) {
            maxTransferBytes = bytes;
            return this;
        }

        /** How many commands the task set holds: a power of two; {@link #DEFAULT_MAX_TASKS} if not said. */
        public Builder maxTasks(int tasks) {
            maxTasks = tasks;
            return this;
        }

        /**
         * For how long a command may wait for its store where a {@link Watchdog} watches, in milliseconds; 0 for ever;
         * {@link #DEFAULT_COMMAND_TIMEOUT_MS} if not said. Commands that the table has take long have the table's time,
         * if that is longer.
         */
        public Builder commandTimeoutMs(long ms) {
            commandTimeoutMs = ms;
            return this;
        }

        /** The version descriptor of the transport, such as 0960h for iSCSI; SPC-5, table 154. None if not said. */
        public Builder transportVersion(int descriptor) {
            transportVersion = descriptor;
            return this;
        }

        /**
         * Unit attention conditions that the transport raises itself, so that an initiator is not told twice; none if
         * not said.
         */
        public Builder raisedByTransport(Set<UnitAttention> attentions) {
            raisedByTransport = attentions;
            return this;
        }

        /**
         * How commands come to be executed once they are in the task set: given the unit's own executor, returns the
         * one that the unit calls. For a store that blocks it hands them to threads that may wait. If not said, they
         * are executed on the thread that brings them.
         */
        public Builder handOver(UnaryOperator<CommandExecutor> toExecutor) {
            handOver = toExecutor;
            return this;
        }

        /**
         * Where the unit finds others to copy from and to, and is found by them until it is closed; if not said, it
         * copies within itself only.
         */
        public Builder copyManager(CopyManager manager) {
            copyManager = Objects.requireNonNull(manager);
            return this;
        }

        /** What the unit keeps over a restart; nothing if not said. Whoever opened it closes it, after the unit. */
        public Builder keptValues(KeptValues values) {
            kept = Objects.requireNonNull(values);
            return this;
        }

        /** What REPORT TIMESTAMP and the times in log pages follow; the system's clock if not said. */
        public Builder clock(Clock source) {
            clock = Objects.requireNonNull(source);
            return this;
        }

        /** Runs self-tests, which take their time; a thread for each, of which a unit has one at most, if not said. */
        public Builder background(Executor executor) {
            background = Objects.requireNonNull(executor);
            return this;
        }

        /**
         * The target ports by which the unit is reached, with their groups; if not said, each nexus sees just the port
         * by which it comes.
         */
        public Builder targetPorts(TargetPorts ports) {
            targetPorts = Objects.requireNonNull(ports);
            return this;
        }

        /** The access states of target port groups at first; a group that is not among them is active/optimized. */
        public Builder accessStates(Map<Integer, AccessState> byGroup) {
            accessStates = Map.copyOf(byGroup);
            return this;
        }

        /** Whether initiators may change access states by SET TARGET PORT GROUPS; they may if not said. */
        public Builder explicitAccessStates(boolean allowed) {
            explicitAccessStates = allowed;
            return this;
        }

        /** Whether the transport leaves it to the unit to report target port groups; it does if not said. */
        public Builder targetPortGroups(boolean reported) {
            targetPortGroups = reported;
            return this;
        }

        /**
         * Whether the unit orders commands by their task attributes, has ACA conditions, decides what a CHECK CONDITION
         * aborts, and what becomes of aborted commands; it does if not said. Else the transport does.
         */
        public Builder ownTaskSet(boolean decides) {
            ownTaskSet = decides;
            return this;
        }

        /** Whether the unit does reservations, and keeps them; it does if not said. Else the transport does. */
        public Builder ownReservations(boolean does) {
            ownReservations = does;
            return this;
        }

        private UnitIdentity unitIdentity() {
            List<Integer> versions = new ArrayList<>(List.of(SAM_5, SPC_4, SBC_3));
            if (transportVersion != 0) {
                versions.add(1, transportVersion);
            }
            return new UnitIdentity(
                    vendor, product, revision, identity.serial(), identity.naa(), removable, List.copyOf(versions));
        }

        /**
         * Makes the unit.
         *
         * @throws IllegalArgumentException if a value is out of range; the message says which, and what would be right
         */
        public LogicalUnit build() {
            LogicalUnit unit = new LogicalUnit(this);
            unit.copies.open();
            return unit;
        }
    }
}
