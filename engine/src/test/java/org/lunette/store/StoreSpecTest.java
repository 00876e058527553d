package org.lunette.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoreSpecTest {
    @Test
    void takesApart() throws StoreException {
        StoreSpec spec = StoreSpec.parse("file:/srv/a\\,b.img,size=4G,direct");
        assertEquals("file", spec.kind());
        assertEquals("/srv/a,b.img", spec.subject());
        assertEquals("4G", spec.options().get("size"));
        assertTrue(spec.has("direct"));
    }

    @Test
    void saysWhatIsWrongAndWhatWouldBeRight() throws StoreException {
        assertMessage("ram:1G", assertThrows(StoreException.class, () -> StoreSpec.parse("1G")));
        assertMessage("twice", assertThrows(StoreException.class, () -> StoreSpec.parse("file:a,direct,direct")));
        StoreSpec spec = StoreSpec.parse("file:a,driect");
        assertMessage(
                "takes direct, size, not 'driect'",
                assertThrows(StoreException.class, () -> spec.allowOptions(Set.of("size", "direct"))));
    }

    @Test
    void sizes() throws StoreException {
        assertEquals(512, ByteSize.parse("512"));
        assertEquals(64L << 20, ByteSize.parse("64m"));
        assertEquals(5L << 30, ByteSize.parse("5GiB"));
        assertEquals(2L << 40, ByteSize.parse("2TB"));
        for (String wrong : List.of("", "G", "-1", "1.5G", "1X", "9E9", "16E", "99999999999999999999")) {
            assertThrows(StoreException.class, () -> ByteSize.parse(wrong), wrong);
        }
    }

    @Test
    void formattedSizesAreExact() {
        assertEquals("1 GiB", ByteSize.format(1L << 30));
        assertEquals("1536 MiB", ByteSize.format(3L << 29));
        assertEquals("513 bytes", ByteSize.format(513));
        assertEquals("0 bytes", ByteSize.format(0));
    }

    private static void assertMessage(String part, Exception exception) {
        assertTrue(exception.getMessage().contains(part), exception.getMessage());
    }
}
