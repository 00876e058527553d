package org.lunette.example;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.lunette.command.Command;
import org.lunette.command.SenseKey;
import org.lunette.filter.CommandTable.Kind;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterProvider;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;

/** An example of a filter: {@code quiet,writes=N} lets N writes pass, and then the device is not ready for more. */
public final class QuietHours extends Filter {
    private final AtomicLong seenWrites = new AtomicLong();
    private volatile long writes;

    /** What a jar names in {@code META-INF/services/org.lunette.filter.FilterProvider}. */
    public static final class Provider implements FilterProvider {
        @Override
        public String kind() {
            return "quiet";
        }

        @Override
        public String usage() {
            return ",writes=N - lets N writes pass, and no more";
        }

        @Override
        public Set<String> options() {
            return Set.of("writes");
        }

        @Override
        public Filter create(FilterSite site) {
            return new QuietHours(site);
        }
    }

    private QuietHours(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec options) throws FilterException {
        writes = options.number("writes", 0, 100);
    }

    @Override
    protected void filter(Command command) {
        if (site().commands().kind(command) != Kind.WRITE || seenWrites.incrementAndGet() <= writes) {
            passOn(command);
            return;
        }
        fail(command, SenseKey.NOT_READY, 0x04, 0x00); // LOGICAL UNIT NOT READY, CAUSE NOT REPORTABLE
    }
}
