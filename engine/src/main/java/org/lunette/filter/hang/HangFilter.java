package org.lunette.filter.hang;

import java.util.ArrayList;
import java.util.List;
import org.lunette.command.Command;
import org.lunette.command.TaskManagement;
import org.lunette.command.TaskManagement.Response;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;
import org.lunette.filter.Selection;

/** Has commands, and task management functions if that is said, wait until it is switched off. */
final class HangFilter extends Filter {
    private static final int MAX_REQUESTS = 256;

    private final List<TaskManagement> requests = new ArrayList<>();
    private volatile Settings settings;

    private record Settings(Selection selection, boolean functions) {}

    HangFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) throws FilterException {
        settings = new Settings(Selection.of(spec, site().commands()), spec.flag(HangFilterProvider.FUNCTIONS));
    }

    @Override
    protected void filter(Command command) {
        if (settings.selection.selects(command, chance())) {
            acted();
            keepForEver(command);
        } else {
            passOn(command);
        }
    }

    @Override
    protected boolean heedsAborts() {
        return !settings.functions;
    }

    @Override
    protected void filter(TaskManagement request) {
        boolean hangs;
        boolean held;
        synchronized (requests) {
            hangs = settings.functions && isOn(); // once it is off, nobody looks here any more
            held = hangs && requests.size() < MAX_REQUESTS && requests.add(request);
        }
        if (!hangs) {
            passOn(request);
        } else if (!held) {
            request.respond(Response.FUNCTION_REJECTED);
        }
    }

    @Override
    protected void released() {
        List<TaskManagement> held;
        synchronized (requests) {
            held = List.copyOf(requests);
            requests.clear();
        }
        held.forEach(this::passOn);
    }
}
