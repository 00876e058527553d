package org.lunette.filter.readonly;

import org.lunette.bridge.memory.Memory;
import org.lunette.command.AdditionalSense;
import org.lunette.command.Command;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.filter.CommandTable.Kind;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;

/** Refuses what changes the medium, and sets the WP bit in the mode parameter header; SBC-4. */
final class ReadOnlyFilter extends Filter {
    private static final int MODE_SENSE_6 = 0x1a;
    private static final int MODE_SENSE_10 = 0x5a;
    private static final int WP = 0x80;

    ReadOnlyFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) {
        // There is nothing to tune.
    }

    @Override
    protected void filter(Command command) {
        if (site().commands().kind(command) == Kind.WRITE) {
            AdditionalSense additional = AdditionalSense.WRITE_PROTECTED;
            fail(command, SenseKey.DATA_PROTECT, additional.code(), additional.qualifier());
            return;
        }
        switch (command.opcode()) {
            case MODE_SENSE_6 -> command.addCompletion(ended -> protect(ended, 2));
            case MODE_SENSE_10 -> command.addCompletion(ended -> protect(ended, 3));
            default -> {
                // Nothing else tells of it.
            }
        }
        passOn(command);
    }

    private static void protect(Command ended, int deviceSpecificParameter) {
        if (ended.status() == ScsiStatus.GOOD && ended.transferredBytes() > deviceSpecificParameter) {
            long at = ended.dataAddress() + deviceSpecificParameter;
            Memory.putByte(at, (byte) (Memory.getByte(at) | WP));
        }
        ended.continueCompletion();
    }
}
