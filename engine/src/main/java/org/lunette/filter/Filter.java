package org.lunette.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.lunette.command.Command;
import org.lunette.command.CommandHandler;
import org.lunette.command.Nexus;
import org.lunette.command.QueueError;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;

/**
 * A filter around a logical unit, or around another filter: whatever it does not do itself, it passes on.
 *
 * <p><b>Threads.</b> Commands and functions come by any threads, side by side, and an administrator may {@link #set}
 * options and {@link #switchOff} meanwhile: what {@link #tune} reads goes into one immutable object behind a volatile
 * field. No method may block: a command that is to wait is given to {@link #keep}, which does all that aborts, resets
 * and the end of the filter ask for.
 *
 * <p><b>Ownership.</b> A command that came to {@link #filter(Command)} is passed on, kept or ended, and not touched
 * after that. Whoever wants to see its end adds a {@link org.lunette.command.Completion} before it passes it on. What
 * is thrown from there ends the command with HARDWARE ERROR.
 *
 * <p>Every filter takes the options {@code seed=NUMBER}, which determines all that it does by chance, and {@code off},
 * by which it starts switched off.
 */
public abstract class Filter implements CommandHandler, AutoCloseable {
    private static final String SEED = "seed";
    private static final String OFF = "off";
    /** Few enough digits for a user to write them down. */
    private static final long SEEDS = 1_000_000_000;

    private final FilterSite site;
    private final KeptCommands kept;
    private final LongAdder seen = new LongAdder();
    private final LongAdder acted = new LongAdder();
    private Set<String> known = Set.of();
    private volatile FilterSpec spec;
    private volatile Chance chance;
    private volatile boolean enabled;
    private boolean closed;

    protected Filter(FilterSite site) {
        this.site = site;
        this.kept = new KeptCommands(site);
    }

    // ---- what a filter does ----

    /**
     * Takes its options. Called at the start, and again whenever they are changed, by one thread at a time.
     *
     * @throws FilterException if one is wrong; then all stays as it was
     */
    protected abstract void tune(FilterSpec options) throws FilterException;

    /** A command comes, while the filter is on. */
    protected abstract void filter(Command command);

    /** A task management function is asked for, while the filter is on. */
    protected void filter(TaskManagement request) {
        passOn(request);
    }

    /** Whether commands that are kept and aborted end at once; they do. */
    protected boolean heedsAborts() {
        return true;
    }

    /** The filter is off now, or closed: what it holds itself, beside commands, is to go on. */
    protected void released() {}

    /** What {@code filter show} tells beside the counts of every filter, by name. */
    public Map<String, Object> statistics() {
        return Map.of();
    }

    // ---- what it does it with ----

    protected final FilterSite site() {
        return site;
    }

    /** The numbers that the seed determines. */
    protected final Chance chance() {
        return chance;
    }

    /** Counts a command that the filter did something to. */
    protected final void acted() {
        acted.increment();
    }

    /** Gives a command to whatever the filter is around. */
    protected final void passOn(Command command) {
        site.next().execute(command);
    }

    /** Gives a function to whatever the filter is around; commands that are kept are aborted as it asks for. */
    protected final void passOn(TaskManagement request) {
        if (!kept.answers(request)) {
            kept.abort(request);
            site.next().manage(request);
        }
    }

    /**
     * Keeps a command until a time, and passes it on then, in the order of their times. An aborted one ends at once;
     * beyond {@link KeptCommands#MAX_COMMANDS} it ends with TASK SET FULL.
     *
     * <p>An ORDERED command is passed on after all that came before it, and before all that come later, but for those
     * that are HEAD OF QUEUE, which wait for their own time alone; SAM-5, 8.6.
     *
     * @param dueNs by the site's timer
     */
    protected final void keep(Command command, long dueNs) {
        kept.keep(command, dueNs);
    }

    /**
     * Passes a command on that has no time to wait for: at once, unless it is an ORDERED one and others are kept until
     * a time, or such a one is kept itself.
     */
    protected final void passOnInOrder(Command command) {
        if (kept.isBehind(command.attribute())) {
            keep(command, site.timer().nowNs());
        } else {
            passOn(command);
        }
    }

    /** Keeps a command until it is aborted, or the filter is switched off. */
    protected final void keepForEver(Command command) {
        kept.keep(command, KeptCommands.FOR_EVER);
    }

    /** Ends a command with CHECK CONDITION, as the unit would, and counts it. */
    protected final void fail(Command command, SenseKey key, int code, int qualifier) {
        acted();
        byte[] sense = new byte[Sense.MAX_BYTES];
        command.completeCheckCondition(
                sense, Sense.current(sense, site.descriptorSense().getAsBoolean(), key, code, qualifier));
    }

    // ---- the administrator's side ----

    final synchronized void open(FilterSpec as, Set<String> options) throws FilterException {
        known = new HashSet<>(options);
        known.add(SEED);
        known.add(OFF);
        FilterSpec seeded = as.has(SEED)
                ? as
                : as.with(SEED + "=" + ThreadLocalRandom.current().nextLong(SEEDS));
        boolean off = seeded.flag(OFF);
        take(seeded.with(OFF + "="), true);
        if (!off) {
            switchOn();
        }
    }

    /**
     * Changes options while commands are under way; see {@link FilterSpec#with}. What is kept stays so. With a seed
     * among the changes, chance begins anew.
     *
     * @throws FilterException if one is wrong; then nothing was changed
     */
    public final synchronized void set(String changes) throws FilterException {
        FilterSpec changed = spec.with(changes);
        if (changed.has(OFF) || !changed.has(SEED)) {
            throw spec.wrong("'" + changes + "' cannot be set: a filter always has a seed, and is switched off by"
                    + " 'filter off'");
        }
        take(changed, new FilterSpec(spec.kind(), Map.of()).with(changes).has(SEED));
    }

    private void take(FilterSpec options, boolean anew) throws FilterException {
        options.allowOptions(known);
        long seed = options.number(SEED, 0, 0);
        tune(options);
        if (anew) {
            chance = new Chance(seed);
        }
        spec = options;
    }

    /** Lets it work; without effect once it is closed. */
    public final synchronized void switchOn() {
        if (!closed) {
            kept.open();
            enabled = true;
        }
    }

    /** Has it pass on all that comes, and all that it keeps. */
    public final void switchOff() {
        kept.passOn(shut(false)); // without the lock: a store may block here
        released();
    }

    private synchronized List<Command> shut(boolean forEver) {
        enabled = false;
        closed |= forEver;
        return kept.shut();
    }

    public final boolean isOn() {
        return enabled;
    }

    /** What it is, with all options that were set, and the seed. */
    public final FilterSpec spec() {
        return spec;
    }

    /** How many commands it saw while it was on. */
    public final long seenCount() {
        return seen.sum();
    }

    /** How many commands it did something to. */
    public final long actedCount() {
        return acted.sum();
    }

    /** How many commands it keeps; a moment's view. */
    public final int keptCount() {
        return kept.size();
    }

    /**
     * Ends the filter: what it keeps ends with TASK ABORTED, what comes later is passed on. Waits for nothing, and may
     * be called again.
     */
    @Override
    public void close() {
        shut(true).forEach(command -> command.complete(ScsiStatus.TASK_ABORTED));
        released();
    }

    // ---- as a handler ----

    @Override
    public final void execute(Command command) {
        if (enabled) {
            seen.increment();
            filter(command);
        } else {
            passOn(command);
        }
    }

    @Override
    public final void manage(TaskManagement request) {
        if (enabled) {
            filter(request);
        } else {
            passOn(request);
        }
    }

    @Override
    public final void commandsAborted(int lun) {
        if (heedsAborts()) {
            kept.endAborted();
        }
        site.next().commandsAborted(lun);
    }

    @Override
    public final boolean abortsWithStatus(TaskManagement.Function function, Nexus nexus, int lun) {
        return site.next().abortsWithStatus(function, nexus, lun);
    }

    @Override
    public final QueueError queueError(int lun) {
        return site.next().queueError(lun);
    }

    @Override
    public final boolean hasTaskSetPerNexus(int lun) {
        return site.next().hasTaskSetPerNexus(lun);
    }

    @Override
    public void nexusEstablished(Nexus nexus) {
        site.next().nexusEstablished(nexus);
    }

    @Override
    public void nexusLost(Nexus nexus) {
        site.next().nexusLost(nexus);
    }

    @Override
    public final String toString() {
        return "filter " + spec.text() + " of " + site.device();
    }
}
