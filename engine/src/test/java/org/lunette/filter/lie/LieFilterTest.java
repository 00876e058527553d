package org.lunette.filter.lie;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** What is acknowledged was never done. */
public class LieFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "lie,probability=30%";
    }

    @Override
    protected String idle() {
        return "lie,lba=64-100";
    }

    @Override
    protected String wrongOption() {
        return "probability=2";
    }

    @Test
    void everySecondWriteIsLost() {
        try (FilteredUnit filtered = new FilteredUnit("lie,every=2")) {
            filtered.store.logged();
            Initiator initiator = filtered.initiator("a");
            for (int i = 0; i < 4; i++) {
                assertEquals(
                        BLOCK,
                        initiator.out(Cdb.write(i, 1), new byte[BLOCK]).good().transferBytes());
            }
            assertEquals(List.of("write 0 512", "write 1024 512"), filtered.store.log);
            initiator
                    .out(Cdb.write(FilteredUnit.BLOCKS, 1), new byte[BLOCK])
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        }
    }

    @Test
    void aFlushThatIsALieLosesWhatAPowerFailureTakes() {
        try (FilteredUnit filtered = new FilteredUnit("lie,opcode=SYNCHRONIZE_CACHE_10")) {
            Initiator initiator = filtered.initiator("a");
            byte[] data = new byte[BLOCK];
            data[0] = 5;
            initiator.out(Cdb.write(0, 1), data).good();
            initiator.none(Cdb.synchronizeCache(10, 0, 0, 0)).good();
            filtered.store.losePower();
            assertEquals(0, initiator.in(Cdb.read(0, 1), BLOCK).good().u8(0));
        }
    }
}
