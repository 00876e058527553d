package org.lunette.bridge.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RegionBufferTest {
    @Test
    void bufferAndAddressAreTheSameMemory() {
        try (Region region = Region.allocate("test", 8192)) {
            ByteBuffer buffer = region.asByteBuffer();
            assertTrue(buffer.isDirect());
            assertEquals(8192, buffer.capacity());

            Memory.putByte(region.address() + 8191, (byte) 0x5a);
            assertEquals(0x5a, buffer.get(8191));

            buffer.putInt(4096, 0x01020304);
            assertEquals(1, Memory.getByte(region.address() + 4096));
            assertEquals(4, Memory.getByte(region.address() + 4099));
        }
    }
}
