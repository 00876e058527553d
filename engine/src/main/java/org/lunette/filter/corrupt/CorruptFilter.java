package org.lunette.filter.corrupt;

import org.lunette.bridge.memory.Memory;
import org.lunette.command.Command;
import org.lunette.command.DataDirection;
import org.lunette.command.ScsiStatus;
import org.lunette.filter.CommandTable.Kind;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;
import org.lunette.filter.Selection;

/** Flips bits of data on their way. */
final class CorruptFilter extends Filter {
    private static final int MAX_BITS = 65_536;

    private volatile Settings settings;

    private record Settings(Selection selection, int bits) {}

    CorruptFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) throws FilterException {
        long bits = spec.number(CorruptFilterProvider.BITS, 1, 1);
        if (bits > MAX_BITS) {
            throw spec.wrong(bits + " bits are more than " + MAX_BITS);
        }
        settings = new Settings(Selection.of(spec, site().commands(), Kind.READ), (int) bits);
    }

    @Override
    protected void filter(Command command) {
        Settings now = settings;
        if (command.direction() == DataDirection.NONE || !now.selection.selects(command, chance())) {
            passOn(command);
            return;
        }
        acted();
        if (command.direction() == DataDirection.OUT) {
            flip(now.bits, command.dataAddress(), command.dataBytes());
        } else {
            command.addCompletion(ended -> {
                if (ended.status() == ScsiStatus.GOOD) {
                    flip(now.bits, ended.dataAddress(), ended.transferredBytes());
                }
                ended.continueCompletion();
            });
        }
        passOn(command);
    }

    private void flip(int bits, long address, int lengthBytes) {
        for (int i = 0; i < bits && lengthBytes > 0; i++) {
            long bit = Long.remainderUnsigned(chance().next(), lengthBytes * 8L);
            long at = address + (bit >> 3);
            Memory.putByte(at, (byte) (Memory.getByte(at) ^ 1 << (bit & 7)));
        }
    }
}
