package org.lunette.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoresTest {
    @Test
    void opensByKind() throws StoreException {
        try (Store store = Stores.open("ram:1M")) {
            assertEquals("ram", store.properties().kind());
            assertEquals(1 << 20, store.sizeBytes());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tape:1G | no store of kind 'tape'; there are block, file, mirror, null, pattern, ram",
                "RAM:1G | no store of kind 'RAM'",
                "1G | has the form KIND:",
                "ram: | '' is not a size",
                "ram:0 | multiple of 512 bytes and not 0",
                "ram:1000 | multiple of 512 bytes and not 0, not 1000",
                "ram:1G,encrypted=yes | takes no value",
                "ram:65T | can have 64 TiB at most",
                "ram:8E | more than a store can have",
                "ram:1G,direct | takes encrypted, not 'direct'",
                "null:1G,x=1 | takes no options, not 'x'",
                "null:-5 | is not a size",
                "pattern:1G,seed=x | 'seed=x' is no whole number",
                "mirror:ram:1G | a mirror is of two stores",
                "mirror:ram:1G,with=ram:2G | the two differ in size, 1073741824 and 2147483648",
            })
    void refusalsNameTheStoreAndWhatIsWrong(String text, String message) {
        StoreException refused = assertThrows(StoreException.class, () -> Stores.open(text));
        assertTrue(refused.getMessage().startsWith("'" + text + "'"), refused.getMessage());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void helpHasALineForEachKind() {
        List<String> usage = Stores.usage();
        assertEquals(6, usage.size());
        assertTrue(usage.get(1).startsWith("file:PATH[,size=SIZE]"), usage.get(1));
        usage.forEach(line -> assertTrue(line.length() < 100, line));
    }
}
