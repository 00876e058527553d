package org.lunette.filter.delay;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.lunette.command.Command;
import org.lunette.filter.CommandTable.Entry;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;
import org.lunette.filter.Selection;

/** Lets commands wait before the unit sees them. */
final class DelayFilter extends Filter {
    private static final List<String> TIMES = List.of("time", "read", "write", "other", "per-byte", "seek");

    /** What all bytes of a command may take together, so that no sum is beyond what a long holds. */
    private static final long LONGEST_NS = TimeUnit.DAYS.toNanos(365);

    private volatile Settings settings;
    /** The block at which the head of the model stands. */
    private final AtomicLong head = new AtomicLong();

    private record Settings(
            Selection selection, long readNs, long writeNs, long otherNs, Spread spread, long perByteNs, long seekNs) {}

    DelayFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) throws FilterException {
        if (TIMES.stream().noneMatch(spec::has)) {
            throw spec.wrong("no time is said: time=20ms, say, or one of " + String.join(", ", TIMES));
        }
        long allNs = spec.timeNs("time", 0);
        settings = new Settings(
                Selection.of(spec, site().commands()),
                spec.timeNs("read", allNs),
                spec.timeNs("write", allNs),
                spec.timeNs("other", allNs),
                Spread.of(spec),
                spec.timeNs("per-byte", 0),
                spec.timeNs("seek", 0));
    }

    @Override
    protected void filter(Command command) {
        Settings now = settings;
        long ns = now.selection.concerns(command) ? delayNs(now, command) : 0;
        if (ns == 0 && keptCount() == 0) {
            passOn(command);
            return;
        }
        if (ns > 0) {
            acted();
        }
        keep(command, site().timer().nowNs() + ns);
    }

    private long delayNs(Settings now, Command command) {
        Entry entry = site().commands().find(command);
        long meanNs = entry == null
                ? now.otherNs
                : switch (entry.kind()) {
                    case READ -> now.readNs;
                    case WRITE -> now.writeNs;
                    case OTHER -> now.otherNs;
                };
        long ns = meanNs == 0 ? 0 : now.spread.apply(meanNs, chance());
        ns += (long) Math.min(LONGEST_NS, (double) now.perByteNs * command.dataBytes());
        return entry != null && entry.isRanged() && now.seekNs > 0 ? ns + seekNs(now, entry, command) : ns;
    }

    /** A head's way takes the time of the whole stroke by the square root of its part: it speeds up and slows down. */
    private long seekNs(Settings now, Entry entry, Command command) {
        long blocks = Math.max(1, site().blocks().getAsLong());
        long lba = Math.floorMod(entry.lba(command), blocks);
        long from = head.getAndSet(Math.floorMod(lba + entry.blocks(command), blocks));
        return (long) (now.seekNs * Math.sqrt((double) Math.abs(lba - from) / blocks));
    }
}
