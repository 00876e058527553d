package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.unit.LogicalUnit;
import org.lunette.store.StoreStatus;

/** LOG SENSE and LOG SELECT, and what the pages count; SPC-5. */
public class LogPagesTest {
    private static final int CUMULATIVE = 1;
    private static final int DEFAULTS = 3;
    private static final int PERFORMANCE = 0x19;

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final Initiator other = Initiator.ready(unit, "b");

    private Reply sense(int control, int page, int subpage, int pointer, int allocationBytes) {
        byte[] cdb = new byte[10];
        ByteBuffer.wrap(cdb)
                .put(0, (byte) 0x4d)
                .put(2, (byte) (control << 6 | page))
                .put(3, (byte) subpage)
                .putShort(5, (short) pointer)
                .putShort(7, (short) allocationBytes);
        return initiator.in(cdb, 4096);
    }

    /** The parameters of a page, by code. */
    private Map<Integer, byte[]> page(int control, int code) {
        Reply reply = sense(control, code, 0, 0, 0xffff).good();
        assertEquals(0x80 | code, reply.u8(0), "DS, and the page code");
        assertEquals(reply.transferBytes() - 4, reply.u16(2));
        Map<Integer, byte[]> parameters = new LinkedHashMap<>();
        for (int at = 4; at < reply.data().length; ) {
            int end = at + 4 + reply.u8(at + 3);
            parameters.put(reply.u16(at), Arrays.copyOfRange(reply.data(), at + 4, end));
            at = end;
        }
        return parameters;
    }

    private long counter(int page, int parameter, int index) {
        return ByteBuffer.wrap(page(CUMULATIVE, page).get(parameter)).getLong(8 * index);
    }

    private static byte[] select(int flags, int control, int page, int listBytes) {
        byte[] cdb = new byte[10];
        ByteBuffer.wrap(cdb)
                .put(0, (byte) 0x4c)
                .put(1, (byte) flags)
                .put(2, (byte) (control << 6 | page))
                .putShort(7, (short) listBytes);
        return cdb;
    }

    // ---- which pages there are ----

    @Test
    void everyListedPageIsThere() {
        Reply list = sense(CUMULATIVE, 0, 0, 0, 0xffff).good();
        int[] codes = unit.logPages().all().stream().mapToInt(LogPage::code).toArray();
        assertEquals(codes.length, list.u16(2));
        for (int i = 0; i < codes.length; i++) {
            assertEquals(codes[i], list.u8(4 + i));
            sense(CUMULATIVE, codes[i], 0, 0, 0xffff).good();
        }
    }

    @Test
    void subpageListsNameWhatThereIs() {
        Reply all = sense(CUMULATIVE, 0, 0xff, 0, 0xffff).good();
        assertEquals("c0 ff", all.hex().substring(0, 5));
        for (int at = 4; at < all.data().length; at += 2) {
            sense(CUMULATIVE, all.u8(at), all.u8(at + 1), 0, 0xffff).good();
        }
        assertEquals("c2 ff 00 04 02 00 02 ff", sense(0, 2, 0xff, 0, 255).good().hex());
    }

    @Test
    void whatIsNotThereIsRefusedAtItsPlace() {
        sense(CUMULATIVE, 0x3e, 0, 0, 255).invalidCdb(2);
        sense(CUMULATIVE, 0x3e, 0xff, 0, 255).invalidCdb(2);
        sense(CUMULATIVE, 0x02, 1, 0, 255).invalidCdb(3);
        sense(CUMULATIVE, 0x02, 0, 7, 255).invalidCdb(5);
        sense(CUMULATIVE, 0x02, 0xff, 1, 255).invalidCdb(5);
        sense(0, 0x02, 0, 0, 255).invalidCdb(2);
        sense(2, 0x02, 0, 0, 255).invalidCdb(2);
        initiator.in(Cdb.of("4d 01 42 00 00 0000 00ff 00"), 255).invalidCdb(1);
        initiator.in(Cdb.of("4d 02 42 00 00 0000 00ff 00"), 255).invalidCdb(1);
    }

    @Test
    void theParameterPointerLeavesOutWhatComesBefore() {
        Reply reply = sense(CUMULATIVE, 0x02, 0, 4, 255).good();
        assertEquals(5, reply.u16(4), "the first code from 4 on");
        assertEquals(24, reply.u16(2));
    }

    @Test
    void anAllocationLengthCutsTheDataAndNotTheLengthField() {
        Reply reply = sense(CUMULATIVE, 0x02, 0, 0, 9).good();
        assertEquals(9, reply.transferBytes());
        assertEquals(36, reply.u16(2));
        assertEquals(0, sense(CUMULATIVE, 0x02, 0, 0, 0).good().transferBytes());
    }

    // ---- what they count ----

    @Test
    void readsAndWritesAreCountedWithTheirBlocks() {
        initiator.out(Cdb.write(0, 3), new byte[3 * 512]).good();
        initiator.in(Cdb.read(0, 2), 1024).good();
        initiator.in(Cdb.read(6, 0, 5, 0), 5 * 512).good();
        initiator
                .in(Cdb.read(1024, 1), 512)
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_BLOCK_ADDRESS_OUT_OF_RANGE);
        initiator.none(Cdb.verify(10, 0, 9, 0)).good();
        assertEquals(2, counter(PERFORMANCE, 1, 0), "reads");
        assertEquals(1, counter(PERFORMANCE, 1, 1), "writes");
        assertEquals(3, counter(PERFORMANCE, 1, 2), "blocks received");
        assertEquals(7, counter(PERFORMANCE, 1, 3), "blocks transmitted");
        assertEquals(3, counter(PERFORMANCE, 1, 6), "reads and writes");
        assertEquals(3 * 512, counter(0x02, 5, 0));
        assertEquals(7 * 512, counter(0x03, 5, 0));
        assertEquals(9 * 512, counter(0x05, 5, 0));
    }

    @Test
    void whatWritesAtomicallyIsCountedToo() {
        initiator.out(Cdb.ranged(0x9c, 16, 8, 8, 0), new byte[8 * 512]).good();
        initiator.out(Cdb.ranged(0x89, 16, 8, 2, 0), new byte[4 * 512]).good();
        assertEquals(2, counter(PERFORMANCE, 1, 1), "writes");
        assertEquals(10, counter(PERFORMANCE, 1, 2), "blocks received");
    }

    @Test
    void whatTheMediumCouldNotDoIsAnUncorrectedError() {
        store.failWith(StoreStatus.READ_FAILED, 0);
        initiator.in(Cdb.read(0, 2), 1024).check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        initiator.none(Cdb.verify(10, 0, 9, 0)).check(SenseKey.MEDIUM_ERROR, AdditionalSense.UNRECOVERED_READ_ERROR);
        store.failWith(StoreStatus.NO_SPACE, 0);
        initiator
                .out(Cdb.write(0, 1), new byte[512])
                .check(SenseKey.DATA_PROTECT, AdditionalSense.SPACE_ALLOCATION_FAILED_WRITE_PROTECT);
        assertEquals(1, counter(0x03, 6, 0));
        assertEquals(1, counter(0x05, 6, 0));
        assertEquals(0, counter(0x02, 6, 0));
        assertEquals(0, counter(0x03, 5, 0), "bytes");
    }

    @Test
    void theTimeThatCommandsTakeIsCounted() throws InterruptedException {
        store.hold();
        Initiator.Pending pending = initiator.startIn(Cdb.read(0, 1), 512);
        Thread.sleep(20);
        store.release();
        pending.reply().good();
        assertTrue(counter(PERFORMANCE, 1, 4) >= 20, "milliseconds of reads");
        assertEquals(0, counter(PERFORMANCE, 1, 5), "of writes");
        assertArrayEquals(
                Cdb.of("00000003 00000001"), page(CUMULATIVE, PERFORMANCE).get(3), "1 times 10^-3 s");
    }

    @Test
    void defaultsAreZeroAndListsAreTheSameWhateverIsAskedFor() {
        initiator.in(Cdb.read(0, 2), 1024).good();
        assertArrayEquals(new byte[64], page(DEFAULTS, PERFORMANCE).get(1));
        for (int control = 0; control < 4; control++) {
            assertArrayEquals(Cdb.of("0000ff00"), page(control, 0x2f).get(0), "no exception, no temperature");
        }
    }

    // ---- LOG SELECT ----

    @Test
    void aResetIsToldToTheOthers() {
        initiator.in(Cdb.read(0, 2), 1024).good();
        initiator.none(select(0x02, 0, 0, 0)).good();
        assertEquals(0, counter(PERFORMANCE, 1, 0));
        assertEquals(0, counter(0x03, 5, 0));
        initiator.none(Cdb.testUnitReady()).good();
        other.none(Cdb.testUnitReady()).attention(AdditionalSense.LOG_PARAMETERS_CHANGED);
        other.none(Cdb.testUnitReady()).good();
        initiator.in(Cdb.read(0, 1), 512).good();
        assertEquals(1, counter(PERFORMANCE, 1, 0));
    }

    @Test
    void onePageCanBeResetAlone() {
        initiator.in(Cdb.read(0, 2), 1024).good();
        initiator.none(select(0x02, 0, 0x03, 0)).good();
        assertEquals(0, counter(0x03, 5, 0));
        assertEquals(1, counter(PERFORMANCE, 1, 0));
        initiator.none(select(0, DEFAULTS, PERFORMANCE, 0)).good();
        assertEquals(0, counter(PERFORMANCE, 1, 0));
        initiator.none(select(0x02, 0, 0x3e, 0)).invalidCdb(2);
    }

    @Test
    void nothingIsChangedWhereNothingIsSaid() {
        initiator.in(Cdb.read(0, 2), 1024).good();
        initiator.none(select(0, CUMULATIVE, 0, 0)).good();
        initiator.out(select(0, CUMULATIVE, 0, 4), Cdb.of("03000000")).good();
        assertEquals(1, counter(PERFORMANCE, 1, 0));
        other.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aValueCannotBeSet() {
        byte[] list = Cdb.of("0300000c 0006 00 08 0000000000000001");
        initiator.out(select(0, CUMULATIVE, 0, list.length), list).invalidParameter(4);
        initiator.out(select(0x02, 0, 0, list.length), list).invalidCdb(1);
        initiator.out(select(0, 0, 0x03, list.length), list).invalidCdb(2);
        initiator.out(select(0, 0, 0, 4), Cdb.of("3e000000")).invalidParameter(0);
        initiator.out(select(0, 0, 0, 4), Cdb.of("00000000")).invalidParameter(0);
        initiator.none(select(0x03, 0, 0, 0)).invalidCdb(1);
        for (String shorter : new String[] {"030000", "03000004 00"}) {
            byte[] bytes = Cdb.of(shorter);
            initiator
                    .out(select(0, CUMULATIVE, 0, bytes.length), bytes)
                    .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        initiator
                .out(select(0, CUMULATIVE, 0, 8), new byte[4])
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
    }
}
