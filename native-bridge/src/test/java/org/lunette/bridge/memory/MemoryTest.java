package org.lunette.bridge.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private final Region region = Region.allocate("MemoryTest", 8192);
    private final long at = region.address();

    @AfterEach
    void release() {
        region.close();
    }

    private byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return bytes;
    }

    @Test
    void numbersAreInTheMachinesOrderAtAnyAlignment() {
        Memory.putLong(at + 1, 0x0123_4567_89ab_cdefL);
        Memory.putInt(at + 11, 0xdeadbeef);
        Memory.putShort(at + 17, (short) 0xfedc);
        Memory.putByte(at + 19, (byte) 0x80);
        ByteBuffer seen = ByteBuffer.wrap(bytes(at, 20)).order(ByteOrder.nativeOrder());
        assertEquals(0x0123_4567_89ab_cdefL, seen.getLong(1));
        assertEquals(0xdeadbeef, seen.getInt(11));
        assertEquals((short) 0xfedc, seen.getShort(17));
        assertEquals((byte) 0x80, seen.get(19));
        assertEquals(0x0123_4567_89ab_cdefL, Memory.getLong(at + 1));
        assertEquals(0xdeadbeef, Memory.getInt(at + 11));
        assertEquals((short) 0xfedc, Memory.getShort(at + 17));
        assertEquals((byte) 0x80, Memory.getByte(at + 19));
    }

    @Test
    void copiesPartsOfArraysBothWays() {
        byte[] from = {1, 2, 3, 4, 5};
        Memory.copy(from, 1, at, 3);
        byte[] to = new byte[6];
        Memory.copy(at, to, 2, 3);
        assertArrayEquals(new byte[] {0, 0, 2, 3, 4, 0}, to);
    }

    @Test
    void aRangeBeyondTheArrayIsRefusedBeforeAnythingIsCopied() {
        byte[] array = new byte[4];
        assertThrows(IndexOutOfBoundsException.class, () -> Memory.copy(at, array, 1, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> Memory.copy(at, array, -1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> Memory.copy(array, 2, at, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> Memory.copy(array, 0, at, -1));
    }

    @Test
    void copiesAndFillsOffHeap() {
        Memory.fill(at, 100, (byte) 7);
        Memory.copy(at + 50, at + 4001, 51);
        assertEquals(7, Memory.getByte(at + 4050));
        assertEquals(0, Memory.getByte(at + 4051), "one byte beyond what was filled");
        assertEquals(0, Memory.getByte(at + 4052));
    }

    @Test
    void pagesAreRoundedUp() {
        long page = Memory.pageBytes();
        assertEquals(0, Memory.roundUpToPages(0));
        assertEquals(page, Memory.roundUpToPages(1));
        assertEquals(page, Memory.roundUpToPages(page));
        assertEquals((5L << 30) + page, Memory.roundUpToPages((5L << 30) + 1));
    }
}
