package org.lunette.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.filter.Filters;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** How an author tests a filter: the contract of all filters, and what this one does. No kernel, no network. */
class QuietHoursTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "quiet,writes=20";
    }

    @Override
    protected String idle() {
        return "quiet,writes=1000";
    }

    @Override
    protected String wrongOption() {
        return "writes=many";
    }

    @Test
    void theThirdWriteFindsItQuiet() {
        try (FilteredUnit filtered = new FilteredUnit("quiet,writes=2")) {
            Initiator initiator = filtered.initiator("a");
            initiator.out(Cdb.write(0, 1), new byte[BLOCK]).good();
            initiator.out(Cdb.write(0, 1), new byte[BLOCK]).good();
            initiator
                    .out(Cdb.write(0, 1), new byte[BLOCK])
                    .check(SenseKey.NOT_READY, AdditionalSense.LOGICAL_UNIT_NOT_READY_CAUSE_NOT_REPORTABLE);
            initiator.in(Cdb.read(0, 1), BLOCK).good();
        }
    }

    @Test
    void itIsLoadedByItsName() {
        assertTrue(Filters.usage().stream().anyMatch(line -> line.startsWith("quiet,")));
    }
}
