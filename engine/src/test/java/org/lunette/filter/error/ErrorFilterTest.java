package org.lunette.filter.error;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.ScsiStatus;
import org.lunette.command.SenseKey;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.Reply;

/** Commands fail as, and where, it is said. */
public class ErrorFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "error,probability=30%,healing";
    }

    @Override
    protected String idle() {
        return "error,lba=64-100";
    }

    @Override
    protected String wrongOption() {
        return "sense=03/11";
    }

    private static Reply read(Initiator initiator, long lba, int blocks) {
        return initiator.in(Cdb.read(lba, blocks), blocks * BLOCK);
    }

    private static Reply write(Initiator initiator, long lba, int blocks) {
        return initiator.out(Cdb.write(lba, blocks), new byte[blocks * BLOCK]);
    }

    @Test
    void theFirstBlockInErrorIsTold() {
        try (FilteredUnit filtered = new FilteredUnit("error,lba=100-200")) {
            Initiator initiator = filtered.initiator("a");
            read(initiator, 99, 1).good();
            Reply failed = read(initiator, 90, 20);
            failed.check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
            assertEquals(100, failed.information());
            assertEquals(0, failed.transferBytes());
            failed = write(initiator, 200, 2);
            failed.check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
            assertEquals(200, failed.information());
            read(initiator, 201, 1).good();
        }
    }

    @Test
    void senseDataHasTheFormatOfTheUnit() {
        try (FilteredUnit filtered = new FilteredUnit("error,lba=100")) {
            Initiator initiator = filtered.initiator("a");
            byte[] descriptorSense = Cdb.of("00000000 0a0a 04 10 00 40 00 00 ffff 0000");
            initiator
                    .out(Cdb.modeSelect(6, descriptorSense.length), descriptorSense)
                    .good();
            Reply failed = read(initiator, 100, 1);
            assertEquals(0x72, failed.sense()[0]);
            assertEquals(100, failed.information());
        }
    }

    @Test
    void onlyTheOperationCodesThatAreSaidFail() {
        try (FilteredUnit filtered = new FilteredUnit("error,opcode=WRITE_10+SYNCHRONIZE_CACHE_10,sense=04/44/00")) {
            Initiator initiator = filtered.initiator("a");
            write(initiator, 0, 1).good();
            initiator
                    .out(Cdb.write(10, 0, 1, 0), new byte[BLOCK])
                    .check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            initiator
                    .none(Cdb.synchronizeCache(10, 0, 0, 0))
                    .check(SenseKey.HARDWARE_ERROR, AdditionalSense.INTERNAL_TARGET_FAILURE);
            read(initiator, 0, 1).good();
        }
    }

    @Test
    void eachSeventhFailsAndTwoInAll() {
        try (FilteredUnit filtered = new FilteredUnit("error,every=7,count=2")) {
            Initiator initiator = filtered.initiator("a");
            List<Integer> failed = new ArrayList<>();
            for (int i = 1; i <= 30; i++) {
                if (read(initiator, 0, 1).status() != ScsiStatus.GOOD) {
                    failed.add(i);
                }
            }
            assertEquals(List.of(7, 14), failed);
            assertEquals(2, filtered.filter().actedCount());
        }
    }

    @Test
    void chanceIsTheSeeds() {
        List<Integer> first = failures("seed=11");
        assertEquals(first, failures("seed=11"));
        assertEquals(true, first.size() > 60 && first.size() < 140, first::toString);
    }

    private static List<Integer> failures(String seed) {
        List<Integer> failed = new ArrayList<>();
        try (FilteredUnit filtered = new FilteredUnit("error,probability=10%," + seed)) {
            Initiator initiator = filtered.initiator("a");
            for (int i = 0; i < 1000; i++) {
                if (read(initiator, 0, 1).status() != ScsiStatus.GOOD) {
                    failed.add(i);
                }
            }
        }
        return failed;
    }

    @Test
    void aFailedWriteLeavesTheMediumAlone() {
        try (FilteredUnit filtered = new FilteredUnit("error,opcode=write")) {
            filtered.store.logged();
            write(filtered.initiator("a"), 3, 1).check(SenseKey.MEDIUM_ERROR, AdditionalSense.WRITE_ERROR);
            assertEquals(List.of(), filtered.store.log);
        }
    }

    @Test
    void whatIsWrittenOrReassignedIsGoodAgain() {
        try (FilteredUnit filtered = new FilteredUnit("error,lba=100-102,healing")) {
            Initiator initiator = filtered.initiator("a");
            assertEquals(100, read(initiator, 98, 8).information());
            write(initiator, 100, 1).good();
            assertEquals(101, read(initiator, 98, 8).information());
            read(initiator, 100, 1).good();
            byte[] list = Cdb.of("00 00 00 04 00 00 00 65");
            initiator.out(Cdb.of("07 00 00 00 00 00"), list).good();
            assertEquals(102, read(initiator, 98, 8).information());
            write(initiator, 99, 9).good();
            read(initiator, 98, 8).good();
        }
    }

    @Test
    void aRecoveredErrorComesWithTheData() {
        try (FilteredUnit filtered = new FilteredUnit("error,lba=5,sense=01/17/01")) {
            Initiator initiator = filtered.initiator("a");
            byte[] data = new byte[BLOCK];
            data[17] = 17;
            Reply written = initiator.out(Cdb.write(5, 1), data);
            assertEquals("01/17/01", written.senseCodes());
            Reply recovered = read(initiator, 5, 1);
            assertEquals("01/17/01", recovered.senseCodes());
            assertEquals(5, recovered.information());
            assertArrayEquals(data, recovered.data());
            filtered.set("sense=03/0c/00,deferred");
            Reply deferred = read(initiator, 5, 1);
            assertEquals(0x71, deferred.sense()[0] & 0x7f);
            assertArrayEquals(data, deferred.data());
        }
    }
}
