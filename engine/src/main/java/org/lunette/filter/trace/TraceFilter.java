package org.lunette.filter.trace;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.lunette.command.Command;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;

/** Records each command when it has ended. */
final class TraceFilter extends Filter {
    private volatile TraceFile file;

    TraceFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) throws FilterException {
        String path = spec.value("file", "");
        if (path.isEmpty()) {
            throw spec.wrong("where to is not said: file=/tmp/disk0.trace, say");
        }
        TraceFile before = file;
        try {
            if (before != null && before.path().equals(Path.of(path))) {
                return;
            }
            file = TraceFile.open(Path.of(path), "trace-" + site().device());
        } catch (IOException | InvalidPathException e) {
            throw spec.wrong("cannot write " + path + ": " + e.getMessage());
        }
        if (before != null) {
            before.close();
        }
    }

    @Override
    protected void filter(Command command) {
        long startNs = site().timer().nowNs();
        command.addCompletion(ended -> {
            acted();
            file.write(TraceLine.of(
                    ended,
                    site().commands().find(ended),
                    startNs,
                    site().timer().nowNs()));
            ended.continueCompletion();
        });
        passOn(command);
    }

    @Override
    public Map<String, Object> statistics() {
        return Map.of("linesLost", file.lostCount());
    }

    @Override
    public void close() {
        super.close();
        file.close();
    }
}
