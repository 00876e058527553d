package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreProperties;

/** READ CAPACITY, for several sizes and block lengths; SBC-4. */
public class CapacityTest {
    private static byte[] capacity16(int allocationBytes) {
        byte[] cdb = Cdb.of("9e 10 0000000000000000 00000000 00 00");
        cdb[13] = (byte) allocationBytes;
        return cdb;
    }

    private static byte[] capacity10() {
        return Cdb.of("25 00 00000000 000000 00");
    }

    private static Initiator of(FakeStore store, int blockBytes) {
        return Initiator.ready(
                LogicalUnit.builder("d", store).blockBytes(blockBytes).build(), "a");
    }

    @Test
    void theLastLbaAndTheBlockLengthAreReported() {
        Initiator initiator = of(new FakeStore(4096 * 100, FakeStore.properties(false, true)), 4096);
        Reply ten = initiator.in(capacity10(), 8).good();
        assertEquals(99, ten.u32(0));
        assertEquals(4096, ten.u32(4));
        Reply sixteen = initiator.in(capacity16(32), 32).good();
        assertEquals(32, sixteen.transferBytes());
        assertEquals(99, sixteen.u64(0));
        assertEquals(4096, sixteen.u32(8));
    }

    @ParameterizedTest
    @CsvSource({"512,4096,3", "512,512,0", "4096,4096,0", "4096,512,0", "512,1048576,11"})
    void thePhysicalBlockIsThatOfTheStore(int logical, int physical, int exponent) {
        StoreProperties properties = new StoreProperties("fake", false, true, false, physical, false, false);
        Initiator initiator = of(new FakeStore(1 << 20, properties), logical);
        Reply reply = initiator.in(capacity16(32), 32).good();
        assertEquals(0, reply.u8(12), "no protection information");
        assertEquals(exponent, reply.u8(13));
        assertEquals(0, reply.u16(14), "LBPME 0, lowest aligned LBA 0");
        assertEquals(1 << exponent, initiator.in(Cdb.vpd(0xb0, 64), 64).good().u16(6), "granularity");
    }

    @Test
    void aCapacityAbove32BitsIsInTheLongFormOnly() {
        FakeStore hollow = FakeStore.hollow(512L << 33, FakeStore.properties(false, true));
        Initiator initiator = of(hollow, 512);
        assertEquals(0xffff_ffffL, initiator.in(capacity10(), 8).good().u32(0));
        assertEquals((1L << 33) - 1, initiator.in(capacity16(32), 32).good().u64(0));
        assertEquals(
                0xffff_ffffL,
                initiator.in(Cdb.modeSense(6, 0, 0, 0x08, 0, 255), 255).good().u32(4));
    }

    @Test
    void anyAllocationLengthIsTaken() {
        Initiator initiator = of(FakeStore.ofBlocks(100), 512);
        for (int length = 0; length <= 15; length++) {
            assertEquals(length, initiator.in(capacity16(length), 64).good().transferBytes(), "length " + length);
        }
        assertEquals(32, initiator.in(capacity16(255), 255).good().transferBytes());
        initiator.in(Cdb.of("9e 1f 0000000000000000 00000020 00 00"), 32).invalidCdb(1);
    }

    @Test
    void aChangedSizeIsToldToEveryNexusOnce() {
        FakeStore store = FakeStore.ofBlocks(100);
        LogicalUnit unit = LogicalUnit.builder("d", store).build();
        Initiator a = Initiator.ready(unit, "a");
        Initiator b = Initiator.ready(unit, "b");
        assertFalse(unit.capacityChanged(), "nothing has changed");
        a.none(Cdb.testUnitReady()).good();
        store.resize(200 * 512);
        a.in(Cdb.read(100, 1), 512).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        assertTrue(unit.capacityChanged());
        a.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).attention(AdditionalSense.CAPACITY_DATA_HAS_CHANGED);
        a.in(Cdb.read(199, 1), 512).good();
        assertEquals(199, b.in(capacity10(), 8).good().u32(0));
    }
}
