package org.lunette.filter.lie;

import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.filter.CommandTable.Entry;
import org.lunette.filter.CommandTable.Kind;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;
import org.lunette.filter.Selection;

/** Acknowledges commands that the unit never sees. */
final class LieFilter extends Filter {
    private volatile Selection selection;

    LieFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) throws FilterException {
        selection = Selection.of(spec, site().commands(), Kind.WRITE);
    }

    @Override
    protected void filter(Command command) {
        if (isBelievable(command) && selection.selects(command, chance())) {
            acted();
            command.setTransferBytes(command.dataBytes());
            command.completeGood();
        } else {
            passOn(command);
        }
    }

    /** Not where data is asked for, and not where the unit would refuse it by its range. */
    private boolean isBelievable(Command command) {
        Entry entry = site().commands().find(command);
        if (entry == null || command.direction() == DataDirection.IN) {
            return false;
        }
        long capacity = site().blocks().getAsLong();
        return !entry.isRanged()
                || entry.lba(command) >= 0
                        && entry.lba(command) <= capacity
                        && entry.blocks(command) <= capacity - entry.lba(command);
    }
}
