package org.lunette.filter.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.filter.FilterContract;
import org.lunette.filter.FilterException;
import org.lunette.filter.FilteredUnit;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.Initiator;

/** Each command is a line. */
public class TraceFilterTest extends FilterContract {
    private static final int BLOCK = 512;

    @Override
    protected String active() {
        return "trace,file=" + folder.resolve("trace");
    }

    @Override
    protected String idle() {
        return active();
    }

    @Override
    protected String wrongOption() {
        return "file=/no/such/folder/trace";
    }

    @TempDir
    Path folder;

    @Test
    void aNameThatNoFileHasIsRefused() {
        try (FilteredUnit filtered = new FilteredUnit(active())) {
            FilterException refused =
                    assertThrows(FilterException.class, () -> filtered.filter().set("file=a\0b"));
            assertTrue(refused.getMessage().contains("cannot write"), refused.getMessage());
        }
    }

    @Test
    void aLineTellsWhatACommandWas() throws IOException {
        try (FilteredUnit filtered = new FilteredUnit(active(), "delay,write=20ms")) {
            Initiator initiator = filtered.initiator("a");
            byte[] digits = new byte[BLOCK];
            System.arraycopy("123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, digits, 0, 9);
            Initiator.Pending write = initiator.startOut(Cdb.write(5, 1), digits);
            filtered.timer.advanceMs(20);
            write.reply().good();
            initiator.in(Cdb.read(5, 1), BLOCK).good();
            initiator.in(Cdb.read(FilteredUnit.BLOCKS, 1), BLOCK);
        }
        List<String> lines = Files.readAllLines(folder.resolve("trace"));
        String[] write = lines.get(2).split(" ");
        String[] read = lines.get(3).split(" ");
        assertEquals("20000", write[1]);
        assertEquals("WRITE_16", write[5]);
        assertEquals("8a000000000000000005000000010000", write[6]);
        assertEquals(
                List.of("5", "1", "out", "512", "GOOD", "-"), List.of(write).subList(7, 13));
        assertEquals(write[13], read[13]);
        assertTrue(lines.get(4).contains(" CHECK_CONDITION 05/21/00 -"), lines.get(4));
    }
}
