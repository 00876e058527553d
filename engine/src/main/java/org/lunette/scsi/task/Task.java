package org.lunette.scsi.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.Completion;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.task.CommandStatistics.Quantity;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/**
 * A command in a logical unit's hands; SAM-5. Made once for each {@link Command} and used again with it.
 *
 * <p>Belongs to whoever works on the command. It is not touched any more after a method that ends the command: the
 * front-end may have started its next use.
 */
public final class Task implements StoreCompletion, Completion {
    private static final VarHandle STATE;
    private static final VarHandle HOLDING;
    private static final VarHandle SINCE;
    private static final VarHandle OVERDUE;
    private static final VarHandle DORMANT;
    private static final int ENDED = 0;
    private static final int ACTIVE = 1;
    /** Active, and a thread that aborts tasks is looking at it. */
    private static final int LOOKED_AT = 2;

    private static final int SENSE_BYTES = 64;
    /**
     * Every so many uses of a task one is timed, a power of two: to look at the clock each time would cost too much.
     */
    private static final int TIMED_USES = 64;

    private record Link(Drain drain, Link next) {}

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Task.class, "state", int.class);
            HOLDING = MethodHandles.lookup().findVarHandle(Task.class, "holding", boolean.class);
            SINCE = MethodHandles.lookup().findVarHandle(Task.class, "sinceMs", long.class);
            OVERDUE = MethodHandles.lookup().findVarHandle(Task.class, "overdue", boolean.class);
            DORMANT = MethodHandles.lookup().findVarHandle(Task.class, "dormant", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Command command;
    private final byte[] sense = new byte[SENSE_BYTES];

    private TaskSet set;
    private int slot = -1;
    private boolean inSet;
    private NexusState nexus;
    private boolean descriptorSense;
    private long lba;
    private long blocks;
    private long heldFirst;
    private long heldEnd;
    private volatile boolean holding;
    private ExclusiveRanges.Place place;
    /** In the set, and not begun; SAM-5, 8.5. */
    private volatile boolean dormant;

    private TaskOrder.Place turn;
    private Consumer<Task> next;
    private int filledBytes;
    private UnitAttention taken;
    private StoreStep step;
    private Link drains;
    private Operation operation;
    private long uses;
    private long startedNs;
    private boolean timed;
    /** When it began, or was last seen to go on, by the task set's clock. */
    @SuppressWarnings("unused") // by SINCE
    private long sinceMs;

    /** Over its deadline, which its front-end was told of. */
    private volatile boolean overdue;
    /** Has aborted others and waits for their end; guarded by the task set. */
    private boolean waiting;

    @SuppressWarnings("unused") // by STATE
    private int state;

    private Task(Command command) {
        this.command = command;
    }

    /** The task that belongs to a command. */
    public static Task of(Command command) {
        if (command.unitState() instanceof Task task) {
            return task;
        }
        Task task = new Task(command);
        command.setUnitState(task);
        return task;
    }

    /**
     * Starts a use of the task: it watches for the command's completion and enters the task set. If that is full, the
     * command has ended with TASK SET FULL, or BUSY if the nexus has no other command in the set (SAM-5, 5.3.1), and
     * false is returned; so it is if the task has to wait for its turn (see {@link TaskOrder}), or has none.
     *
     * @param descriptorSense whether sense data is to be in descriptor format
     * @throws IllegalStateException if the command's nexus is not established
     */
    public boolean begin(TaskSet set, NexusTable nexuses, boolean descriptorSense) {
        if (nexus == null || !nexus.isCurrentFor(command.nexus(), nexuses)) {
            nexus = nexuses.of(command.nexus());
        }
        return begin(set, descriptorSense) && set.order().mayBegin(this);
    }

    /**
     * As {@link #begin}, for a command of the copy manager: a part of a task that has begun, so that it never waits.
     */
    public boolean beginAs(NexusState copyManager, TaskSet set, boolean descriptorSense) {
        nexus = copyManager;
        return begin(set, descriptorSense);
    }

    private boolean begin(TaskSet set, boolean descriptorSense) {
        if (this.set != set) {
            this.set = set;
            this.slot = -1;
        }
        this.descriptorSense = descriptorSense;
        command.setDescriptorSense(descriptorSense);
        this.drains = null;
        this.place = null;
        this.next = null;
        this.turn = null;
        HOLDING.set(this, false); // seen by the time that the state is
        OVERDUE.set(this, false);
        SINCE.setOpaque(this, set.clockMs());
        DORMANT.set(this, false);
        this.filledBytes = 0;
        this.taken = null;
        this.operation = null;
        this.timed = (uses++ & TIMED_USES - 1) == 0;
        if (timed) {
            startedNs = System.nanoTime();
        }
        this.waiting = false;
        STATE.setRelease(this, ACTIVE);
        command.addCompletion(this);
        int taken = set.enter(this, slot);
        if (taken < 0) {
            inSet = false;
            end(set.hasTaskOf(nexus) ? ScsiStatus.TASK_SET_FULL : ScsiStatus.BUSY);
            return false;
        }
        slot = taken;
        inSet = true;
        return true;
    }

    public Command command() {
        return command;
    }

    public NexusState nexus() {
        return nexus;
    }

    /** The first logical block that the command names, once the range was checked. */
    public long lba() {
        return lba;
    }

    /** How many logical blocks the command names, once the range was checked. */
    public long blocks() {
        return blocks;
    }

    public void setRange(long lba, long blocks) {
        this.lba = lba;
        this.blocks = blocks;
    }

    /** Says what the command does, for the statistics; null, as at first, if that is none of these. */
    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    // ---- its turn in the task set ----

    /** It stands in line, before anybody can let it begin. */
    void waitsAt(TaskOrder.Place place) {
        turn = place;
        dormant = true;
    }

    /** It is its turn; {@code place} is what it gives back when it has ended, or null. */
    void begins(TaskOrder.Place place) {
        turn = place;
        progressed(); // its deadline is for its work, not for the time that it has waited
        dormant = false; // before it looks at anything: whoever does not wait for it has changed that already
    }

    /**
     * Whether the task, in that set, has begun and not ended, and is an initiator's own; not if it is over its
     * deadline.
     */
    boolean hasBegun(TaskSet in) {
        boolean active = (int) STATE.getVolatile(this) != ENDED;
        return active && !dormant && !overdue && set == in && !nexus.isOfCopyManager();
    }

    // ---- the part of the medium that it works on ----

    /**
     * Says that the task works on {@code count} blocks from {@code from} until it ends, beside others that do. Returns
     * false if they belong to a task that is exclusive: then {@link #whenFree} is to be called.
     */
    public boolean hold(long from, long count) {
        publishRange(from, from + count);
        if (!set.ranges().overlap(from, from + count)) {
            return true;
        }
        holding = false;
        return false;
    }

    /**
     * Has the task go on, now or later, where the unit executes its commands, when no exclusive task works on the
     * range; if the task is itself {@code exclusive}, when no task at all does, and until it ends nobody else begins
     * to. If it is aborted while it waits, it ends instead. A task that has called {@link #hold} with success does not
     * call this.
     */
    public void whenFree(long from, long count, boolean exclusive, Consumer<Task> next) {
        ExclusiveRanges.Place mine = new ExclusiveRanges.Place(this, from, from + count, exclusive);
        this.place = exclusive ? mine : null;
        this.next = next;
        set.ranges().enter(mine);
    }

    /**
     * Has the task go on where the unit executes its commands, unless it is aborted: for a thread that did other work
     * for it and must not wait for its store.
     */
    public void handBack(Consumer<Task> next) {
        this.next = next;
        set.executor().execute(command);
    }

    /** Goes on after {@link #whenFree} or {@link #handBack}; returns false for a task that has only begun. */
    public boolean goesOn() {
        Consumer<Task> now = next;
        if (now == null) {
            return false;
        }
        next = null;
        if (!endedByAbort()) {
            now.accept(this);
        }
        return true;
    }

    void publishRange(long first, long end) {
        heldFirst = first;
        heldEnd = end;
        holding = true; // the one fence: whoever is exclusive sees this, or is seen
    }

    /**
     * Whether the task, in that set, works on a part of a range. May say yes of one that is just about to end or to
     * change: whoever waits for it asks again then.
     */
    boolean holdsRange(TaskSet in, long first, long end) {
        boolean active = (int) STATE.getVolatile(this) != ENDED;
        return active && holding && set == in && heldFirst < end && first < heldEnd;
    }

    /** Whether sense data is to be in descriptor format. */
    public boolean descriptorSense() {
        return descriptorSense;
    }

    // ---- unit attention ----

    /**
     * Takes the nexus's pending condition of the highest precedence among those in {@code mask}, for this command to
     * report; null if there is none. If the command is aborted, nobody is told, and the condition is pending again.
     */
    public UnitAttention takeAttention(int mask) {
        taken = nexus.attentions().take(mask);
        return taken;
    }

    // ---- the store ----

    /**
     * Names what is done when the store operation that comes next has ended; returns this, to be given to the store.
     */
    public StoreCompletion then(StoreStep step) {
        this.step = step;
        return this;
    }

    @Override
    public void ended(StoreStatus status, long errorOffsetBytes) {
        int use = command.use();
        try {
            step.ended(this, status, errorOffsetBytes);
        } catch (RuntimeException | Error e) {
            // The store refused the next step. Where this is its own thread, nobody else would end the command.
            command.failUse(use, SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            throw e;
        }
    }

    // ---- the data-in buffer ----

    /** Says how many bytes from its start the data-in buffer was filled with: no more leave it, see {@link #leave}. */
    public void filled(int lengthBytes) {
        filledBytes = lengthBytes;
    }

    /** A front-end's buffer is used again and again: what this command did not write there is another initiator's. */
    private void keepToWhatWasFilled() {
        if (command.direction() == DataDirection.IN && command.transferredBytes() > filledBytes) {
            command.setTransferBytes(filledBytes);
        }
    }

    // ---- its deadline ----

    /** Work of several steps has done one: its deadline is counted from here. */
    public void progressed() {
        SINCE.setOpaque(this, set.clockMs());
    }

    /** For how long nothing was seen of it. */
    long silentMs(long nowMs) {
        return nowMs - (long) SINCE.getOpaque(this);
    }

    boolean isOverdue() {
        return overdue;
    }

    /** Whether a task that waits for its turn is to wait no more, and to end. */
    boolean isToEnd() {
        return overdue || command.isAborted();
    }

    /** Ends a task that is over its deadline before it has begun, and returns true; returns false for others. */
    boolean endedBeforeItBegan() {
        if (!overdue) {
            return false;
        }
        fail(SenseKey.ABORTED_COMMAND, AdditionalSense.COMMAND_TIMEOUT_BEFORE_PROCESSING);
        return true;
    }

    /**
     * Marks the task as over its deadline, if it is one of {@code in} and has just come to be that. Returns true if it
     * ended meanwhile: whoever called this then calls {@link #leave}.
     */
    boolean expire(TaskSet in, Expiry expiry) {
        if (!STATE.compareAndSet(this, ACTIVE, LOOKED_AT)) {
            return false; // ended, or in another set already
        }
        if (set == in && expiry.isOver(command, silentMs(expiry.nowMs()), overdue)) {
            overdue = true;
        }
        return !STATE.compareAndSet(this, LOOKED_AT, ACTIVE);
    }

    // ---- the end ----

    /** Ends an aborted command with TASK ABORTED, and returns true; returns false for one that goes on. */
    public boolean endedByAbort() {
        if (!command.isAborted()) {
            return false;
        }
        command.complete(ScsiStatus.TASK_ABORTED);
        return true;
    }

    /** Ends the command with GOOD. */
    public void good() {
        command.completeGood();
    }

    /** Ends the command with GOOD and data: as much of it as the CDB's allocation length and the buffer allow. */
    public void good(byte[] data, int lengthBytes, long allocationBytes) {
        int wantedBytes = (int) Math.min(lengthBytes, allocationBytes);
        command.dataIn(data, wantedBytes);
        filled(wantedBytes);
        command.completeGood();
    }

    /** Ends the command with a status that has no sense data. */
    public void end(ScsiStatus status) {
        set.ends(status, nexus);
        command.complete(status);
    }

    /** Ends the command with CHECK CONDITION. */
    public void fail(SenseKey key, AdditionalSense additional) {
        check(start(key, additional));
    }

    /**
     * Ends the command with CHECK CONDITION; {@code information} is an LBA or an offset, as the additional sense code
     * demands.
     */
    public void fail(SenseKey key, AdditionalSense additional, long information) {
        check(Sense.withInformation(sense, start(key, additional), information));
    }

    /** Ends the command with CHECK CONDITION; {@code progress} is how far the unit has come, in 1/65536. */
    public void failWithProgress(SenseKey key, AdditionalSense additional, int progress) {
        check(Sense.withProgress(sense, start(key, additional), progress));
    }

    /**
     * Ends the command with INVALID FIELD IN CDB.
     *
     * @param fieldByte where the field starts
     * @param bit its leftmost bit, or -1 for a field of whole bytes
     */
    public void invalidCdb(int fieldByte, int bit) {
        illegal(AdditionalSense.INVALID_FIELD_IN_CDB, true, fieldByte, bit);
    }

    /** Ends the command with INVALID FIELD IN PARAMETER LIST; see {@link #invalidCdb}. */
    public void invalidParameter(int fieldByte, int bit) {
        illegal(AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST, false, fieldByte, bit);
    }

    /** Ends the command with PARAMETER LIST LENGTH ERROR: less has come than was announced, or than there must be. */
    public void parameterListTooShort() {
        fail(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
    }

    /** Ends the command with ILLEGAL REQUEST and a field pointer into the CDB or the parameter list. */
    public void illegal(AdditionalSense additional, boolean inCdb, int fieldByte, int bit) {
        check(Sense.withFieldPointer(sense, start(SenseKey.ILLEGAL_REQUEST, additional), inCdb, fieldByte, bit));
    }

    /** Ends the command with CHECK CONDITION and sense data that was put together elsewhere; copied. */
    public void fail(byte[] senseData, int lengthBytes) {
        command.completeCheckCondition(senseData, lengthBytes);
    }

    private int start(SenseKey key, AdditionalSense additional) {
        return Sense.current(sense, descriptorSense, key, additional);
    }

    private void check(int lengthBytes) {
        command.completeCheckCondition(sense, lengthBytes);
    }

    // ---- the task set ----

    @Override
    public void completed(Command ended) {
        if ((int) STATE.getAndSet(this, ENDED) == ACTIVE) {
            leave();
        }
        // Else whoever looks at it sees that it has ended, and does this.
    }

    /** Takes the task out of the set, and hands the command back. */
    void leave() {
        if (inSet && command.status() == ScsiStatus.CHECK_CONDITION && !command.isAborted()) {
            try {
                set.failed(this);
            } finally {
                handBack();
            }
        } else {
            handBack();
        }
    }

    private void handBack() {
        Link links = drains;
        drains = null;
        keepToWhatWasFilled();
        if (taken != null && command.isAborted()) {
            nexus.attentions().add(taken);
        }
        TaskSet left = set;
        ExclusiveRanges.Place given = place;
        TaskOrder.Place had = turn;
        if (inSet) {
            if (operation != null) {
                count();
            }
            left.leave(slot);
        }
        try {
            command.continueCompletion();
            for (; links != null; links = links.next) {
                links.drain.ended();
            }
        } finally {
            freeRange(left, given); // whoever waits has no part in a front-end's failure
            if (had != null || !left.order().isPlain()) {
                left.order().ended(had);
            }
        }
    }

    /** After the end: the task may be on its next use already. */
    private static void freeRange(TaskSet left, ExclusiveRanges.Place given) {
        if (given != null) {
            left.ranges().leave(given);
        } else if (!left.ranges().areNone()) {
            left.ranges().serve();
        }
    }

    private void count() {
        CommandStatistics statistics = set.statistics();
        boolean good = command.status() == ScsiStatus.GOOD;
        statistics.addCommand(slot, operation, good ? blocks : 0);
        if (timed) {
            // One stands for all since the last one that was timed; the first one for itself.
            long standsFor = uses == 1 ? 1 : TIMED_USES;
            statistics.add(slot, operation, Quantity.TIME_NS, standsFor * (System.nanoTime() - startedNs));
        }
        if (!good && command.status() == ScsiStatus.CHECK_CONDITION) {
            int key = Sense.key(command.sense());
            boolean ofMedium = key == SenseKey.MEDIUM_ERROR.code() || key == SenseKey.HARDWARE_ERROR.code();
            statistics.add(slot, operation, Quantity.ERRORS, ofMedium ? 1 : 0);
        }
    }

    /** From here it waits for others that it aborts. */
    void waits() {
        waiting = true;
    }

    /**
     * Aborts the command, if it is one of {@code in} and meant, and has it counted by the drain until it ends. Whoever
     * aborts does not wait for a task that waits already, perhaps for itself. Returns true if it ended meanwhile:
     * whoever called this then calls {@link #leave}.
     */
    boolean abort(TaskSet in, Abort abort) {
        if (!STATE.compareAndSet(this, ACTIVE, LOOKED_AT)) {
            return false;
        }
        if (set == in && abort.mark(command, nexus) && (abort.by() == null || !waiting)) {
            abort.drain().add();
            drains = new Link(abort.drain(), drains);
        }
        return !STATE.compareAndSet(this, LOOKED_AT, ACTIVE);
    }

    /**
     * Has the command counted by the drain until it ends, if it is one of {@code in}, has begun and is picked. Returns
     * true if it ended meanwhile: whoever called this then calls {@link #leave}.
     */
    boolean await(TaskSet in, Predicate<Command> picked, Drain drain) {
        if (!STATE.compareAndSet(this, ACTIVE, LOOKED_AT)) {
            return false; // ended, or in another set already
        }
        if (set == in && !dormant && picked.test(command)) {
            drain.add();
            drains = new Link(drain, drains);
        }
        return !STATE.compareAndSet(this, LOOKED_AT, ACTIVE);
    }
}
