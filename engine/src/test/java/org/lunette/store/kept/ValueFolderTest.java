package org.lunette.store.kept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreException;
import org.lunette.store.StoreStatus;

class ValueFolderTest {
    @TempDir
    Path temporary;

    private Path folder() {
        return temporary.resolve("state").resolve("disk0");
    }

    private ValueFolder open() throws StoreException {
        return ValueFolder.open(folder(), Runnable::run);
    }

    private static StoreStatus save(KeptValues values, String name, byte... value) {
        List<StoreStatus> ended = new ArrayList<>();
        values.save(name, value, (status, errorOffset) -> ended.add(status));
        assertEquals(1, ended.size());
        return ended.get(0);
    }

    @Test
    void whatWasSavedIsThereAfterARestart() throws Exception {
        try (ValueFolder values = open()) {
            assertNull(values.load("a"));
            assertEquals(StoreStatus.OK, save(values, "a", (byte) 1));
            assertEquals(StoreStatus.OK, save(values, "a", (byte) 2, (byte) 3));
            assertEquals(StoreStatus.OK, save(values, "b"));
            assertArrayEquals(new byte[] {2, 3}, values.load("a"));
        }
        try (ValueFolder values = open()) {
            assertArrayEquals(new byte[] {2, 3}, values.load("a"));
            assertArrayEquals(new byte[0], values.load("b"));
            assertTrue(values.keeps());
        }
    }

    @Test
    void everyDamageIsFoundAndTheFileNamed() throws Exception {
        Path file;
        try (ValueFolder values = open()) {
            save(values, "mode-pages", new byte[20]);
            file = Path.of(values.place("mode-pages"));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            assertRefused(file, flipped);
            assertRefused(file, java.util.Arrays.copyOf(whole, at));
        }
        assertRefused(file, java.util.Arrays.copyOf(whole, whole.length + 1));
        assertRefused(file, new byte[KeptValues.MAX_BYTES + 1000]);
        Files.write(file, whole);
        open().close();
    }

    private void assertRefused(Path file, byte[] content) throws Exception {
        Files.write(file, content);
        StoreException refused = assertThrows(StoreException.class, this::open);
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    @Test
    void aSaveThatACrashCutOffDoesNoHarm() throws Exception {
        try (ValueFolder values = open()) {
            save(values, "a", (byte) 1);
        }
        Files.write(folder().resolve("a.kept.part"), new byte[] {1, 2, 3});
        try (ValueFolder values = open()) {
            assertArrayEquals(new byte[] {1}, values.load("a"));
            assertEquals(StoreStatus.OK, save(values, "a", (byte) 5));
        }
    }

    @Test
    void whatCannotBeWrittenIsNotTaken() throws Exception {
        try (ValueFolder values = open()) {
            save(values, "a", (byte) 1);
            Files.createDirectory(folder().resolve("a.kept.part"));
            assertEquals(StoreStatus.WRITE_FAILED, save(values, "a", (byte) 2));
            assertArrayEquals(new byte[] {1}, values.load("a"));
        }
    }

    @Test
    void aFolderIsForOneAtATime() throws Exception {
        try (ValueFolder values = open()) {
            StoreException refused = assertThrows(StoreException.class, this::open);
            assertTrue(refused.getMessage().contains(folder() + " is in use"), refused.getMessage());
            assertNull(values.load("a"));
        }
        open().close();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Files.write(temporary.resolve("state"), new byte[1]);
        StoreException refused = assertThrows(StoreException.class, this::open);
        assertTrue(refused.getMessage().contains(folder().toString()), refused.getMessage());
    }

    @Test
    void namesAndLengthsAreChecked() throws Exception {
        try (ValueFolder values = open()) {
            for (String wrong : new String[] {"", "../a", "A", "a.b"}) {
                assertThrows(IllegalArgumentException.class, () -> save(values, wrong), wrong);
            }
            byte[] tooLong = new byte[KeptValues.MAX_BYTES + 1];
            assertThrows(IllegalArgumentException.class, () -> save(values, "a", tooLong));
        }
    }

    @Test
    void aSaveEndsWhateverGoesWrong() throws Exception {
        FileSystem files = FileSystems.newFileSystem(temporary.resolve("files.zip"), Map.of("create", "true"));
        ValueFolder values = ValueFolder.open(files.getPath("/"), Runnable::run);
        files.close(); // what is tried there now throws no IOException
        assertEquals(StoreStatus.WRITE_FAILED, save(values, "a", (byte) 1));
        assertNull(values.load("a"));
    }
}
