package org.lunette.filter.rate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.lunette.command.Command;
import org.lunette.command.Nexus;
import org.lunette.filter.CommandTable.Kind;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;

/** Has the reads and writes of a nexus wait that come faster than they may. */
final class RateFilter extends Filter {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long DEFAULT_BURST_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Map<Nexus, Bucket> buckets = new ConcurrentHashMap<>();
    private volatile Settings settings;

    /** With 0 for no limit. */
    private record Settings(long iops, long bytesPerS, long burstNs) {}

    RateFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) throws FilterException {
        if (!spec.has("iops") && !spec.has("bytes")) {
            throw spec.wrong("no limit is said: iops=1000, say, or bytes=10M");
        }
        settings = new Settings(
                spec.number("iops", 1, 0), spec.sizeBytes("bytes", 0), spec.timeNs("burst", DEFAULT_BURST_NS));
    }

    @Override
    protected void filter(Command command) {
        if (site().commands().kind(command) == Kind.OTHER) {
            passOnInOrder(command);
            return;
        }
        Settings now = settings;
        long costNs = now.iops > 0 ? SECOND_NS / now.iops : 0;
        if (now.bytesPerS > 0) {
            costNs = Math.max(costNs, (long) ((double) command.dataBytes() * SECOND_NS / now.bytesPerS));
        }
        long nowNs = site().timer().nowNs();
        long dueNs =
                buckets.computeIfAbsent(command.nexus(), nexus -> new Bucket()).take(nowNs, costNs, now.burstNs);
        if (dueNs <= nowNs) {
            passOnInOrder(command);
        } else {
            acted();
            keep(command, dueNs);
        }
    }

    @Override
    public void nexusLost(Nexus nexus) {
        super.nexusLost(nexus);
        buckets.remove(nexus);
    }
}
