package org.lunette.filter.error;

import org.lunette.command.Command;
import org.lunette.command.Completion;
import org.lunette.command.ScsiStatus;
import org.lunette.command.Sense;
import org.lunette.filter.CommandTable.Entry;
import org.lunette.filter.CommandTable.Kind;
import org.lunette.filter.Filter;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilterSite;
import org.lunette.filter.FilterSpec;
import org.lunette.filter.Selection;

/** Has commands fail that the unit has not seen; one whose error was recovered, or is deferred, the unit does. */
final class ErrorFilter extends Filter {
    private volatile Settings settings;

    private record Settings(Selection selection, InjectedSense sense, HealedBlocks healed) {}

    ErrorFilter(FilterSite site) {
        super(site);
    }

    @Override
    protected void tune(FilterSpec spec) throws FilterException {
        boolean healing = spec.flag(ErrorFilterProvider.HEALING);
        Selection selection = healing
                ? Selection.of(spec, site().commands(), Kind.READ)
                : Selection.of(spec, site().commands(), Kind.READ, Kind.WRITE);
        settings = new Settings(selection, InjectedSense.of(spec), healing ? new HealedBlocks() : null);
    }

    @Override
    protected void filter(Command command) {
        Settings now = settings;
        Entry entry = site().commands().find(command);
        boolean heals = now.healed != null && (isWrite(entry) || command.opcode() == ReassignList.OPERATION_CODE);
        if (heals) {
            command.addCompletion(healing(now.healed, command, entry));
            passOn(command);
        } else if (isBad(now, command, entry) && now.selection.selects(command, chance())) {
            acted();
            fail(now, command, entry);
        } else {
            passOn(command);
        }
    }

    private static boolean isWrite(Entry entry) {
        return entry != null && entry.kind() == Kind.WRITE;
    }

    private static boolean isBad(Settings now, Command command, Entry entry) {
        if (now.healed == null) {
            return true;
        }
        long first = now.selection.lba(command);
        return first != Selection.NO_LBA && now.selection.reaches(command, entry, now.healed.firstBad(first));
    }

    private void fail(Settings now, Command command, Entry entry) {
        InjectedSense injected = now.sense == null ? InjectedSense.ofBlock(isWrite(entry)) : now.sense;
        long first = now.selection.lba(command);
        long lba = now.healed == null ? first : now.healed.firstBad(first);
        byte[] sense = new byte[Sense.MAX_BYTES];
        int length = injected.write(sense, site().descriptorSense().getAsBoolean(), lba);
        if (!injected.succeeds()) {
            command.completeCheckCondition(sense, length);
            return;
        }
        command.addCompletion(ended -> {
            if (ended.status() == ScsiStatus.GOOD) {
                ended.addSense(sense, length);
            }
            ended.continueCompletion();
        });
        passOn(command);
    }

    /** Heals what a command wrote or reassigned, before its front-end has it back. */
    private static Completion healing(HealedBlocks healed, Command command, Entry entry) {
        byte[] list = command.opcode() == ReassignList.OPERATION_CODE ? ReassignList.of(command) : null;
        return ended -> {
            if (ended.status() == ScsiStatus.GOOD && list != null) {
                ReassignList.forEach(ended, list, lba -> healed.add(lba, 1));
            } else if (ended.status() == ScsiStatus.GOOD && entry.isRanged()) {
                healed.add(entry.lba(ended), entry.blocks(ended));
            }
            ended.continueCompletion();
        };
    }
}
