package org.lunette.scsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lunette.command.AdditionalSense;
import org.lunette.command.SenseKey;
import org.lunette.command.TaskManagement;
import org.lunette.scsi.unit.LogicalUnit;

/** MODE SENSE and MODE SELECT, and what the pages change; SPC-5. */
public class ModePagesTest {
    private static final int CURRENT = 0;
    private static final int CHANGEABLE = 1;
    private static final int DEFAULT = 2;
    private static final int SAVED = 3;
    private static final int DBD = 0x08;
    private static final int LLBAA = 0x10;

    private static final String CONTROL = "0a0a 00 10 00 40 00 00 ffff 0000";
    private static final String CACHING_ON = "0812 04 0000000000000000000000000000000000";
    private static final String CACHING_OFF = "0812 00 0000000000000000000000000000000000";

    private final FakeStore store = FakeStore.ofBlocks(1024);
    private final LogicalUnit unit = LogicalUnit.builder("disk0", store).build();
    private final Initiator initiator = Initiator.ready(unit, "a");
    private final Initiator other = Initiator.ready(unit, "b");

    private Reply sense(int cdbBytes, int flags, int control, int page, int subpage) {
        return initiator.in(Cdb.modeSense(cdbBytes, flags, control, page, subpage, 255), 255);
    }

    /** The pages in MODE SENSE data without a block descriptor, by code; a subpage by 100h times its code more. */
    private Map<Integer, byte[]> pages(int control, int page, int subpage) {
        Reply reply = sense(6, DBD, control, page, subpage).good();
        Map<Integer, byte[]> pages = new LinkedHashMap<>();
        for (int at = 4; at < reply.data().length; ) {
            boolean isSubpage = (reply.u8(at) & 0x40) != 0;
            int length = isSubpage ? 4 + reply.u16(at + 2) : 2 + reply.u8(at + 1);
            pages.put(
                    reply.u8(at) & 0x3f | (isSubpage ? reply.u8(at + 1) << 8 : 0),
                    Arrays.copyOfRange(reply.data(), at, at + length));
            at += length;
        }
        return pages;
    }

    private Reply select(int cdbBytes, String hex) {
        byte[] list = Cdb.of(hex);
        return initiator.out(Cdb.modeSelect(cdbBytes, list.length), list);
    }

    // ---- MODE SENSE ----

    @Test
    void theHeaderAndTheBlockDescriptorDescribeTheMedium() {
        Reply six = sense(6, 0, CURRENT, 0x0a, 0).good();
        assertEquals(six.transferBytes() - 1, six.u8(0));
        assertEquals(0x10, six.u8(2), "DPOFUA, and no write protection");
        assertEquals(8, six.u8(3));
        assertEquals(1024, six.u32(4));
        assertEquals(512, six.u32(8) & 0xff_ffff);
        assertEquals(0x0a, six.u8(12));
        assertEquals(0x40, six.u8(17), "TAS");

        Reply ten = sense(10, 0, CURRENT, 0x0a, 0).good();
        assertEquals(ten.transferBytes() - 2, ten.u16(0));
        assertEquals(0x10, ten.u8(3));
        assertEquals(0, ten.u8(4), "LONGLBA");
        assertEquals(8, ten.u16(6));
        assertEquals(0x0a, ten.u8(16));
    }

    @Test
    void aLongDescriptorComesWhereItIsAccepted() {
        Reply reply = sense(10, LLBAA, CURRENT, 0x0a, 0).good();
        assertEquals(1, reply.u8(4));
        assertEquals(16, reply.u16(6));
        assertEquals(1024, reply.u64(8));
        assertEquals(512, reply.u32(20));
        assertEquals(0x0a, reply.u8(24));
    }

    @Test
    void dbdLeavesTheDescriptorOut() {
        assertEquals(0, sense(6, DBD, CURRENT, 0x0a, 0).good().u8(3));
        assertEquals(0x0a, sense(6, DBD, CURRENT, 0x0a, 0).good().u8(4));
        assertEquals(0, sense(10, DBD | LLBAA, CURRENT, 0x0a, 0).good().u16(6));
        assertEquals(0, sense(10, DBD | LLBAA, CURRENT, 0x0a, 0).good().u8(4));
    }

    @Test
    void allPagesAreThoseThatThereAreOneByOne() {
        for (int control : new int[] {CURRENT, CHANGEABLE, DEFAULT}) {
            Map<Integer, byte[]> all = pages(control, 0x3f, 0);
            assertEquals(List.of(0x01, 0x02, 0x07, 0x08, 0x0a, 0x1a, 0x1c), List.copyOf(all.keySet()));
            all.forEach((code, bytes) ->
                    assertArrayEquals(bytes, pages(control, code, 0).get(code)));
            List<Integer> withSubpages = List.of(0x01, 0x02, 0x07, 0x08, 0x0a, 0x10a, 0x1a, 0x1c);
            assertEquals(withSubpages, List.copyOf(pages(control, 0x3f, 0xff).keySet()));
            assertEquals(
                    List.of(0x0a, 0x10a), List.copyOf(pages(control, 0x0a, 0xff).keySet()));
        }
    }

    @Test
    void aPageSaysWhatTheUnitDoes() {
        assertArrayEquals(Cdb.of(CACHING_ON), pages(CURRENT, 0x08, 0).get(0x08), "a volatile cache: WCE");
        assertArrayEquals(Cdb.of(CONTROL), pages(CURRENT, 0x0a, 0).get(0x0a), "unrestricted reordering");
        assertArrayEquals(
                Cdb.of("010a 00000000000000000000"), pages(CURRENT, 0x01, 0).get(0x01));
        assertArrayEquals(
                Cdb.of("1c0a 08 00 00000000 00000000"), pages(CURRENT, 0x1c, 0).get(0x1c), "DEXCPT");
        assertArrayEquals(
                Cdb.of("0812 04" + "00".repeat(17)), pages(CHANGEABLE, 0x08, 0).get(0x08));
        assertArrayEquals(
                Cdb.of("0a0a 24 16 38 40 00 00 0000 0000"),
                pages(CHANGEABLE, 0x0a, 0).get(0x0a));
        assertArrayEquals(
                Cdb.of("010a" + "00".repeat(10)), pages(CHANGEABLE, 0x01, 0).get(0x01));
    }

    @Test
    void aStoreWithoutACacheHasWceZeroAndUnchangeable() {
        FakeStore durable = new FakeStore(4096, FakeStore.properties(false, false));
        Initiator one = Initiator.ready(LogicalUnit.builder("d", durable).build(), "c");
        assertEquals(
                0, one.in(Cdb.modeSense(6, DBD, CURRENT, 8, 0, 255), 255).good().u8(6));
        assertEquals(
                0,
                one.in(Cdb.modeSense(6, DBD, CHANGEABLE, 8, 0, 255), 255).good().u8(6));
        byte[] list = Cdb.of("00000000" + CACHING_ON);
        one.out(Cdb.modeSelect(6, list.length), list).invalidParameter(6);
    }

    @Test
    void whatIsNotThereIsRefused() {
        sense(6, 0, CURRENT, 0x03, 0).invalidCdb(2);
        sense(10, 0, CURRENT, 0x0a, 2).invalidCdb(2);
        sense(6, 0, CURRENT, 0x3f, 1).invalidCdb(3);
        sense(6, 0, SAVED, 0x0a, 0).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.SAVING_PARAMETERS_NOT_SUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 12, 23, 24, 255})
    void anAllocationLengthCutsTheDataAndNotTheLengthField(int length) {
        Reply reply =
                initiator.in(Cdb.modeSense(6, 0, CURRENT, 0x0a, 0, length), 255).good();
        assertEquals(Math.min(24, length), reply.transferBytes());
        if (length > 0) {
            assertEquals(23, reply.u8(0));
        }
        assertEquals(
                Math.min(28, length),
                initiator
                        .in(Cdb.modeSense(10, 0, CURRENT, 0x0a, 0, length), 255)
                        .good()
                        .transferBytes());
    }

    // ---- MODE SELECT ----

    @Test
    void dSenseChangesTheFormatOfSenseData() {
        select(6, "00000000 0a0a 04 10 00 40 00 00 ffff 0000").good();
        Reply reply = initiator.in(Cdb.of("28 20 00000000 00 0001 00"), 512);
        assertEquals(0x72, reply.sense()[0]);
        reply.invalidCdb(1);
        initiator.in(Cdb.vpd(0x99, 255), 255).invalidCdb(2);
        other.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        select(10, "0000000000000000" + CONTROL).good();
        assertEquals(
                0x70, initiator.in(Cdb.of("28 20 00000000 00 0001 00"), 512).sense()[0]);
    }

    @Test
    void swpForbidsWritesUntilItIsCleared() {
        select(6, "00000000 0a0a 00 10 08 40 00 00 ffff 0000").good();
        assertEquals(0x90, sense(6, 0, CURRENT, 0x0a, 0).good().u8(2), "WP");
        initiator.out(Cdb.write(0, 1), new byte[512]).check(SenseKey.DATA_PROTECT, AdditionalSense.WRITE_PROTECTED);
        initiator.in(Cdb.read(0, 1), 512).good();
        select(6, "00000000" + CONTROL).good();
        initiator.out(Cdb.write(0, 1), new byte[512]).good();
    }

    @Test
    void everyOtherNexusIsToldOnceOfAChange() {
        Initiator third = Initiator.ready(unit, "c");
        select(6, "00000000" + CACHING_OFF).good();
        initiator.none(Cdb.testUnitReady()).good();
        for (Initiator one : List.of(other, third)) {
            one.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
            one.none(Cdb.testUnitReady()).good();
        }
        select(6, "00000000" + CACHING_OFF).good();
        other.none(Cdb.testUnitReady()).good(); // nothing has changed
    }

    @Test
    void switchingTheCacheOffMakesWhatWasAndWhatComesDurable() {
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) 3);
        initiator.out(Cdb.write(0, 1), data).good();
        select(6, "00000000" + CACHING_OFF).good();
        initiator.out(Cdb.write(1, 1), data).good();
        store.losePower();
        assertArrayEquals(data, initiator.in(Cdb.read(0, 1), 512).good().data());
        assertArrayEquals(data, initiator.in(Cdb.read(1, 1), 512).good().data());
        select(6, "00000000" + CACHING_ON).good();
        initiator.out(Cdb.write(2, 1), data).good();
        store.losePower();
        assertArrayEquals(
                new byte[512], initiator.in(Cdb.read(2, 1), 512).good().data());
    }

    @Test
    void swpBringsWhatWasWrittenToTheMediumFirst() {
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) 3);
        initiator.out(Cdb.write(0, 1), data).good();
        select(6, "00000000 0a0a 00 10 08 40 00 00 ffff 0000").good();
        store.losePower();
        assertArrayEquals(data, initiator.in(Cdb.read(0, 1), 512).good().data());
    }

    @Test
    void severalPagesInOneListAreTakenAllOrNone() {
        String descriptorSense = "0a0a 04 10 00 40 00 00 ffff 0000";
        select(6, "00000000" + CACHING_OFF + descriptorSense).good();
        assertEquals(0, pages(CURRENT, 8, 0).get(8)[2]);
        assertEquals(4, pages(CURRENT, 0x0a, 0).get(0x0a)[2]);
        String wrong = "0a0a 00 10 00 40 01 00 ffff 0000";
        select(10, "0000000000000000" + CACHING_ON + wrong).invalidParameter(8 + 20 + 6);
        assertEquals(0, pages(CURRENT, 8, 0).get(8)[2], "the first page was not taken either");
    }

    @Test
    void aBlockDescriptorMustLeaveTheMediumAsItIs() {
        select(6, "00000008 00000400 00000200" + CACHING_OFF).good();
        select(6, "00000008 00000000 00000200" + CACHING_ON).good();
        select(6, "00000008 ffffffff 00000200" + CACHING_OFF).good();
        select(6, "00000008 00000401 00000200" + CACHING_ON).invalidParameter(4);
        select(6, "00000008 00000400 00001000" + CACHING_ON).invalidParameter(4);
        select(10, "00000000 01 00 0010 0000000000000400 00000000 00000200" + CACHING_ON)
                .good();
        select(10, "00000000 01 00 0010 0000000000000401 00000000 00000200" + CACHING_ON)
                .invalidParameter(8);
        select(10, "00000000 00 00 0010 0000000000000400 00000000 00000200" + CACHING_ON)
                .invalidParameter(6);
        select(6, "00000007 00000400 000002" + CACHING_ON).invalidParameter(3);
    }

    @Test
    void whatCannotBeSetIsRefusedAtItsPlace() {
        select(6, "00000000 0a0a 00 20 00 40 00 00 ffff 0000").invalidParameter(4 + 3);
        select(6, "00000000 0a0a 00 14 00 40 00 00 ffff 0000").invalidParameter(4 + 3); // QERR 10b
        select(6, "00000000 0a0b 00 10 00 00 00 00 ffff 000000").invalidParameter(4 + 1);
        select(6, "00000000 030a" + "00".repeat(10)).invalidParameter(4);
        select(6, "00000000 4a02 0008" + "00".repeat(8)).invalidParameter(4);
        select(6, "00000000 1c0a 00" + "00".repeat(9)).invalidParameter(4 + 2);
        assertArrayEquals(Cdb.of(CONTROL), pages(CURRENT, 0x0a, 0).get(0x0a));
        other.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aListThatEndsTooEarlyIsAParameterListLengthError() {
        for (String list : new String[] {"000000", "00000000 0a", "00000000 0a0a 00 10", "00000008 00000400"}) {
            select(6, list).check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        }
        byte[] list = Cdb.of("00000000" + CONTROL);
        initiator
                .out(Cdb.modeSelect(6, list.length), Arrays.copyOf(list, 10))
                .check(SenseKey.ILLEGAL_REQUEST, AdditionalSense.PARAMETER_LIST_LENGTH_ERROR);
        select(6, "").good();
        select(6, "00000000").good();
    }

    @Test
    void revertingToTheDefaultsIsAChangeLikeOthers() {
        select(6, "00000000" + CACHING_OFF).good();
        other.takeAttentions();
        initiator.none(Cdb.of("15 02 00 00 00 00")).good();
        assertEquals(4, pages(CURRENT, 8, 0).get(8)[2]);
        other.none(Cdb.testUnitReady()).attention(AdditionalSense.MODE_PARAMETERS_CHANGED);
        initiator.none(Cdb.of("55 02 00 00 00 00 00 0000 00")).good();
        other.none(Cdb.testUnitReady()).good(); // nothing has changed
        initiator.out(Cdb.of("55 02 00 00 00 00 00 0008 00"), new byte[8]).invalidCdb(7);
    }

    @Test
    void savingAndPagesInVendorFormatAreRefused() {
        byte[] list = Cdb.of("00000000" + CONTROL);
        byte[] save = Cdb.modeSelect(6, list.length);
        save[1] = 0x11;
        initiator.out(save, list).invalidCdb(1);
        save[1] = 0;
        initiator.out(save, list).invalidCdb(1);
    }

    @Test
    void thePsBitOfAnEchoedPageIsIgnored() {
        select(6, "00000000 8a0a 04 10 00 40 00 00 ffff 0000").good();
        assertEquals(0x0a, pages(CURRENT, 0x0a, 0).get(0x0a)[0]);
    }

    @Test
    void aResetBringsTheDefaultsBack() {
        select(6, "00000000" + CACHING_OFF + "0a0a 04 10 08 40 00 00 ffff 0000").good();
        initiator.manage(TaskManagement.Function.LOGICAL_UNIT_RESET);
        assertTrue(initiator.takeAttentions() > 0);
        assertArrayEquals(Cdb.of(CONTROL), pages(CURRENT, 0x0a, 0).get(0x0a));
        assertArrayEquals(Cdb.of(CACHING_ON), pages(CURRENT, 0x08, 0).get(0x08));
        initiator.out(Cdb.write(0, 1), new byte[512]).good();
    }
}
