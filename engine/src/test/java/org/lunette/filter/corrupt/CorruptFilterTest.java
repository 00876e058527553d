package org.lunette.filter.corrupt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** So many bits differ as are said, the same ones for the same seed. */
public class CorruptFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "corrupt";
    }

    @Override
    protected String idle() {
        return "corrupt,lba=64-100";
    }

    @Override
    protected String wrongOption() {
        return "bits=0";
    }

    private static int bitsSet(byte[] data) {
        int set = 0;
        for (byte part : data) {
            set += Integer.bitCount(part & 0xff);
        }
        return set;
    }

    private static byte[] read(String filter) {
        try (FilteredUnit filtered = new FilteredUnit(filter)) {
            Initiator initiator = filtered.initiator("a");
            byte[] read = initiator.in(Cdb.read(7, 1), BLOCK).good().data();
            filtered.filter().switchOff();
            assertEquals(0, bitsSet(initiator.in(Cdb.read(7, 1), BLOCK).good().data()));
            return read;
        }
    }

    @Test
    void whatIsReadDiffersAndTheMediumDoesNot() {
        assertEquals(1, bitsSet(read("corrupt")));
        byte[] once = read("corrupt,bits=5,seed=3");
        assertEquals(5, bitsSet(once));
        assertArrayEquals(once, read("corrupt,bits=5,seed=3"));
    }

    @Test
    void whatIsWrittenDiffersOnTheMedium() {
        try (FilteredUnit filtered = new FilteredUnit("corrupt,opcode=write")) {
            Initiator initiator = filtered.initiator("a");
            initiator.out(Cdb.write(7, 1), new byte[BLOCK]).good();
            assertEquals(1, bitsSet(initiator.in(Cdb.read(7, 1), BLOCK).good().data()));
        }
    }
}
