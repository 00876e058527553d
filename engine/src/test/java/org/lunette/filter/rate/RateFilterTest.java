package org.lunette.filter.rate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** Each nexus gets so much, and no more. */
public class RateFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "rate,iops=20000";
    }

    @Override
    protected String idle() {
        return "rate,iops=1000000000";
    }

    @Override
    protected String wrongOption() {
        return "iops=0";
    }

    private static long done(FilteredUnit filtered, List<Initiator.Pending> sent, long ms) {
        for (long i = 0; i < ms; i++) {
            filtered.timer.advanceMs(1);
        }
        return sent.stream().filter(Initiator.Pending::isDone).count();
    }

    private static List<Initiator.Pending> reads(Initiator initiator, int count, int blocks) {
        List<Initiator.Pending> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(initiator.startIn(Cdb.read(0, blocks), blocks * BLOCK));
        }
        return sent;
    }

    @Test
    void eachNexusHasItsCommandsASecond() {
        try (FilteredUnit filtered = new FilteredUnit("rate,iops=100,burst=0ms")) {
            List<Initiator.Pending> a = reads(filtered.initiator("a"), 300, 1);
            List<Initiator.Pending> b = reads(filtered.initiator("b"), 10, 1);
            assertEquals(10, done(filtered, b, 95));
            assertEquals(101, done(filtered, a, 905));
            assertEquals(201, done(filtered, a, 1000));
        }
    }

    @Test
    void bytesAreLimitedToo() {
        try (FilteredUnit filtered = new FilteredUnit("rate,bytes=40K,burst=0ms")) {
            List<Initiator.Pending> sent = reads(filtered.initiator("a"), 30, 8);
            assertEquals(11, done(filtered, sent, 1000));
            filtered.initiator("b").none(Cdb.testUnitReady()).good();
        }
    }
}
