package org.lunette.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users write of filters is taken as they meant it, or refused. */
class FilterSpecTest {
    @Test
    void aSizeMayBeAsLargeAsALongIs() throws FilterException {
        assertEquals(
                8589934591L << 30, FilterSpec.parse("rate,bytes=8589934591G").sizeBytes("bytes", 0));
        assertEquals(
                999_999_999_999L, FilterSpec.parse("rate,bytes=999999999999").sizeBytes("bytes", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8589934592G", "17179869184G", "17179869185G", "999999999999G"})
    void aSizeBeyondThatIsRefusedAndNotAnother(String size) throws FilterException {
        FilterSpec spec = FilterSpec.parse("rate,bytes=" + size);
        FilterException refused = assertThrows(FilterException.class, () -> spec.sizeBytes("bytes", 0));
        assertTrue(refused.getMessage().contains("bytes=" + size), refused.getMessage());
    }
}
