package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.Store;
import org.lunette.store.StoreProperties;
import org.lunette.store.Stores;

/** What the Logical Block Provisioning log page counts, in threshold sets as VPD page B2h has them. */
public class ProvisioningResourcesTest {
    private static final int PAGE = 0x0c;
    private static final int AVAILABLE = 1;
    private static final int USED = 2;

    private static Initiator of(Store store, int blockBytes) {
        return Initiator.ready(
                LogicalUnit.builder("disk0", store).blockBytes(blockBytes).build(), "a");
    }

    private static int exponent(Initiator initiator) {
        return initiator.in(Cdb.vpd(0xb2, 64), 64).good().u8(4);
    }

    private static long count(Initiator initiator, int parameter) {
        byte[] value = LogParameters.of(initiator, PAGE).get(parameter);
        assertEquals(8, value.length);
        return ByteBuffer.wrap(value).getInt() & 0xffff_ffffL;
    }

    @Test
    void writesTakeAndUnmapGivesBack() {
        FakeStore store = FakeStore.thin(1024);
        Initiator initiator = of(store, 512);
        assertEquals(3, exponent(initiator), "sets of a physical block");
        assertEquals(0, count(initiator, USED));
        assertEquals(128, count(initiator, AVAILABLE));
        initiator.out(Cdb.write(7, 2), new byte[1024]).good();
        assertEquals(2, count(initiator, USED), "a block of each");
        assertEquals(126, count(initiator, AVAILABLE));
        initiator
                .out(
                        Cdb.of("42 00 00000000 00 0018 00"),
                        Cdb.of("0016 0010 00000000 0000000000000000 00000008 00000000"))
                .good();
        assertEquals(1, count(initiator, USED));
    }

    @Test
    void whatOthersHaveTakenIsNotAvailable() {
        FakeStore store = FakeStore.thin(1024);
        Initiator initiator = of(store, 512);
        store.limitAvailable(10 * 4096 - 1);
        assertEquals(9, count(initiator, AVAILABLE), "whole sets");
        assertEquals(2, LogParameters.of(initiator, PAGE).get(AVAILABLE)[4], "not this unit's alone");
        assertEquals(1, LogParameters.of(initiator, PAGE).get(USED)[4], "this unit's");
    }

    @ParameterizedTest
    @CsvSource({"512, 3", "4096, 1", "65536, 1"})
    void aSetIsNeverASingleBlock(int blockBytes, int right) {
        assertEquals(right, exponent(of(FakeStore.thin(1024), blockBytes)));
    }

    @Test
    void fourBytesCountTheSetsOfTheLargestUnit() {
        StoreProperties thin = new StoreProperties("fake", false, false, false, 4096, false, true);
        Initiator initiator = of(FakeStore.hollow(Long.MAX_VALUE - 511, thin), 512);
        int exponent = exponent(initiator);
        assertTrue(exponent >= 54 - 32 && exponent < 55 - 32 + 1, exponent + "");
        assertEquals((Long.MAX_VALUE - 511) / 512 >> exponent, count(initiator, AVAILABLE));
    }

    @Test
    void aStoreThatDoesNotCountHasNoPageAndNoSets() {
        Initiator thick = of(FakeStore.ofBlocks(1024), 512);
        assertEquals(0, exponent(thick));
        thick.in(Cdb.of("4d 00 4c 00 00 0000 00ff 00"), 255).invalidCdb(2);
        thick.in(Cdb.modeSense(6, 8, 0, 0x1c, 2, 255), 255).invalidCdb(2);
    }

    @Test
    void noThresholdIsEnabled() {
        Initiator initiator = of(FakeStore.thin(1024), 512);
        Reply page = initiator.in(Cdb.modeSense(6, 8, 0, 0x1c, 2, 255), 255).good();
        assertEquals(28, page.u16(4 + 2));
        for (int at = 4 + 16; at < page.data().length; at += 8) {
            assertEquals(0, page.u8(at) & 0x80, "ENABLED");
        }
    }

    /** Threads write and unmap pages at random; then the count is that of the stretches which take space. */
    @Test
    void aRamDiskCountsRightWhateverRaces() throws Exception {
        long seed = Seed.OF_THIS_RUN;
        int pages = 64;
        try (Store store = Stores.open("ram:" + pages * 4096)) {
            Initiator initiator = of(store, 4096);
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                Random random = new Random(seed + i);
                Initiator one = Initiator.ready(
                        LogicalUnit.builder("d" + i, store).blockBytes(4096).build(), "n" + i);
                threads[i] = new Thread(() -> writeAndUnmap(one, random, pages));
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            long taken = 0;
            for (long at = 0; at < store.sizeBytes(); ) {
                long extent = store.extentBytes(at);
                taken += Math.max(0, extent);
                at += Math.abs(extent);
            }
            assertEquals(taken, store.takenBytes(), "seed " + seed);
            assertEquals((taken / 4096 + 1) / 2, count(initiator, USED), "seed " + seed);
        }
    }

    private static void writeAndUnmap(Initiator initiator, Random random, int pages) {
        for (int i = 0; i < 3000; i++) {
            int lba = random.nextInt(pages);
            int blocks = 1 + random.nextInt(Math.min(8, pages - lba));
            if (random.nextBoolean()) {
                initiator.out(Cdb.write(lba, blocks), new byte[blocks * 4096]);
            } else {
                initiator.out(Cdb.ranged(0x93, 16, lba, blocks, 0x08), new byte[4096]);
            }
        }
    }

    @Test
    void parametersAreNotCountersToBeReset() {
        Initiator initiator = of(FakeStore.thin(1024), 512);
        initiator.out(Cdb.write(0, 8), new byte[4096]).good();
        initiator.none(Cdb.of("4c 02 00 00 00 00 00 0000 00")).good();
        Map<Integer, byte[]> after = LogParameters.of(initiator, PAGE);
        assertEquals(1, ByteBuffer.wrap(after.get(USED)).getInt());
        assertNull(after.get(0), "parameter code 0 is reserved");
    }
}
