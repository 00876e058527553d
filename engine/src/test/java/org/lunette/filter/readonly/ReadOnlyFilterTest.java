package org.lunette.filter.readonly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** The medium is write protected, and says so. */
public class ReadOnlyFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "read-only";
    }

    @Override
    protected String idle() {
        return "read-only,off";
    }

    @Override
    protected String wrongOption() {
        return "no-such";
    }

    @Test
    void writesAreRefusedAndTheBitIsSet() {
        try (FilteredUnit filtered = new FilteredUnit("read-only")) {
            Initiator initiator = filtered.initiator("a");
            initiator
                    .out(Cdb.write(0, 1), new byte[BLOCK])
                    .check(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
            initiator.in(Cdb.read(0, 1), BLOCK).good();
            assertEquals(
                    0x80,
                    initiator
                                    .in(Cdb.modeSense(6, 0, 0, 0x3f, 0, 252), 252)
                                    .good()
                                    .u8(2)
                            & 0x80);
            assertEquals(
                    0x80,
                    initiator
                                    .in(Cdb.modeSense(10, 0, 0, 0x3f, 0, 252), 252)
                                    .good()
                                    .u8(3)
                            & 0x80);
            filtered.filter().switchOff();
            initiator.out(Cdb.write(0, 1), new byte[BLOCK]).good();
            assertEquals(
                    0,
                    initiator
                                    .in(Cdb.modeSense(6, 0, 0, 0x3f, 0, 252), 252)
                                    .good()
                                    .u8(2)
                            & 0x80);
        }
    }
}
